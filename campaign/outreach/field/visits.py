"""What comes of a visit, and whom to visit next. Pure.

Need first: poor families nobody has seen, then others nobody has seen, then those who asked for time. Among equals the
houses of one RW and RT stand together, so that a cadre walks a lane to its end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class VisitResult(StrEnum):
    """What the family said, or what was found at the door."""

    WILLING = "willing"
    THINKING = "thinking"
    REFUSES = "refuses"
    NOBODY_HOME = "nobody_home"
    MOVED = "moved"
    PREGNANT = "pregnant"
    ALREADY_SERVED = "already_served"


# After these nobody comes again in this campaign.
FINAL = frozenset(VisitResult) - {VisitResult.THINKING, VisitResult.NOBODY_HOME}
COME_AGAIN_AFTER = {VisitResult.THINKING: timedelta(days=3), VisitResult.NOBODY_HOME: timedelta(days=1)}

_RT = re.compile(r"\bRT\W*(\d{1,3})", re.IGNORECASE)
_RW = re.compile(r"\bRW\W*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stop:
    """One household on a work list."""

    household_id: int
    kelurahan_code: str
    address: str
    is_poor: bool
    last_result: VisitResult | None = None  # None: nobody was there yet
    last_on: date | None = None


def lane(address: str) -> tuple[int, int]:
    """Return RW and RT of an address, 999 where it names none: what is alike lies together."""
    rw, rt = _RW.search(address), _RT.search(address)
    return int(rw[1]) if rw else 999, int(rt[1]) if rt else 999


def is_due(stop: Stop, today: date) -> bool:
    """Tell whether somebody should knock at this door today."""
    if stop.last_result is None or stop.last_on is None:
        return True
    wait = COME_AGAIN_AFTER.get(stop.last_result)
    return wait is not None and stop.last_on + wait <= today


def in_order(stops: Iterable[Stop], today: date) -> list[Stop]:
    """Return the stops that are due, in the order of need and then along the lanes."""
    return sorted((stop for stop in stops if is_due(stop, today)), key=_rank)


def _rank(stop: Stop) -> tuple[object, ...]:
    need = (0 if stop.is_poor else 1) if stop.last_result is None else 2
    return need, stop.kelurahan_code, *lane(stop.address), stop.address, stop.household_id
