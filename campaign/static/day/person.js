// One visitor: where they stand, what comes next, and everything else that may be recorded.

import { drawAid, drawComplication, drawDischarge } from "./aftercare_form.js";
import { drawConsent } from "./consent_form.js";
import { h } from "./dom.js";
import { letIn } from "./list.js";
import { drawOutcome } from "./outcome_form.js";
import { watched } from "./queue.js";
import { drawScreening } from "./screening_form.js";
import { agreed, minutesSince, stateOf } from "./visits.js";
import { hour, t, word } from "./words.js";

export function drawPerson(page) {
  const { main, view, visits } = page;
  // A walk-in gets the server's number meanwhile: the same person under another key.
  const visit = visits.get(view.person) ?? [...visits.values()].find((one) => `w${one.ref.arrival}` === view.person) ?? byArrival(page);
  if (!visit) {
    page.go("list");
    return;
  }
  main.replaceChildren(
    h("button.btn.btn-link.day-back", { type: "button", onclick: () => page.go("list") }, `‹ ${t("Daftar")}`),
    h("h1", {}, visit.person.name),
    h("p.day-facts", {}, [visit.token, visit.person.code, methodName(page, visit.person.method)].filter(Boolean).join(" · ")),
    h("p", {}, h(`span.day-badge.is-${stateOf(visit)}`, {}, word("VisitState", stateOf(visit))), " ", where(page, visit)),
    ...visit.problems.map((one) => h("p.day-notice", {}, problem(one))),
    h("div.day-next", {}, steps(page, visit)),
    known(page, visit),
    others(page, visit));
}

function byArrival({ view, device, visits }) {
  const event = device.events.find((one) => `w${one.said.id}` === view.person);
  const candidate = event && device.answers.get(event.counter)?.result?.candidate;
  return candidate ? visits.get(`c${candidate}`) : null;
}

export function methodName(page, code) {
  return page.device.day.methods.find((one) => one.code === code)?.name ?? code;
}

function where(page, visit) {
  if (!visit.stop || visit.stop === "home") return visit.stop ? word("Stop", "home") : "";
  const minutes = minutesSince(visit.moved_at);
  const standard = visit.stop === "recovery" ? watched(page.device, visit)[1] : page.device.day.minutes[visit.stop];
  const text = t("%(stop)s, %(n)s dari %(standard)s menit", { stop: word("Stop", visit.stop), n: minutes, standard });
  return h(minutes > standard ? "strong.day-late" : "span", {}, text);
}

function problem({ kind, state, code }) {
  const what = word("EventKind", kind);
  if (state === "conflict") return t("%(what)s: ada hasil lain untuk kunjungan ini. Keduanya tersimpan; selesaikan di halaman Pertentangan.", { what });
  if (state === "held") return t("%(what)s: ditahan server untuk diperiksa (%(code)s).", { what, code: word("HeldCode", code) });
  return t("%(what)s: tidak diterima (%(code)s). Catatannya tersimpan untuk diperiksa.", { what, code: word("Error", code) });
}

function button(label, onclick, css = "btn-primary") {
  return h(`button.btn.${css}`, { type: "button", onclick }, label);
}

function move(page, visit, stop) {
  return page.record([{ kind: "moved", person: visit.ref, data: { stop, token: visit.token ?? "" } }]);
}

// What is missing before a service, in the order in which it is done.
export function missing(page, visit, code) {
  const method = page.device.day.methods.find((one) => one.code === code);
  const found = [];
  if (!visit.allowed) found.push("screening");
  else if (!visit.allowed.includes(code)) found.push("not-allowed");
  if (!agreed(visit, code, "client")) found.push("client");
  if (method?.spouse && !agreed(visit, code, "spouse")) found.push("spouse");
  return found;
}

