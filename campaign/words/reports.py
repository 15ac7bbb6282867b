"""Words of reports."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "Action": {"ask-report": _("Meminta laporan kampanye")},
    "Error": {"nothing-to-report": _("Kampanye ini belum punya sesi pelayanan yang dapat dilaporkan.")},
}
