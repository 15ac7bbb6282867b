// Opens the page: one tab at a time, the right account, the PIN; then shows the views.

import { Device } from "./device.js";
import { h, say, show } from "./dom.js";
import { setUp, unlock } from "./entry.js";
import { drawHome } from "./home.js";
import { openStore, askToStay } from "./store.js";
import { Sync, ask, hello } from "./sync.js";
import { loadWords, t } from "./words.js";

const IDLE_MINUTES = 15;
const LAST_ACCOUNT = "serempak-day-account";

async function start() {
  await navigator.serviceWorker?.register("/day/sw.js", { scope: "/day/" });
  await loadWords();
  await new Promise((resolve) => {
    // Two tabs would number their events alike: only one may be open.
    navigator.locks.request("serempak-day", { ifAvailable: true }, (lock) => {
      if (!lock) {
        show(h("main.day-main", {}, h("h1", {}, t("Sudah terbuka di tab lain")), h("p", {}, t("Pakai tab yang sudah terbuka, atau tutup tab itu lalu muat ulang halaman ini."))));
        return undefined;
      }
      resolve();
      return new Promise(() => {}); // held as long as the page lives
    });
  });
  await enter();
}

async function enter() {
  const server = await hello().catch(() => null);
  const account = server?.account ?? Number(localStorage.getItem(LAST_ACCOUNT));
  if (!account) {
    needSignIn(server);
    return;
  }
  const store = await openStore(account);
  let device = await Device.load(store);
  if (device && server && !server.account && device.meta.wrapped) await device.forget(); // signed out, or the day is over
  if (!device || device.needsSignIn) {
    if (!server?.account) {
      needSignIn(server, device?.unsent.size);
      return;
    }
    device = await setUp({ server, store, device });
    localStorage.setItem(LAST_ACCOUNT, String(account));
  } else {
    await unlock(device, enter);
  }
  await askToStay();
  await open(device);
}

function needSignIn(server) {
  show(h("main.day-main", {},
    h("h1", {}, t("Hari pelayanan")),
    h("p", {}, server ? t("Masuk sekali; setelah itu halaman ini bekerja sepanjang hari tanpa jaringan.") : t("Belum ada jaringan. Untuk memulai di gawai ini, jaringan diperlukan sekali.")),
    server && h("a.btn.btn-primary", { href: "/sign-in?next=/day/" }, t("Masuk")),
    !server && h("button.btn.btn-primary", { type: "button", onclick: () => location.reload() }, t("Coba lagi"))));
}

async function open(device) {
  const today = device.day?.session.held_on;
  if (!device.day || today < localDay()) await fetchDay(device);
  if (!device.day) {
    show(h("main.day-main", {}, h("h1", {}, t("Tidak ada sesi hari ini")), h("p", {}, t("Faskes Anda tidak mempunyai sesi pelayanan hari ini, atau jaringan belum ada.")),
      h("button.btn.btn-primary", { type: "button", onclick: () => open(device) }, t("Coba lagi")), h("a.btn.btn-link", { href: "/" }, t("Beranda"))));
    return;
  }
  const sync = new Sync(device);
  lockWhenIdle(device, sync);
  drawHome(device, sync, { restart: enter, fetchDay });
}

function localDay() {
  return new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

async function fetchDay(device) {
  try {
    const { sessions, csrf } = await hello();
    const session = sessions.find((one) => one.facility === device.meta.facility) ?? sessions[0];
    if (!session) return;
    const day = await ask("day", { device: device.meta.device, session: session.id }, csrf);
    await device.keep("day", day);
    await device.keep("news", null);
  } catch {
    if (!device.day) say(t("Daftar hari ini belum dapat diunduh: tidak ada jaringan."), "problem");
  }
}

function lockWhenIdle(device, sync) {
  let last = Date.now();
  const touched = () => {
    last = Date.now();
  };
  addEventListener("pointerdown", touched);
  addEventListener("keydown", touched);
  const watch = setInterval(() => {
    if (sync.stopped) clearInterval(watch);
    else if (Date.now() - last > IDLE_MINUTES * 60_000) {
      clearInterval(watch);
      sync.stop();
      location.reload();
    }
  }, 30_000);
}

start().catch((error) => {
  show(h("main.day-main", {}, h("h1", {}, "Serempak"), h("p", {}, t("Halaman ini tidak dapat dibuka di peramban ini."), " ", error.message),
    h("button.btn.btn-primary", { type: "button", onclick: () => location.reload() }, t("Muat ulang"))));
});
