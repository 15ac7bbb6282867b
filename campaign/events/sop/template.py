"""What an SOP is made of. Pure: templates that we ship and forms that change them speak the same words.

A step has a stable code and, beside it, the number that the sheet prints: Tangerang prints 5, 5, 7, 8. What the sheet
says is kept letter by letter in `Printed`; what we make of it stands beside it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from campaign.accounts.roles import Role

OFFICE_DAY_MINUTES = 480  # 3600 minutes of service are seven and a half office days in the sheet of Tangerang


class TimeUnit(StrEnum):
    """Unit of a standard time."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"  # working days


class TimePer(StrEnum):
    """What a standard time is meant for."""

    PROCESS = "process"  # the whole step, once
    CANDIDATE = "candidate"
    ACCEPTOR = "acceptor"
    PARTICIPANT = "participant"


class Duty(StrEnum):
    """What a party has to do with a step."""

    DOES = "does"
    APPROVES = "approves"
    INVOLVED = "involved"


class Anchor(StrEnum):
    """The day that a due date is counted from."""

    FIRST_DAY = "first_day"  # of service
    LAST_DAY = "last_day"  # of service


class Proof(StrEnum):
    """The thing in the product that completes a step by itself; campaign.progress looks for it."""

    PLAN_APPROVED = "plan_approved"  # targets, schedule and appointments stand
    LISTS_RECEIVED = "lists_received"  # every kelurahan has sent names
    ALOKON_ISSUED = "alokon_issued"  # every delivery of the plan left with its SBBK
    SESSIONS_CLOSED = "sessions_closed"  # every facility closed its day
    LETTERS_SENT = "letters_sent"  # the letters that tell others of the campaign reached everybody
    MEETINGS_HELD = "meetings_held"  # a coordination meeting was held, with minutes
    REPORT_READY = "report_ready"  # the campaign report was made after the last day was closed


@dataclass(frozen=True, slots=True)
class StandardTime:
    """So long should it take: per step, or per person."""

    value: int
    unit: TimeUnit
    per: TimePer = TimePer.PROCESS

    @property
    def minutes(self) -> int:
        """Return it in minutes of office time."""
        return self.value * {TimeUnit.MINUTES: 1, TimeUnit.HOURS: 60, TimeUnit.DAYS: OFFICE_DAY_MINUTES}[self.unit]


@dataclass(frozen=True, slots=True)
class Printed:
    """A row of the sheet, letter by letter; typing mistakes are part of it."""

    number: str
    activity: str
    inputs: str = ""
    time: str = ""
    output: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part: a role column of the sheet, or somebody whom it forgets."""

    code: str
    name: str
    printed: str = ""  # head of the column; empty when the sheet has none
    roles: tuple[Role, ...] = ()  # who answers for it in this product; empty: nobody signs in for it


@dataclass(frozen=True, slots=True)
class DutyOf:
    """What one party has to do with a step."""

    party: str
    duty: Duty
    printed: str = ""  # what the cell still shows; the arrows of the sheets are lost


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a step is due: so many working days after (before, when negative) a day of the campaign."""

    anchor: Anchor
    days: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what the sheet prints, and what we make of it."""

    code: str
    printed: Printed
    title: str
    due: DueRule
    inputs: str = ""
    output: str = ""
    note: str = ""
    standard: StandardTime | None = None
    proof: Proof | None = None  # None: ticked by hand
    waits_for: tuple[str, ...] = ()
    duties: tuple[DutyOf, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One SOP of a city."""

    code: str
    name: str
    district_code: str | None  # whose SOP it is; None: anybody's
    source: str  # office, title and date of the sheet
    parties: tuple[Party, ...] = field(default=())
    steps: tuple[Step, ...] = field(default=())
