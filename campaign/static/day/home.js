// The frame: who and where, what is not sent yet, and the tabs.

import { h, say, show } from "./dom.js";
import { drawList } from "./list.js";
import { drawOwn } from "./own.js";
import { drawPerson } from "./person.js";
import { drawQueue } from "./queue.js";
import { drawStock } from "./stock.js";
import { StorageFull, dropStore, fullness } from "./store.js";
import { hello } from "./sync.js";
import { buildVisits } from "./visits.js";
import { t } from "./words.js";

const NEARLY_FULL = 0.9;
const TABS = [["list", "Daftar"], ["queue", "Antrean"], ["stock", "Stok"], ["own", "Gawai"]];

export function drawHome(device, sync, { restart, fetchDay }) {
  const bar = h("header.day-bar");
  const main = h("main.day-main", { id: "content", tabIndex: -1 });
  const tabs = h("nav.day-tabs", { "aria-label": t("Bagian") });
  const view = { tab: "list", person: null, query: "", filter: "" };
  const page = {
    device, sync, view, main,
    visits: buildVisits(device),
    go(tab, person = null) {
      Object.assign(view, { tab, person });
      draw();
      scrollTo(0, 0);
    },
    redraw: draw,
    // Record and say so; when the disk refuses, say that nothing was recorded.
    async record(told, done) {
      try {
        const ids = await device.record(...told);
        if (done) say(done);
        return ids;
      } catch (error) {
        say(error instanceof StorageFull
          ? t("Penyimpanan gawai penuh: catatan ini BELUM tersimpan. Kosongkan ruang (foto, video), lalu ulangi.")
          : t("Catatan ini BELUM tersimpan. Ulangi, atau catat di kertas."), "problem");
        return null;
      }
    },
  };

  function drawBar() {
    const n = device.unsent.size;
    const state = { idle: t("Tersambung"), sending: t("Mengirim …"), offline: t("Tanpa jaringan"), "signed-out": t("Perlu masuk lagi") }[sync.state];
    bar.replaceChildren(
      h("div.day-where", {}, h("strong", {}, device.day.session.facility), h("small", {}, state)),
      h(`button.day-unsent${n ? ".some" : ""}`, { type: "button", onclick: () => sync.now(), title: t("Kirim sekarang"), "aria-live": "polite" }, t("%(n)s belum terkirim", { n })));
    const notices = [
      sync.state === "signed-out" && h("p.day-notice", {}, t("Sesi berakhir. Catatan aman di gawai ini."), " ", h("a", { href: "/sign-in?next=/day/" }, t("Masuk lagi untuk mengirim"))),
      Math.abs(sync.clockOffset) > 120 && h("p.day-notice", {}, t("Jam gawai ini meleset %(n)s. Catatan tetap disimpan, dan jamnya diperbaiki saat dikirim.", { n: howLong(Math.abs(sync.clockOffset)) })),
      page.isNearlyFull && h("p.day-notice", {}, t("Penyimpanan gawai hampir penuh. Kosongkan ruang sebelum catatan tidak dapat disimpan.")),
      (device.news?.closed ?? device.day.session.closed) && h("p.day-notice", {}, t("Hari pelayanan ini sudah ditutup.")),
    ];
    bar.append(...notices.filter(Boolean));
  }

  function draw() {
    page.visits = buildVisits(device);
    page.onFreshen = null;
    drawBar();
    tabs.replaceChildren(...TABS.map(([code, label]) =>
      h("button", { type: "button", "aria-current": view.tab === code ? "page" : null, onclick: () => page.go(code) }, t(label))));
    const views = { list: drawList, queue: drawQueue, stock: drawStock, person: drawPerson, own: drawOwn };
    views[view.tab](page, { leave: () => leave(page, restart), refetch });
  }

  async function refetch() {
    await sync.now();
    await fetchDay(device);
    draw();
  }

  // Somebody may be typing: news is drawn when the view is one that only shows.
  function freshen() {
    page.visits = buildVisits(device);
    drawBar();
    const isTyping = main.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, canvas");
    const isForm = main.querySelector("form.day-form, video");
    if (!isTyping && !isForm) draw();
    else page.onFreshen?.();
  }

  device.addEventListener("changed", freshen);
  sync.addEventListener("changed", drawBar);
  const ticking = setInterval(async () => {
    if (sync.stopped) clearInterval(ticking);
    page.isNearlyFull = (await fullness()) > NEARLY_FULL;
    if (view.tab === "queue" || view.tab === "person") freshen();
  }, 30_000);
  show(bar, main, tabs);
  draw();
}

function howLong(seconds) {
  return seconds < 7200 ? t("%(n)s menit", { n: Math.round(seconds / 60) }) : t("%(n)s jam", { n: Math.round(seconds / 3600) });
}

// Sign out: first everything is sent, then nothing stays on the telephone.
async function leave({ device, sync }, restart) {
  await sync.now();
  if (device.unsent.size) {
    say(t("%(n)s catatan belum terkirim. Cari jaringan, kirim, lalu keluar; atau kunci saja gawai ini.", { n: device.unsent.size }), "problem");
    return;
  }
  if (!confirm(t("Keluar dan hapus daftar dari gawai ini? Semua catatan sudah terkirim."))) return;
  sync.stop();
  const { csrf } = await hello().catch(() => ({}));
  if (csrf) await fetch("/sign-out", { method: "POST", headers: { "X-CSRFToken": csrf }, redirect: "manual" });
  device.store.close();
  await dropStore(device.meta.account);
  localStorage.removeItem("serempak-day-account");
  restart();
}
