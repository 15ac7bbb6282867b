"""Days and times that came in as text."""

from datetime import UTC, date, datetime, time

from campaign import clock


def day_or_none(text: str | None) -> date | None:
    """Return the day that an ISO text names; None when it names none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def instant_or_none(day: date, text: str | None) -> datetime | None:
    """Return the instant of a wall clock's text ("08:20") on a day; None when it is no time."""
    try:
        return datetime.combine(day, time.fromisoformat(text or ""), clock.zone()).astimezone(UTC)
    except ValueError:
        return None
