"""Words of the live board and of final tallies."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "Alarm": {
        "will_be_late": _("Tidak selesai sebelum tutup"),
        "will_run_out": _("Persediaan akan habis"),
    },
    "Action": {"sign-tally": _("Menandatangani rekapitulasi akhir")},
    "Error": {
        "proposal-gone": _("Keadaan sudah berubah: usulan ini tidak berlaku lagi. Lihat papan yang baru."),
        "tally-not-ready": _(
            "Belum dapat ditandatangani: ada faskes yang belum menutup hari, atau catatan belum terhitung."
        ),
        "tally-unchanged": _("Versi yang ditandatangani terakhir sudah sama."),
    },
}
