// The shelf: what is left of each item, and which lot goes next.

import { h } from "./dom.js";
import { shelf } from "./visits.js";
import { t } from "./words.js";

export function drawStock({ main, device }) {
  const lots = shelf(device);
  const items = [...new Map(lots.map((lot) => [lot.item, lot])).values()];
  main.replaceChildren(h("h1", {}, t("Stok di rak")), h("ul.day-list", {}, items.map(({ item, name, unit }) => {
    const own = lots.filter((lot) => lot.item === item);
    const left = own.reduce((sum, lot) => sum + lot.quantity, 0);
    return h(`li.day-stock${left ? "" : ".is-out"}`, {}, h("strong", {}, name), h("span", {}, `${left} ${unit}`),
      h("small", {}, own.filter((lot) => lot.quantity).map((lot) => `${t("batch %(lot)s", { lot: lot.lot })}: ${lot.quantity}, ${t("kedaluwarsa %(day)s", { day: lot.expires_on })}`).join(" · ") || t("habis")));
  })), !items.length && h("p.day-empty", {}, t("Rak kosong menurut buku. Pelayanan tetap dapat dicatat; selisihnya diselesaikan sesudahnya.")));
}
