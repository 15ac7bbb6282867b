// The list of the day: find somebody, let them in, let a whole kelurahan in, register who is on no list.

import { field, h, radios, say } from "./dom.js";
import { scanCard } from "./scanner.js";
import { stateOf } from "./visits.js";
import { hour, t, word } from "./words.js";

const MOST_ROWS = 60;

export function drawList(page) {
  const { main, view } = page;
  const search = h("input.form-control", { type: "search", value: view.query, placeholder: t("Nama, kode, telepon, atau NIK"), "aria-label": t("Cari"), autocomplete: "off", oninput: () => find(search.value) });
  const rows = h("ul.day-list");
  const chips = h("div.day-chips");
  main.replaceChildren(
    h("h1.visually-hidden", {}, t("Daftar hari ini")),
    h("div.day-search", {}, search, h("button.btn.btn-outline-primary", { type: "button", onclick: () => scanCard(page, found) }, t("Pindai")), h("button.btn.btn-primary", { type: "button", onclick: () => drawWalkIn(page, search.value) }, t("Tanpa janji"))),
    chips, rows);
  let prints = null;
  page.onFreshen = draw;
  find(view.query);

  // NIK and telephone are on the device as fingerprints only: what is typed is compared with them.
  async function find(text) {
    view.query = text;
    prints = await fingerprints(page.device.vault, text);
    if (view.query === text) draw();
  }

  function found(code) {
    const bare = code.replaceAll("-", "").trim();
    const visit = [...page.visits.values()].find((one) => one.person.code.replaceAll("-", "") === bare);
    if (visit) open(page, visit);
    else {
      view.query = code;
      page.redraw();
      say(t("Kode %(code)s tidak ada di daftar gawai ini. Daftarkan sebagai tanpa janji, atau cari namanya.", { code }), "problem");
    }
  }

  function draw() {
    const all = [...page.visits.values()];
    const matching = all.filter((one) => matches(one, view.query, prints));
    const inside = matching.filter((one) => !view.filter || one.person.kelurahan === view.filter);
    drawChips(all, inside);
    const sorted = inside.sort((a, b) => (a.person.expected_at ?? "~").localeCompare(b.person.expected_at ?? "~"));
    rows.replaceChildren(...sorted.slice(0, MOST_ROWS).map((visit) => row(page, visit)));
    if (sorted.length > MOST_ROWS) rows.append(h("li.day-more", {}, t("%(n)s lagi. Ketik nama untuk menyaring.", { n: sorted.length - MOST_ROWS })));
    if (!sorted.length) rows.append(h("li.day-empty", {}, h("p", {}, t("Tidak ada yang cocok. Siapa pun yang datang boleh dilayani.")), h("button.btn.btn-primary", { type: "button", onclick: () => drawWalkIn(page, view.query) }, t("Daftarkan tanpa janji"))));
  }

  function drawChips(all, inside) {
    const places = [...new Set(all.map((one) => one.person.kelurahan).filter(Boolean))].sort();
    const absent = inside.filter((one) => stateOf(one) === "expected");
    const choose = (place) => () => {
      view.filter = place;
      draw();
    };
    chips.replaceChildren(
      ...["", ...places].map((place) => h("button", { type: "button", "aria-pressed": String(view.filter === place), onclick: choose(place) }, place || t("Semua"), ` ${all.filter((one) => !place || one.person.kelurahan === place).length}`)),
      view.filter && absent.length > 1 && h("button.day-group", { type: "button", onclick: () => letGroupIn(page, absent) }, t("Rombongan %(place)s datang (%(n)s)", { place: view.filter, n: absent.length })));
    if (!chips.lastChild) chips.replaceChildren();
  }
}

async function fingerprints(vault, text) {
  const digits = text.replace(/[\s.+-]/g, "");
  if (!/^[0-9]{8,16}$/.test(digits)) return null;
  const written = [digits, digits.replace(/^0/, "62")];
  return Promise.all(written.map((one) => vault.fingerprint(one)));
}

function matches({ person }, text, prints) {
  if (!text.trim()) return true;
  if (prints && person.find.some((one) => prints.includes(one))) return true;
  const wanted = text.trim().toLowerCase();
  return person.name.toLowerCase().includes(wanted) || (person.code && person.code.replaceAll("-", "").startsWith(wanted.replaceAll("-", "")));
}

