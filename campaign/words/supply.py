"""Words of what supply is judged by: levels, the campaign's kit, goods as they came in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
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
}
