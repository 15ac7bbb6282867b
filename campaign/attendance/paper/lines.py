"""One line of the printed list as it was typed, and what it means. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, tzinfo

from campaign.attendance.cards import candidate_of
from campaign.attendance.outcomes import REASONS, OutcomeKind
from campaign.attendance.screening import Finding
from campaign.errors import Mistake

AS_PRINTED = ("v", "x", "ya", "ok", "✓")  # typed for a consent form that bears its printed number
YES, NO = "yes", "no"
_TIME = re.compile(r"(\d{1,2})[.:]?(\d{2})(?:[.:]\d{2})?")


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as typed, all of it text; empty: left out."""

    code: str = ""  # of the card
    name: str = ""  # of somebody on no list, instead of a code
    arrived: str = ""
    verdict: str = ""  # yes: the method may be given
    kind: str = ""  # how the visit ended
    method: str = ""
    reason: str = ""
    provider: str = ""  # its id
    lot: str = ""  # number on the package; more than one with commas
    consent: str = ""  # number of the form
    spouse: str = ""  # yes: signed too
    ended: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed beside the code that the page had already."""
        return not any(getattr(self, one.name).strip() for one in fields(self) if one.name != "code")


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded of one visit already."""

    has_arrived: bool = False
    allowed: frozenset[str] | None = None  # None: not screened
    has_consent: bool = False
    has_spouse_consent: bool = False
    ended: tuple[str, str] | None = None  # kind and method


@dataclass(frozen=True, slots=True)
class PaperDay:
    """What lines are read against."""

    held_on: date
    zone: tzinfo
    wished: Mapping[int, str]  # method of each person of the campaign's list who is expected or has come
    methods: Mapping[str, bool]  # whether the spouse signs too
    gives: Mapping[int, frozenset[str]]  # methods of each provider
    lots: Mapping[str, int]
    numbers: Mapping[int, str] = field(default_factory=dict)  # consent number as printed
    known: Mapping[int, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line tells."""

    candidate_id: int | None  # None: on no list
    name: str
    method: str
    arrived_at: datetime | None
    verdict: str
    finding: str | None
    kind: OutcomeKind | None
    reason: str | None
    provider_id: int | None
    lot_ids: tuple[int, ...]
    consent: str
    has_spouse: bool
    ended_at: datetime | None


def clock_time(text: str) -> time | None:
    """Return the time that "8.05", "08:05" or "805" says; None when it says none."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def read_line(typed: Typed, day: PaperDay) -> Line | tuple[Mistake, ...]:
    """Return what a line tells, or everything that is wrong with it, each with its column."""
    candidate_id = candidate_of(typed.code) if typed.code.strip() else None
    known = day.known.get(candidate_id or 0, Known())
    wished = day.wished.get(candidate_id or 0, "")
    method = typed.method or wished
    kind = OutcomeKind(typed.kind) if typed.kind in tuple(OutcomeKind) else None
    at = {name: _instant(getattr(typed, name), day) for name in ("arrived", "ended")}
    lots = [one.strip() for one in typed.lot.split(",") if one.strip()]
    rules = [
        *_of_the_person(typed, day, candidate_id, known),
        *_of_the_times(typed, at, kind is not None),
        ("method", "method-missing", method not in day.methods),
        ("kind", "kind-unknown", bool(typed.kind) and kind is None),
        ("verdict", "finding-missing", typed.verdict == NO and typed.reason not in tuple(Finding)),
        ("verdict", "method-not-allowed", typed.verdict == NO and kind is OutcomeKind.SERVED and method == wished),
        ("lot", "lot-not-on-the-shelf", any(one.casefold() not in day.lots for one in lots)),
        *(_of_a_service(typed, day, known, method) if kind is OutcomeKind.SERVED else _of_no_service(typed, kind)),
    ]
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        return mistakes
    printed = day.numbers.get(candidate_id or 0, "")
    is_printed = typed.consent.strip().casefold() in AS_PRINTED and bool(printed)
    return Line(
        candidate_id=candidate_id,
        name=typed.name.strip()[:120],
        method=method,
        arrived_at=at["arrived"],
        verdict=typed.verdict,
        finding=typed.reason if typed.verdict == NO else None,
        kind=kind,
        reason=typed.reason or None if kind not in (None, OutcomeKind.SERVED) else None,
        provider_id=int(typed.provider) if kind is OutcomeKind.SERVED else None,
        lot_ids=tuple(day.lots[one.casefold()] for one in lots),
        consent=printed if is_printed else typed.consent.strip(),
        has_spouse=typed.spouse == YES,
        ended_at=at["ended"],
    )


Rules = list[tuple[str, str, bool]]


def _of_the_person(typed: Typed, day: PaperDay, candidate_id: int | None, known: Known) -> Rules:
    has_code, has_name = bool(typed.code.strip()), bool(typed.name.strip())
    return [
        ("code", "code-misread", has_code and candidate_id is None),
        ("code", "code-of-nobody-here", candidate_id is not None and candidate_id not in day.wished),
        ("code", "person-missing", not has_code and not has_name),
        ("arrived", "time-missing", not typed.arrived.strip() and not known.has_arrived),
    ]


def _of_the_times(typed: Typed, at: Mapping[str, datetime | None], is_ended: bool) -> Rules:
    arrived, ended = at["arrived"], at["ended"]
    return [
        ("arrived", "time-unreadable", bool(typed.arrived.strip()) and arrived is None),
        ("ended", "time-unreadable", bool(typed.ended.strip()) and ended is None),
        ("ended", "time-missing", is_ended and not typed.ended.strip()),
        ("ended", "ends-before-arrival", arrived is not None and ended is not None and ended < arrived),
    ]


def _of_a_service(typed: Typed, day: PaperDay, known: Known, method: str) -> Rules:
    provider = int(typed.provider) if typed.provider.isdigit() else 0
    is_allowed = known.allowed is not None and method in known.allowed
    needs_spouse = day.methods.get(method, False)
    return [
        ("verdict", "not-screened", typed.verdict == "" and known.allowed is None),
        ("verdict", "method-not-allowed", typed.verdict == "" and known.allowed is not None and not is_allowed),
        ("provider", "provider-missing", provider not in day.gives),
        ("provider", "provider-not-trained", provider in day.gives and method not in day.gives[provider]),
        ("consent", "consent-missing", not typed.consent.strip() and not known.has_consent),
        ("spouse", "spouse-consent-missing", needs_spouse and typed.spouse != YES and not known.has_spouse_consent),
    ]


def _of_no_service(typed: Typed, kind: OutcomeKind | None) -> Rules:
    asked = REASONS[kind] if kind is not None else ()
    return [
        ("reason", "reason-missing", bool(asked) and not typed.reason),
        ("reason", "reason-unknown", bool(asked and typed.reason) and typed.reason not in asked),
        ("kind", "kind-missing", kind is None and bool(typed.ended.strip() or typed.consent.strip())),
    ]


def _instant(text: str, day: PaperDay) -> datetime | None:
    at = clock_time(text)
    return None if at is None else datetime.combine(day.held_on, at, day.zone).astimezone(UTC)
