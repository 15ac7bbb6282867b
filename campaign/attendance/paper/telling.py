"""What a line of paper tells, as events: the same kinds that a telephone sends. Pure.

The key of an event is made of what it says, so that a line typed twice, by whomever, is one event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from campaign.attendance.device.protocol import EventKind
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.paper.lines import NO, YES, Known, Line

PAPER = UUID("6f0c1c1e-6e0f-5b3a-9d0e-0a51d5f1c2b7")


@dataclass(frozen=True, slots=True)
class PaperEvent:
    """One event of a line, before its device numbers and seals it."""

    event_id: UUID
    kind: EventKind
    at: datetime
    person: dict[str, Any]
    data: dict[str, Any]


def events_of(line: Line, known: Known, service_session_id: int) -> list[PaperEvent]:
    """Return what the line tells beyond what is known; nothing when it only repeats it."""
    who = f"{service_session_id}:{line.candidate_id or line.name.casefold()}"
    arrival_id = uuid5(PAPER, f"{who}:arrived")
    person = {"arrival": str(arrival_id)} if line.candidate_id is None else {"candidate": line.candidate_id}
    found = []
    if not known.has_arrived and line.arrived_at is not None:
        said = {"walk_in": {"name": line.name, "method": line.method}} if line.candidate_id is None else {}
        own = {"candidate": line.candidate_id}
        found.append(PaperEvent(arrival_id, EventKind.ARRIVED, line.arrived_at, own, said))
    for kind, at, data in _after_arrival(line, known):
        event_id = uuid5(PAPER, f"{who}:{kind.value}:{at.isoformat()}:{sorted(data.items())}")
        found.append(PaperEvent(event_id, kind, at, person, data))
    return found


def _after_arrival(line: Line, known: Known) -> Iterator[tuple[EventKind, datetime, dict[str, Any]]]:
    seen_at = line.arrived_at or line.ended_at
    is_same_end = line.kind is not None and known.ended == (line.kind.value, line.method)
    if line.verdict in (YES, NO) and known.allowed is None and seen_at is not None:
        yield EventKind.SCREENED, seen_at, {"card": _card(line)}
    if line.kind is None or line.ended_at is None or is_same_end:
        return
    if line.kind is OutcomeKind.SERVED and line.consent:
        for signer in ("client", "spouse") if line.has_spouse else ("client",):
            said = {"method": line.method, "signer": signer, "decision": "given", "way": "paper"}
            yield EventKind.CONSENTED, line.ended_at, said | {"number": line.consent[:40]}
    yield EventKind.ENDED, line.ended_at, _ending(line)


def _card(line: Line) -> dict[str, Any]:
    is_other_given = line.verdict == NO and line.kind is OutcomeKind.SERVED
    methods = [line.method] if line.verdict == YES or is_other_given else []
    return {"methods": methods, "finding": line.finding}


def _ending(line: Line) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": line.kind.value if line.kind else "", "method": line.method}
    if line.reason:
        said["reason"] = line.reason
    if line.provider_id is not None:
        said["provider"] = line.provider_id
    if line.lot_ids:
        said["lots"] = [{"id": lot_id} for lot_id in line.lot_ids]
    return said
