"""Kemendagri codes of areas: 33, 33.75, 33.75.01, 33.75.01.1002. Pure.

They are not the codes of BPS, which have seven digits for a kecamatan; SIGA uses those of Kemendagri.
"""

import re

from campaign.registry.models import AreaLevel

_FORM = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_LEVELS = (AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.KECAMATAN, AreaLevel.KELURAHAN)
_WIDTHS = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}


def is_area_code(text: str) -> bool:
    """Tell whether `text` has the form of an area code."""
    return _FORM.fullmatch(text) is not None


def level_of(code: str) -> AreaLevel:
    """Return the level of a well-formed code."""
    return _LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """Return the code of the area above, or None for a province."""
    return code.rpartition(".")[0] or None


def dotted(text: str) -> str:
    """Return a code that was written without dots with them (3375011002), anything else as it is."""
    if not (text.isascii() and text.isdigit() and len(text) in _WIDTHS):
        return text
    ends = _WIDTHS[len(text)]
    return ".".join(text[start:end] for start, end in zip((0, *ends), ends, strict=False))
