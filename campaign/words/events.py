"""Words of campaigns and their targets."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "CampaignState": {
        "approved": _("Berjalan"),
        "cancelled": _("Dibatalkan"),
        "closed": _("Selesai"),
        "draft": _("Disusun"),
    },
    "Basis": {
        "couples": _("Jumlah PUS"),
        "history": _("Yang dilayani kampanye sebelumnya"),
        "unmet_need": _("Unmet need"),
    },
    "Action": {
        "change-campaign": _("Mengubah kampanye"),
        "create-campaign": _("Membuat kampanye"),
        "create-sessions": _("Membuat sesi pelayanan"),
        "move-campaign": _("Mengubah keadaan kampanye"),
        "set-targets": _("Menetapkan target"),
    },
    "Error": {
        "campaign-is-fixed": _("Rencana kampanye ini sudah disetujui: dasarnya tidak dapat diubah lagi."),
        "campaign-step-not-possible": _("Dari keadaannya sekarang kampanye ini tidak dapat menuju ke sana."),
        "date-twice": _("Tanggal %(day)s tertulis dua kali."),
        "district-without-kecamatan": _("Kecamatan kota ini belum diimpor."),
        "facility-not-here": _("Fasilitas ini tidak terletak di kota kampanye."),
        "invalid-campaign": _("Isian kampanye belum benar."),
        "sessions-are-open": _(
            "%(sessions)s sesi belum ditutup faskesnya. Kampanye ditutup setelah semua hari selesai."
        ),
        "missing": _("Isian ini wajib diisi."),
        "negative-target": _("Target tidak boleh kurang dari nol."),
        "no-dates": _("Pilih sedikitnya satu tanggal."),
        "no-facilities": _("Pilih sedikitnya satu fasilitas kesehatan."),
        "out-of-range": _("Isi antara %(least)s dan %(most)s."),
        "target-not-a-number": _("Target %(method)s %(place)s: isi bilangan bulat, atau kosongkan."),
        "too-long": _("Paling banyak %(most)s huruf."),
        "too-many-dates": _("Tanggal terlalu banyak: yang dimungkinkan %(most)s hari."),
        "unknown-campaign": _("Kampanye ini tidak ada."),
        "unknown-session": _("Sesi pelayanan ini tidak ada."),
    },
}
