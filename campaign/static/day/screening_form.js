// Part XIV of the card K/IV/KB on the telephone: what is asked, what is seen, and at once which methods that leaves.

import { field, h, radios } from "./dom.js";
import { methodName } from "./person.js";
import { verdicts } from "./screening.js";
import { t, word } from "./words.js";

const ASKED = [
  ["may_be_pregnant", "Hamil atau diduga hamil"], ["is_breastfeeding", "Menyusui"], ["has_jaundice", "Riwayat sakit kuning"],
  ["has_unexplained_bleeding", "Perdarahan pervaginam yang tidak jelas sebabnya"], ["has_long_discharge", "Keputihan yang lama"],
  ["has_tumour", "Tumor payudara, rahim, atau indung telur"], ["injection_not_due", "Suntikan terakhir belum jatuh tempo"],
  ["has_comorbidity", "Penyakit penyerta dalam catatan medis"],
];
const PELVIC = [["has_pelvic_inflammation", "Tanda radang"], ["has_gynaecological_tumour", "Tumor atau keganasan ginekologi"]];
const SURGICAL = [["has_diabetes", "Diabetes"], ["has_clotting_disorder", "Kelainan pembekuan darah"], ["has_orchitis", "Radang orkitis atau epididimitis"]];
const EXAMINED = [["", "Belum diperiksa"], ["no", "Tidak"], ["yes", "Ya"]];

export function drawScreening(page, visit) {
  const { main, device } = page;
  const kind = device.day.methods.find((one) => one.code === visit.person.method)?.kind;
  const yesNo = ([name, label]) => h("label.day-tick", {}, h("input", { type: "checkbox", name }), h("span", {}, t(label)));
  const examined = ([name, label]) => radios(name, t(label), EXAMINED.map(([code, text]) => [code, t(text)]), "");
  const figure = (name, label, attributes) => field(t(label), h("input.form-control", { name, type: "number", ...attributes }));
  const verdict = h("section.day-verdict", { "aria-live": "polite" });
  const form = h("form.day-form", { onsubmit: submit, oninput: judge },
    h("h1", {}, t("Penapisan")), h("p.day-facts", {}, visit.person.name),
    h("fieldset", {}, h("legend", {}, t("Anamnesis: centang yang YA")), ASKED.map(yesNo)),
    h("fieldset", {}, h("legend", {}, t("Pemeriksaan")), h("div.day-pair", {},
      figure("systolic", "Sistolik (mmHg)", { min: 50, max: 300, inputMode: "numeric" }),
      figure("diastolic", "Diastolik (mmHg)", { min: 30, max: 200, inputMode: "numeric" }),
      figure("haemoglobin", "Hb (g/dl)", { min: 2, max: 25, step: 0.1, inputMode: "decimal" }))),
    h("details", { open: [9, 11].includes(kind) }, h("summary", {}, t("Sebelum IUD dan tubektomi: pemeriksaan dalam")), PELVIC.map(examined)),
    h("details", { open: [10, 11].includes(kind) }, h("summary", {}, t("Sebelum vasektomi dan tubektomi")), SURGICAL.map(examined)),
    verdict,
    h("div.day-actions", {}, h("button.btn.btn-primary", {}, t("Simpan keputusan")), h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal"))));
  main.replaceChildren(form);
  judge();
  scrollTo(0, 0);

  function answers() {
    const said = new FormData(form);
    const figures = ["systolic", "diastolic"].map((name) => [name, said.get(name) === "" ? null : Number(said.get(name))]);
    const haemoglobin = said.get("haemoglobin") === "" ? null : Math.round(Number(said.get("haemoglobin")) * 10); // g/l
    const seen = [...PELVIC, ...SURGICAL].map(([name]) => [name, { yes: true, no: false }[said.get(name)] ?? null]);
    return Object.fromEntries([...ASKED.map(([name]) => [name, said.has(name)]), ...figures, ["haemoglobin", haemoglobin], ...seen]);
  }

  function judge() {
    const found = verdicts(device.day.rules, device.day.methods, answers());
    const [may, mayNot] = [true, false].map((wanted) => device.day.methods.filter((one) => (found[one.code] === null) === wanted));
    const wished = found[visit.person.method];
    verdict.replaceChildren(
      h(`p.day-badge.is-${wished ? "stopped" : "eligible"}`, {}, wished
        ? `${methodName(page, visit.person.method)}: ${word("Finding", wished.finding)}. ${word("Advice", wished.advice)}.`
        : t("%(method)s boleh diberikan hari ini.", { method: methodName(page, visit.person.method) })),
      h("p", {}, h("strong", {}, t("Boleh:")), " ", may.map((one) => one.name).join(", ") || "–"),
      mayNot.length > 0 && h("p.day-soft", {}, t("Tidak hari ini:"), " ", mayNot.map((one) => `${one.name} (${word("Finding", found[one.code].finding)})`).join(", ")));
  }

  async function submit(event) {
    event.preventDefault();
    const said = answers();
    const found = verdicts(device.day.rules, device.day.methods, said);
    const allowed = device.day.methods.filter((one) => found[one.code] === null).map((one) => one.code);
    const told = [{ kind: "screened", person: visit.ref, data: { answers: said, allowed, finding: found[visit.person.method]?.finding ?? null } }];
    if (visit.stop === "registration") told.unshift({ kind: "moved", person: visit.ref, data: { stop: "examination", token: visit.token ?? "" } });
    if (await page.record(told, t("Penapisan tersimpan."))) page.redraw();
  }
}
