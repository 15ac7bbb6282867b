// How the visit ends. A service asks for everything that must come before it; every other ending asks for a reason
// where there is a coded one, and going home asks for none.

import { choice, field, h, radios, say } from "./dom.js";
import { drawConsent } from "./consent_form.js";
import { methodName, missing } from "./person.js";
import { drawScreening } from "./screening_form.js";
import { shelf } from "./visits.js";
import { t, word } from "./words.js";

const KINDS = ["served", "deferred", "refused", "referred", "withdrew"];

export function drawOutcome(page, visit) {
  const { main, device } = page;
  const { day } = device;
  const options = day.methods.map((one) => [one.code, one.name]);
  const first = visit.outcome?.method ?? (visit.allowed && !visit.allowed.includes(visit.person.method) ? visit.allowed[0] : visit.person.method);
  const methods = choice("method", options, first);
  methods.className = "form-select";
  const rest = h("div", {});
  const form = h("form.day-form", { onsubmit: submit, onchange: draw },
    h("h1", {}, visit.outcome ? t("Koreksi hasil") : t("Hasil kunjungan")), h("p.day-facts", {}, visit.person.name),
    radios("kind", t("Hasil"), KINDS.map((code) => [code, word("OutcomeKind", code)]), visit.outcome?.kind ?? "served"),
    field(t("Metode"), methods, t("Yang diberikan; bila tidak dilayani, yang diinginkan.")),
    rest,
    h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal")));
  main.replaceChildren(form);
  draw();
  scrollTo(0, 0);

  function draw() {
    const kind = new FormData(form).get("kind");
    rest.replaceChildren(...(kind === "served" ? served() : otherwise(kind)));
  }

  function served() {
    const code = methods.value;
    const lacking = missing(page, visit, code);
    if (lacking.length) return lacking.map((what) => lack(what, code));
    const lots = shelf(device);
    const uses = day.methods.find((one) => one.code === code).uses;
    const able = day.providers.filter((one) => one.gives.includes(code));
    if (!able.length) return [h("p.day-notice", {}, t("Tidak ada petugas yang bersertifikat untuk metode ini di sini. Tunda, atau rujuk."))];
    const provider = choice("provider", able.map((one) => [one.id, one.name]), able.find((one) => one.id === visit.person.provider)?.id);
    provider.className = "form-select";
    return [
      field(t("Petugas yang melayani"), provider),
      ...uses.map(({ item, quantity }) => lotField(lots.filter((lot) => lot.item === item), item, quantity)),
      h("button.btn.btn-primary", {}, t("Simpan: dilayani")),
    ];
  }

  function lotField(own, item, quantity) {
    const usable = own.filter((lot) => lot.quantity >= quantity);
    if (!usable.length) return h("p.day-notice", {}, t("Menurut buku, stok di rak kurang. Pelayanan yang sudah terjadi tetap dicatat."));
    // First expired first: the first of the list.
    const select = choice(`lot-${item}`, usable.map((lot) => [lot.id, `${lot.lot} · ${t("kedaluwarsa %(day)s", { day: lot.expires_on })}`]), usable[0].id);
    select.className = "form-select";
    return field(t("%(item)s, batch", { item: own[0].name }), select);
  }

  function lack(what, code) {
    const name = methodName(page, code);
    if (what === "screening") return h("p.day-notice", {}, t("Penapisan belum diisi."), " ", link(t("Isi penapisan"), () => drawScreening(page, visit)));
    if (what === "not-allowed") return h("p.day-notice", {}, t("Penapisan tidak mengizinkan %(method)s hari ini. Pilih metode lain, tunda, atau rujuk.", { method: name }));
    const text = what === "client" ? t("Klien belum setuju untuk %(method)s.", { method: name }) : t("Pasangan belum setuju untuk %(method)s.", { method: name });
    return h("p.day-notice", {}, text, " ", link(t("Ke persetujuan"), () => drawConsent(page, visit, { method: code, signer: what })));
  }

  function otherwise(kind) {
    const reasons = day.reasons[kind];
    const select = choice("reason", [["", "–"], ...reasons.map((code) => [code, reason(code)])], visit.finding ?? "");
    select.className = "form-select";
    select.required = true;
    const due = h("input.form-control", { type: "date", name: "due_on", min: day.session.held_on });
    return [
      reasons.length > 0 && field(t("Alasan"), select),
      kind === "deferred" && field(t("Datang lagi tanggal (bila sudah disepakati)"), due),
      h("button.btn.btn-primary", {}, t("Simpan hasil")),
    ].filter(Boolean);
  }

  async function submit(event) {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    const person = visit.ref;
    const data = { kind: said.kind, method: methods.value, replaces: visit.outcome?.key ?? null };
    const told = [{ kind: "ended", person, data }];
    if (said.kind === "served") {
      data.provider = Number(said.provider);
      data.lots = Object.entries(said).filter(([name]) => name.startsWith("lot-")).map(([name, id]) => ({ item: Number(name.slice(4)), id: Number(id) }));
      if (visit.stop !== "recovery") told.push({ kind: "moved", person, data: { stop: "recovery", token: visit.token ?? "" } });
    } else {
      if (day.reasons[said.kind].length && !said.reason) {
        say(t("Pilih alasannya."), "problem");
        return;
      }
      data.reason = said.reason || null;
      if (said.due_on) told.push({ kind: "aftercare", person, data: { kind: "next-visit", due_on: said.due_on } });
      told.push({ kind: "moved", person, data: { stop: "home", token: visit.token ?? "" } });
    }
    if (await page.record(told, t("Hasil kunjungan tersimpan."))) page.redraw();
  }
}

function reason(code) {
  const found = word("Finding", code);
  return found === code ? word("Obstacle", code) : found;
}

function link(label, onclick) {
  return h("button.btn.btn-outline-primary", { type: "button", onclick }, label);
}
