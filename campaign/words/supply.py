"""Words of what supply is judged by: levels, the campaign's kit, goods as they came in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "AlertKind": {
        "empty": _("Kosong"),
        "expired": _("Sudah kedaluwarsa"),
        "expiring": _("Segera kedaluwarsa"),
        "low": _("Kurang"),
        "not_received": _("Belum dikonfirmasi faskes"),
    },
    "GoodsState": {
        "damaged": _("Rusak"),
        "expired": _("Kedaluwarsa"),
        "quarantined": _("Karantina"),
        "reserved": _("Dipesan"),
        "transit": _("Di jalan"),
        "usable": _("Boleh diambil"),
    },
    "KitBasis": {
        "acceptor": _("akseptor"),
        "campaign": _("kampanye"),
        "candidate": _("calon"),
        "facility": _("faskes"),
        "session": _("hari pelayanan"),
    },
    "ReceivedState": {
        "damaged": _("Rusak"),
        "doubtful": _("Perlu diperiksa"),
        "good": _("Baik"),
    },
    "StockLevel": {"facility": _("Fasilitas kesehatan"), "warehouse": _("Gudang")},
    "Verdict": {
        "empty": _("Kosong"),
        "enough": _("Cukup"),
        "low": _("Kurang"),
        "no_use": _("Tanpa pemakaian"),
        "over": _("Berlebih"),
    },
    "Action": {
        "download-delivery-note": _("Mengunduh surat jalan"),
        "download-stock-sheet": _("Mengunduh lembar persediaan"),
        "forget-stock-norm": _("Menghapus batas bulan stok"),
        "remove-kit-line": _("Menghapus sarana kampanye"),
        "save-kit-line": _("Mengubah sarana kampanye"),
        "save-supply-settings": _("Mengubah cara menghitung persediaan"),
        "set-stock-norm": _("Mengubah batas bulan stok"),
    },
    "Error": {
        "gs1-check-digit": _("Angka pemeriksa GTIN tidak cocok. Pindai lagi, atau periksa ketikannya."),
        "gs1-date": _("Tanggal pada kode kemasan tidak mungkin. Periksa kemasannya."),
        "gs1-twice": _("Kode kemasan menyebut satu isian dua kali dengan nilai berbeda."),
        "gs1-unreadable": _("Ini bukan kode GS1. Contoh: (01)08992112045036(17)290331(10)AB12."),
        "nothing-to-supply": _("Kampanye ini belum punya rencana yang disetujui."),
        "unknown-kit-line": _("Sarana ini tidak ada di daftar."),
        "unknown-delivery-note": _("Tidak ada surat jalan yang disimpan untuk penerimaan ini."),
        "kit-method-of-people": _("Metode hanya untuk yang dihitung per calon atau akseptor."),
        "kit-name-taken": _("Sarana ini sudah ada di daftar."),
        "max-below-min": _("Isi maksimum lebih besar daripada minimum."),
        "months-out-of-range": _("Isi 0 sampai 60 bulan."),
    },
}
