// The queues: token numbers and how long each has waited against the standard. No names: others read over the shoulder.

import { h } from "./dom.js";
import { minutesSince } from "./visits.js";
import { t, word } from "./words.js";

const STOPS = ["registration", "examination", "service", "recovery"];

export function drawQueue(page) {
  const { main, device, visits } = page;
  const waiting = (stop) => [...visits].filter(([, one]) => one.stop === stop).sort(([, a], [, b]) => new Date(a.moved_at) - new Date(b.moved_at));
  main.replaceChildren(h("h1", {}, t("Antrean")), ...STOPS.map((stop) => {
    const rows = waiting(stop);
    const standard = device.day.minutes[stop];
    return h("section.day-queue", {},
      h("h2", {}, word("Stop", stop), h("span.day-count", {}, String(rows.length)), h("small", {}, t("standar %(n)s menit", { n: standard }))),
      h("ul", {}, rows.map(([key, visit]) => {
        const minutes = minutesSince(visit.moved_at);
        const limit = stop === "recovery" ? watched(device, visit)[1] : standard;
        return h(`li${minutes > limit ? ".is-late" : ""}`, {}, h("button", { type: "button", onclick: () => page.go("person", key) },
          h("strong", {}, visit.token ?? "–"), h("span", {}, t("%(n)s menit", { n: minutes })), minutes > limit && h("em", {}, t("lewat standar"))));
      })),
      !rows.length && h("p.day-soft", {}, t("Kosong.")));
  }));
}

// [shortest, longest] minutes under watch after what was given
export function watched(device, visit) {
  return device.day.methods.find((one) => one.code === visit.outcome?.method)?.watched ?? [0, device.day.minutes.recovery];
}
