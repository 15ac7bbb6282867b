// Consent of client or spouse to one method: signed on the screen, or on paper with its number and a photo; refused or
// withdrawn at any moment, and nobody is asked why.

import { choice, field, h, radios, say } from "./dom.js";
import { decisionOf } from "./visits.js";
import { t, word } from "./words.js";

const LONGEST_SIDE = 1200; // pixels of a photo

export function drawConsent(page, visit, { method, signer }) {
  const { main, device } = page;
  const methods = choice("method", device.day.methods.map((one) => [one.code, one.name]), method);
  const pad = signaturePad();
  const number = h("input.form-control", { name: "number", maxLength: 40, autocomplete: "off" });
  const photo = h("input.form-control", { name: "photo", type: "file", accept: "image/*" });
  photo.setAttribute("capture", "environment");
  const onScreen = h("div", {}, h("p", {}, t("Saya sudah mengerti penjelasannya, dan setuju dengan sadar dan sukarela. Saya boleh berubah pikiran.")), pad.element);
  const onPaper = h("div", {}, field(t("Nomor lembar persetujuan"), number), field(t("Foto lembar (bila ada kamera)"), photo));
  const give = h("div", {});
  const back = h("div", {});
  methods.className = "form-select";
  const form = h("form.day-form", { onsubmit: submit, onchange: draw },
    h("h1", {}, t("Persetujuan")), h("p.day-facts", {}, visit.person.name),
    field(t("Metode"), methods),
    radios("signer", t("Siapa yang memutuskan"), ["client", "spouse"].map((code) => [code, word("Signer", code)]), signer),
    radios("way", t("Cara"), ["screen", "paper"].map((code) => [code, word("Way", code)]), "screen"),
    give, back,
    h("button.btn.btn-link", { type: "button", onclick: page.redraw }, t("Batal")));
  main.replaceChildren(form);
  draw();
  scrollTo(0, 0);

  function said() {
    return Object.fromEntries(new FormData(form));
  }

  function draw() {
    const { way, signer: who } = said();
    const before = decisionOf(visit, methods.value, who);
    give.replaceChildren(way === "paper" ? onPaper : onScreen, h("button.btn.btn-primary", { value: "given" }, t("Setuju, simpan")));
    back.replaceChildren(h("button.btn.btn-outline-primary", { type: "button", onclick: () => decide(before?.decision === "given" ? "withdrawn" : "refused") },
      before?.decision === "given" ? t("Mencabut persetujuan") : t("Tidak setuju")));
    if (way === "screen") pad.fit();
  }

  async function decide(decision) {
    const { signer: who } = said();
    const done = await page.record([{ kind: "consented", person: visit.ref, data: { method: methods.value, signer: who, decision } }], t("Tersimpan. Metode lain, hari lain, atau pulang: semuanya boleh."));
    if (done) page.redraw();
  }

  async function submit(event) {
    event.preventDefault();
    const { way, signer: who } = said();
    const data = { method: methods.value, signer: who, decision: "given", way };
    let image = null;
    if (way === "screen") {
      if (pad.isEmpty()) {
        say(t("Tanda tangan belum ada."), "problem");
        return;
      }
      image = { type: "image/png", content: pad.content() };
    } else {
      data.number = number.value.trim();
      if (!data.number) {
        say(t("Isi nomor lembar persetujuan."), "problem");
        return;
      }
      if (photo.files[0]) image = await shrunk(photo.files[0]);
    }
    if (await page.record([{ kind: "consented", person: visit.ref, data, image }], t("Persetujuan tersimpan."))) page.redraw();
  }
}

export function signaturePad() {
  const canvas = h("canvas.day-pad", { tabIndex: 0, role: "img", "aria-label": t("Tempat tanda tangan: tulis dengan jari") });
  const clear = h("button.btn.btn-link", { type: "button", onclick: wipe }, t("Ulangi tanda tangan"));
  let drawn = 0;
  let last = null;

  function fit() {
    requestAnimationFrame(() => {
      if (drawn || !canvas.clientWidth) return;
      Object.assign(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
    });
  }

  function wipe() {
    drawn = 0;
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * (canvas.width / box.width), (event.clientY - box.top) * (canvas.height / box.height)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = point(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = point(event);
    const paper = canvas.getContext("2d");
    Object.assign(paper, { lineWidth: 2.5, lineCap: "round", strokeStyle: "#16262b" });
    paper.beginPath();
    paper.moveTo(...last);
    paper.lineTo(...next);
    paper.stroke();
    drawn += Math.hypot(next[0] - last[0], next[1] - last[1]);
    last = next;
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = null));
  const isEmpty = () => drawn < 20;
  const content = () => canvas.toDataURL("image/png").split(",")[1];
  return { element: h("div", {}, canvas, clear), fit, isEmpty, content };
}

// A photo small enough to be sent over a bad network, and still legible.
async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = h("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.7, 0.5, 0.3]) {
    const content = canvas.toDataURL("image/jpeg", quality).split(",")[1];
    if (content.length < 380_000 || quality === 0.3) return { type: "image/jpeg", content };
  }
  return null;
}
