// Before anything is shown: a new device chooses its session and a PIN; a known one asks for the PIN.

import { base64 } from "./vault.js";
import { Device } from "./device.js";
import { field, h, say, show } from "./dom.js";
import { ask } from "./sync.js";
import { t } from "./words.js";

const PIN_DIGITS = 6;

function pinInput(name) {
  return h("input.form-control.day-pin", {
    name, type: "password", inputMode: "numeric", autocomplete: "off", required: true, minLength: PIN_DIGITS, maxLength: 12, pattern: "[0-9]{6,12}",
  });
}

// Resolves with the device, registered and open.
export function setUp({ server, store, device }) {
  return new Promise((resolve) => {
    const facilities = [...new Map(server.sessions.map((one) => [one.facility, one.name]))];
    if (!facilities.length && !device) {
      show(h("main.day-main", {}, h("h1", {}, t("Tidak ada sesi hari ini")), h("p", {}, t("Faskes Anda tidak mempunyai sesi pelayanan hari ini.")), h("a.btn.btn-link", { href: "/" }, t("Beranda"))));
      return;
    }
    const pin = pinInput("pin");
    const again = pinInput("again");
    const choose = h("select.form-select", { name: "facility" }, facilities.map(([id, name]) => h("option", { value: id }, name)));
    const form = h("form.day-card", { onsubmit: submit },
      !device && facilities.length > 1 && field(t("Faskes"), choose),
      !device && facilities.length === 1 && h("p.day-strong", {}, facilities[0][1]),
      field(t("PIN baru (6 angka atau lebih)"), pin, t("Membuka gawai ini tanpa jaringan. Jangan dipakai untuk hal lain.")),
      field(t("Ulangi PIN"), again),
      h("button.btn.btn-primary", {}, t("Siapkan gawai ini")));
    show(h("main.day-main", {}, h("h1", {}, device ? t("Buka kembali gawai ini") : t("Siapkan gawai ini")),
      h("p", {}, device ? t("Buat PIN baru. Catatan yang belum terkirim masih ada.") : t("Daftar hari ini disimpan tersandi di gawai, dan hanya terbuka dengan PIN.")), form));
    pin.focus();

    async function submit(event) {
      event.preventDefault();
      if (pin.value !== again.value) {
        say(t("Kedua PIN tidak sama."), "problem");
        return;
      }
      form.querySelector("button").disabled = true;
      try {
        resolve(await (device ? reopen() : registered()));
      } catch {
        form.querySelector("button").disabled = false;
        say(t("Belum berhasil. Periksa jaringan, lalu coba lagi."), "problem");
      }
    }

    async function registered() {
      // The key is kept before it is sent: a registration whose answer was lost is the same one the next time.
      const key = (await store.get("meta", "registration")) ?? crypto.randomUUID();
      await store.write((names) => names("meta").put(key, "registration"));
      const facility = Number(choose.value || facilities[0][0]);
      const given = await ask("register", { key, facility }, server.csrf);
      const made = await Device.create(store, given, server.account, pin.value);
      made.meta.facility = facility;
      await made.keepMeta();
      return made;
    }

    async function reopen() {
      const given = await ask("unlock", { device: device.meta.device }, server.csrf);
      await device.takeSecret(base64.to(given.key), pin.value, given.kept_until);
      return device;
    }
  });
}

// Resolves when the PIN was right; after too many wrong ones the page starts again and asks to sign in.
export function unlock(device, restart) {
  return new Promise((resolve) => {
    const pin = pinInput("pin");
    const form = h("form.day-card", { onsubmit: submit }, field("PIN", pin), h("button.btn.btn-primary", {}, t("Buka")));
    show(h("main.day-main", {}, h("h1", {}, t("Terkunci")), h("p", {}, t("Masukkan PIN gawai ini.")), form));
    pin.focus();

    async function submit(event) {
      event.preventDefault();
      form.querySelector("button").disabled = true;
      if (await device.unlock(pin.value)) {
        resolve();
        return;
      }
      if (!device.meta.wrapped) {
        restart();
        return;
      }
      form.querySelector("button").disabled = false;
      pin.value = "";
      pin.focus();
      say(t("PIN salah. Sesudah %(n)s kali salah lagi, gawai ini meminta masuk ulang.", { n: 10 - device.meta.wrongPins }), "problem");
    }
  });
}
