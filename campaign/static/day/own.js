// This device: how much of it the server has, locking it, taking the day anew, and leaving.

import { h } from "./dom.js";
import { t } from "./words.js";

export function drawOwn(page, { leave, refetch }) {
  const { main, device, sync } = page;
  const made = device.events.length;
  const sent = made - device.unsent.size;
  const odd = [...device.answers.values()].filter((one) => one.answer === "held" || ["refused", "conflict"].includes(one.result?.state));
  const waiting = [...device.answers.values()].filter((one) => one.result?.state === "waiting").length;
  main.replaceChildren(
    h("h1", {}, t("Gawai %(n)s", { n: device.meta.device })),
    h("dl.day-known", {}, [
      [t("Catatan dibuat"), made],
      [t("Sudah di server"), sent === made ? t("semuanya, 1 sampai %(n)s", { n: made }) : sent],
      [t("Menunggu catatan gawai lain"), waiting],
      [t("Perlu dilihat orang"), odd.length],
      [t("Huruf nomor antrean"), device.meta.letter],
      sync.clockOffset && [t("Selisih jam"), t("%(n)s detik", { n: sync.clockOffset })],
    ].filter(Boolean).map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])),
    h("div.day-next", {},
      h("button.btn.btn-primary", { type: "button", onclick: () => sync.now() }, t("Kirim sekarang")),
      h("button.btn.btn-outline-primary", { type: "button", onclick: () => location.reload() }, t("Kunci")),
      h("button.btn.btn-outline-primary", { type: "button", onclick: refetch }, t("Unduh ulang daftar hari ini")),
      h("button.btn.btn-outline-danger", { type: "button", onclick: leave }, t("Keluar dan hapus dari gawai"))),
    h("p.day-soft", {}, t("Tanpa PIN, isi gawai ini tidak dapat dibaca. Bila hilang, minta administrator mencabut gawai ini.")));
}
