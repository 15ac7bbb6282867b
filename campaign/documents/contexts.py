"""What every paper shows around its matter: letterhead, signatures, foot. Strings are as printed, in Indonesian.

A paper's context is a frozen dataclass of its feature with `letterhead`, `foot` and, where somebody signs,
`signatures`; templates/documents/_base.typ draws them.
"""

from dataclasses import dataclass
from datetime import date, datetime

import segno

from campaign import i18n
from campaign.documents.office import Letterhead, Official


@dataclass(frozen=True, slots=True)
class Signature:
    """One signatory: what stands above the name, and below it."""

    heading: tuple[str, ...]  # "Plt. Kepala Dinas", one printed line each
    name: str
    rank: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class Foot:
    """At the foot of every page: how fresh it is, which version, and where the original is."""

    as_of: str
    version: str
    link: str
    qr: str  # SVG of the link


def foot(at: datetime, version: int, link: str) -> Foot:
    """Return the foot of a paper whose matter stands as of `at` and whose page on the site is `link`."""
    return Foot(i18n.instant(at), str(version), link, qr(link))


def qr(text: str) -> str:
    """Return a QR code as SVG."""
    return segno.make(text, error="m").svg_inline(border=1, scale=4, omitsize=True)


def signature(official: Official, above: str = "") -> Signature:
    """Return how an official signs; `above` is a first line such as "Yang mengeluarkan,"."""
    position = f"{official.prefix} {official.position}".strip()
    return Signature(tuple(line for line in (above, position) if line), official.name, official.rank, official.nip)


def place_and_date(letterhead: Letterhead, on: date) -> str:
    """Return "Pekalongan, 14 Juni 2027"."""
    return f"{letterhead.town}, {long_date(on)}"


def long_date(on: date) -> str:
    """Return "14 Juni 2027"."""
    return i18n.day(on).partition(", ")[2]
