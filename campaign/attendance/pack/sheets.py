"""What the papers of a service day show. Strings are as printed, in Indonesian."""

from dataclasses import dataclass
from enum import StrEnum

from campaign.attendance.papers import AttendanceSheet
from campaign.documents.contexts import Foot
from campaign.documents.office import Letterhead


class PackPart(StrEnum):
    """Papers that are printed together or one by one."""

    SCHEDULE = "schedule"
    LIST = "list"
    STOCK = "stock"
    CARDS = "cards"  # K/IV/KB, two pages a person
    OWN_CARDS = "own-cards"  # K/I/KB, kept by the client
    CONSENTS = "consents"


class PaperSize(StrEnum):
    """What lies in the printer: the official cards are F4."""

    F4 = "f4"
    A4 = "a4"


MILLIMETRES = {PaperSize.F4: (215, 330), PaperSize.A4: (210, 297)}


@dataclass(frozen=True, slots=True)
class Client:
    """One person as the cards and the consent form name them; a blank one has nothing but its place on the paper."""

    code: str = ""
    qr: str = ""  # SVG
    consent_number: str = ""
    name: str = ""
    nik: str = ""
    birth: str = ""  # "5 Juli 1990, umur 36 tahun"
    spouse: str = ""
    address: str = ""
    phone: str = ""
    children: str = ""
    youngest: str = ""  # "2 tahun 3 bulan"
    insurance: str = ""  # number of the answer on the card: 1 BPJS, 3 none
    last_method: str = ""
    method: str = ""  # wished; chosen only after counselling
    kind: int = 0  # code of the method in R/I/KB; 0: not known
    needs_spouse: bool = False
    provider: str = ""
    hour: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One appointment in the schedule: no name, the code leads to the card."""

    hour: str
    code: str
    method: str


@dataclass(frozen=True, slots=True)
class ProviderDay:
    """What one provider has before them."""

    provider: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """One lot on the shelf."""

    item: str
    unit: str
    lot: str
    expires: str
    on_hand: str


@dataclass(frozen=True, slots=True)
class PackSheet:
    """Everything that the pack shows; `parts` says which of it is printed."""

    letterhead: Letterhead
    foot: Foot
    width_mm: int
    height_mm: int
    parts: tuple[str, ...]
    campaign: str
    facility: str
    facility_code: str
    facility_address: str
    town: str
    day: str
    hours: str
    place_date: str
    attendance: AttendanceSheet
    clients: tuple[Client, ...]
    schedule: tuple[ProviderDay, ...]
    wanted: tuple[tuple[str, str], ...]  # method and how many wish it
    shelf: tuple[ShelfLine, ...]
