// After the service: going home with a day to come again, aid with its own signature, a complication.

import { signaturePad } from "./consent_form.js";
import { choice, field, h, say } from "./dom.js";
import { t, word } from "./words.js";

export function drawDischarge(page, visit) {
  const { main, device } = page;
  const method = device.day.methods.find((one) => one.code === visit.outcome.method);
  const due = h("input.form-control", { type: "date", name: "due_on", required: true, min: device.day.session.held_on, value: later(device.day.session.held_on, method?.next_days ?? 7) });
  const form = h("form.day-form", { onsubmit: submit },
    h("h1", {}, t("Boleh pulang")), h("p.day-facts", {}, visit.person.name),
    field(t("Kunjungan ulang"), due, t("Sesudah tindakan, kontrol dalam 7 hari.")),
    h("div.day-actions", {}, h("button.btn.btn-primary", {}, t("Simpan, pulang")), h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal"))));
  main.replaceChildren(form);

  async function submit(event) {
    event.preventDefault();
    const person = visit.ref;
    const done = await page.record([
      { kind: "aftercare", person, data: { kind: "discharged" } },
      { kind: "aftercare", person, data: { kind: "next-visit", due_on: due.value } },
      { kind: "moved", person, data: { stop: "home", token: visit.token ?? "" } },
    ], t("Tersimpan."));
    if (done) page.redraw();
  }
}

function later(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

// Aid is for coming, whatever was decided: no method and no outcome is asked for.
export function drawAid(page, visit) {
  const { main, device } = page;
  const kinds = choice("kind", device.day.aids.map((code) => [code, word("AidKind", code)]));
  kinds.className = "form-select";
  const quantity = h("input.form-control", { name: "quantity", type: "number", min: 1, max: 100_000_000, required: true, inputMode: "numeric" });
  const pad = signaturePad();
  const form = h("form.day-form", { onsubmit: submit },
    h("h1", {}, t("Bantuan")), h("p.day-facts", {}, visit.person.name),
    h("p.day-soft", {}, t("Bantuan untuk datang dan pulang. Tidak bergantung pada metode atau keputusan apa pun.")),
    field(t("Jenis"), kinds), field(t("Banyaknya"), quantity), h("p", {}, t("Tanda tangan penerima")), pad.element,
    h("div.day-actions", {}, h("button.btn.btn-primary", {}, t("Simpan bantuan")), h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal"))));
  main.replaceChildren(form);
  pad.fit();

  async function submit(event) {
    event.preventDefault();
    if (pad.isEmpty()) {
      say(t("Tanda tangan belum ada."), "problem");
      return;
    }
    const data = { kind: kinds.value, quantity: Number(quantity.value) };
    const image = { type: "image/png", content: pad.content() };
    if (await page.record([{ kind: "aided", person: visit.ref, data, image }], t("Bantuan tercatat."))) page.redraw();
  }
}

export function drawComplication(page, visit) {
  const { main, device } = page;
  const codes = choice("code", device.day.complications.map((code) => [code, word("Complication", code)]));
  codes.className = "form-select";
  const form = h("form.day-form", { onsubmit: submit },
    h("h1", {}, t("Komplikasi")), h("p.day-facts", {}, visit.person.name), field(t("Komplikasi"), codes),
    h("div.day-actions", {}, h("button.btn.btn-primary", {}, t("Simpan komplikasi")), h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal"))));
  main.replaceChildren(form);

  async function submit(event) {
    event.preventDefault();
    const told = [{ kind: "aftercare", person: visit.ref, data: { kind: "complication", code: codes.value } }];
    if (await page.record(told, t("Komplikasi tercatat."))) page.redraw();
  }
}
