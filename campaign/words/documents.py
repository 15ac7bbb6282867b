"""Words of printed papers."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "PaperFormat": {"docx": _("Word"), "pdf": _("PDF"), "xlsx": _("Excel")},
    "PaperKind": {
        "attendance_list": _("Daftar hadir"),
        "bast": _("BAST (serah terima)"),
        "campaign_report": _("Laporan kampanye"),
        "letter": _("Surat"),
        "meeting_attendance": _("Daftar hadir rapat"),
        "meeting_minutes": _("Notulen rapat"),
        "return_note": _("Berita acara pengembalian"),
        "sbbk": _("SBBK"),
        "sbbm": _("SBBM"),
        "spmb": _("SPMB"),
        "transfer": _("Berita acara pemindahan"),
        "write_off": _("Berita acara penghapusan"),
    },
    "PaperState": {"failed": _("Gagal dicetak"), "ready": _("Siap"), "waiting": _("Sedang dicetak")},
    "SignatoryRole": {"head": _("Kepala dinas"), "storekeeper": _("Pengurus barang")},
    "Action": {
        "ask-paper": _("Meminta dokumen dicetak lagi"),
        "download-paper": _("Mengunduh dokumen"),
        "reserve-numbers": _("Menyisihkan nomor"),
        "save-logo": _("Mengubah lambang pada kop surat"),
        "save-office": _("Mengubah kop surat"),
        "save-signatory": _("Mengubah penanda tangan"),
    },
    "Error": {
        "attachment-kind": _("Berkas harus PDF, JPG, PNG, DOCX, atau XLSX, dan tidak kosong."),
        "attachment-too-large": _("Berkas paling besar %(max)s MB."),
        "logo-kind": _("Lambang berupa PNG atau JPG, paling besar 300 kB."),
        "nip-form": _("NIP terdiri atas 18 angka."),
        "paper-not-ready": _("Dokumen ini masih dicetak, atau gagal dicetak. Coba beberapa saat lagi."),
        "paper-template-failed": _("Dokumen ini tidak dapat dicetak. Sampaikan kepada administrator."),
        "unknown-paper": _("Dokumen ini tidak ada."),
    },
}
