"""The only place that reads the time. Instants are UTC with zone; dates are days where the campaign is held."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# Western Indonesian Time holds for both cities of the SOPs; create_app sets another zone from SEREMPAK_TIMEZONE.
_zone = ZoneInfo("Asia/Jakarta")
_shift: ContextVar[timedelta | None] = ContextVar("clock_shift", default=None)
_training = timedelta()


def set_zone(name: str) -> None:
    """Use the time zone `name` (IANA) for dates from now on, in this process."""
    global _zone  # noqa: PLW0603 - one process serves one city
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the time zone in which the campaign's dates are meant."""
    return _zone


def set_training(ahead: timedelta) -> None:
    """Move this process's clock: demo and training only; the site shows a banner while it is not zero."""
    global _training  # noqa: PLW0603 - one process, one clock
    _training = ahead


def is_training() -> bool:
    """Tell whether the clock was moved by set_training."""
    return bool(_training)


def now() -> datetime:
    """Return this instant, in UTC."""
    shift = _shift.get()
    return datetime.now(UTC) + (_training if shift is None else shift)


def today() -> date:
    """Return today's date where the campaign is held."""
    return now().astimezone(_zone).date()


def local(instant: datetime) -> datetime:
    """Return `instant` on the wall clock of the campaign's zone."""
    return instant.astimezone(_zone)


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Let time start at `instant` inside the block: for tests, and for the demo that replays a service day."""
    token = _shift.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)