function steps(page, visit) {
  const wished = visit.person.method;
  if (!visit.arrived_at) return button(t("Catat datang"), () => letIn(page, [visit]));
  if (visit.outcome) return ending(page, visit);
  const lacking = missing(page, visit, wished);
  const actions = [];
  if (visit.stop === "registration") actions.push(button(t("Ke pemeriksaan"), () => move(page, visit, "examination")));
  if (lacking.includes("screening")) actions.push(button(t("Isi penapisan"), () => drawScreening(page, visit)));
  else if (!lacking.includes("not-allowed")) {
    if (lacking.includes("client")) actions.push(button(t("Persetujuan klien"), () => drawConsent(page, visit, { method: wished, signer: "client" })));
    else if (lacking.includes("spouse")) actions.push(button(t("Persetujuan pasangan"), () => drawConsent(page, visit, { method: wished, signer: "spouse" })));
    else if (visit.stop !== "service") actions.push(button(t("Ke pelayanan"), () => move(page, visit, "service")));
  }
  actions.push(button(t("Catat hasil"), () => drawOutcome(page, visit), actions.length ? "btn-outline-primary" : "btn-primary"));
  return actions;
}

function ending(page, visit) {
  if (visit.outcome.kind !== "served") return visit.stop === "home" ? null : button(t("Pulang"), () => move(page, visit, "home"));
  const isGone = visit.aftercare.some((one) => one.kind === "discharged");
  if (isGone) return null;
  const [least] = watched(page.device, visit);
  const left = least - minutesSince(visit.outcome.at);
  return [
    left > 0 && h("p.day-timer", {}, t("Masih diamati %(n)s menit lagi.", { n: left })),
    left <= 0 && least > 0 && h("p.day-timer.is-done", {}, t("Waktu pengamatan sudah cukup.")),
    button(t("Boleh pulang"), () => drawDischarge(page, visit), left > 0 ? "btn-outline-primary" : "btn-primary"),
  ].filter(Boolean);
}

function known(page, visit) {
  const { day } = page.device;
  const facts = [
    [t("Janji"), visit.person.expected_at ? hour(visit.person.expected_at) : t("Tanpa janji")],
    visit.arrived_at && [t("Datang"), hour(visit.arrived_at)],
    visit.allowed && [t("Boleh"), day.methods.filter((one) => visit.allowed.includes(one.code)).map((one) => one.name).join(", ") || t("tidak satu pun hari ini")],
    visit.finding && [t("Temuan"), word("Finding", visit.finding)],
    ...["client", "spouse"].map((signer) => {
      const last = latest(visit, signer);
      return last && [word("Signer", signer), `${word("Decision", last.decision)} · ${methodName(page, last.method)}`];
    }),
    visit.outcome && [t("Hasil"), `${word("OutcomeKind", visit.outcome.kind)} · ${methodName(page, visit.outcome.method)} · ${hour(visit.outcome.at)}`],
    ...visit.aids.map((one) => [t("Bantuan"), `${word("AidKind", one.kind)}: ${one.quantity}`]),
    ...visit.aftercare.map((one) => [word("AftercareKind", one.kind), one.due_on ?? (one.code ? word("Complication", one.code) : "✓")]),
  ].filter(Boolean);
  return h("dl.day-known", {}, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function latest(visit, signer) {
  return visit.consents.filter((one) => one.signer === signer).sort((a, b) => new Date(a.at) - new Date(b.at)).at(-1);
}

function others(page, visit) {
  if (!visit.arrived_at) return null;
  const can = [
    [visit.allowed ? t("Ulangi penapisan") : t("Isi penapisan"), () => drawScreening(page, visit)],
    [t("Persetujuan lain, penolakan, pencabutan"), () => drawConsent(page, visit, { method: visit.person.method, signer: "client" })],
    [t("Bantuan (uang, beras)"), () => drawAid(page, visit)],
    [t("Komplikasi"), () => drawComplication(page, visit)],
    ...["registration", "examination", "service", "recovery", "home"].filter((stop) => stop !== visit.stop)
      .map((stop) => [t("Pindah: %(stop)s", { stop: word("Stop", stop) }), () => move(page, visit, stop)]),
  ];
  if (visit.outcome) can.unshift([t("Koreksi hasil"), () => drawOutcome(page, visit)]);
  return h("details.day-others", {}, h("summary", {}, t("Yang lain")), h("div", {}, can.map(([label, act]) => button(label, act, "btn-outline-primary"))));
}