function row(page, visit) {
  const { person } = visit;
  const state = stateOf(visit);
  const method = page.device.day.methods.find((one) => one.code === person.method)?.name ?? "";
  return h(`li.day-row.is-${state}`, {},
    h("button.day-who", { type: "button", onclick: () => open(page, visit) },
      h("strong", {}, person.name),
      h("small", {}, [person.expected_at ? hour(person.expected_at) : t("Tanpa janji"), method, person.kelurahan].filter(Boolean).join(" · ")),
      h("span.day-state", {}, visit.token && `${visit.token} · `, word("VisitState", state), visit.problems.length > 0 && ` · ${t("perlu dilihat")}`)),
    state === "expected" && h("button.btn.btn-primary", { type: "button", onclick: () => letIn(page, [visit]), "aria-label": `${t("Datang")}: ${person.name}` }, t("Datang")));
}

function open(page, visit) {
  page.go("person", keyOf(page, visit));
}

function keyOf(page, visit) {
  return [...page.visits].find(([, one]) => one === visit || one.person === visit.person)?.[0];
}

// Numbers are called out instead of names; the letter keeps two devices apart.
export function nextToken(device, ahead = 0) {
  const taken = device.events.filter((one) => one.said.kind === "moved" && one.said.data.stop === "registration" && one.said.session === device.day.session.id).length;
  return `${device.meta.letter}-${String(taken + 1 + ahead).padStart(3, "0")}`;
}

export async function letIn(page, visits) {
  const told = visits.flatMap((visit, index) => [
    { kind: "arrived", person: visit.ref, data: {} },
    { kind: "moved", person: visit.ref, data: { stop: "registration", token: nextToken(page.device, index) } },
  ]);
  await page.record(told, visits.length > 1 ? t("%(n)s orang tercatat datang.", { n: visits.length }) : t("%(name)s tercatat datang.", { name: visits[0].person.name }));
}

async function letGroupIn(page, visits) {
  if (confirm(t("Catat %(n)s orang datang sekarang?", { n: visits.length }))) await letIn(page, visits);
}

// A name and a method are enough; nobody is turned away because a device does not know them.
function drawWalkIn(page, typed) {
  const { main, device } = page;
  const isNumber = /^[0-9+\s-]{6,}$/.test(typed);
  const name = h("input.form-control", { name: "name", required: true, maxLength: 120, value: isNumber ? "" : typed, autocomplete: "off" });
  const kelurahan = h("select.form-select", { name: "kelurahan" }, h("option", { value: "" }, t("Tidak tahu, atau dari luar kota")), device.day.kelurahan.map((one) => h("option", { value: one.code }, one.name)));
  const phone = h("input.form-control", { name: "phone", inputMode: "tel", maxLength: 20, autocomplete: "off" });
  const nik = h("input.form-control", { name: "nik", inputMode: "numeric", pattern: "[0-9 ]{16,20}", maxLength: 20, autocomplete: "off", value: isNumber ? typed : "" });
  const form = h("form.day-form", { onsubmit: submit },
    h("h1", {}, t("Datang tanpa janji")), field(t("Nama"), name),
    radios("method", t("Metode yang diinginkan"), device.day.methods.map((one) => [one.code, one.name])),
    field(t("Kelurahan asal"), kelurahan),
    h("details", { open: isNumber }, h("summary", {}, t("Telepon dan NIK (boleh kosong)")), field(t("Nomor telepon"), phone), field("NIK", nik, t("16 angka. Bila sudah terdaftar, orangnya dikenali dari sini."))),
    h("div.day-actions", {}, h("button.btn.btn-primary", {}, t("Catat datang")), h("button.btn.btn-link", { type: "button", onclick: () => page.go("list") }, t("Batal"))));
  main.replaceChildren(form);
  (name.value ? form.querySelector("[name=method]") : name).focus();

  async function submit(event) {
    event.preventDefault();
    const said = new FormData(form);
    if (!said.get("method")) {
      say(t("Pilih metodenya."), "problem");
      return;
    }
    const place = device.day.kelurahan.find((one) => one.code === said.get("kelurahan"));
    const walkIn = {
      name: said.get("name").trim(), method: said.get("method"), kelurahan: place?.code ?? null, kelurahan_name: place?.name ?? null,
      phone: said.get("phone").trim() || null, nik: said.get("nik").replaceAll(" ", "") || null,
    };
    const token = nextToken(device);
    const ids = await page.record([{ kind: "arrived", person: {}, data: { walk_in: walkIn } }], t("%(name)s tercatat datang.", { name: walkIn.name }));
    if (!ids) return;
    await page.record([{ kind: "moved", person: { arrival: ids[0] }, data: { stop: "registration", token } }]);
    page.go("person", `w${ids[0]}`);
  }
}
