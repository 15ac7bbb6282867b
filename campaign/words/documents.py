"""Words of printed papers."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "PaperFormat": {"pdf": _("PDF"), "xlsx": _("Excel")},
    "PaperKind": {
        "attendance_list": _("Daftar hadir"),
        "campaign_report": _("Laporan kampanye"),
        "sbbk": _("SBBK"),
        "spmb": _("SPMB"),
    },
    "PaperState": {"failed": _("Gagal dicetak"), "ready": _("Siap"), "waiting": _("Sedang dicetak")},
    "SignatoryRole": {"head": _("Kepala dinas"), "storekeeper": _("Pengurus barang")},
    "Action": {
        "ask-paper": _("Meminta dokumen dicetak lagi"),
        "download-paper": _("Mengunduh dokumen"),
        "save-office": _("Mengubah kop surat"),
        "save-signatory": _("Mengubah penanda tangan"),
    },
    "Error": {
        "nip-form": _("NIP terdiri atas 18 angka."),
        "paper-not-ready": _("Dokumen ini masih dicetak, atau gagal dicetak. Coba beberapa saat lagi."),
        "paper-template-failed": _("Dokumen ini tidak dapat dicetak. Sampaikan kepada administrator."),
        "unknown-paper": _("Dokumen ini tidak ada."),
    },
}
