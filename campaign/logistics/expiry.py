"""How a lot's expiry is judged: the word beside the date, so that nobody has to compute it."""

from datetime import date, timedelta
from enum import StrEnum

# Remaining life below which routine goods should not leave a warehouse any more; the application's default.
SOON = timedelta(days=90)


class ExpiryState(StrEnum):
    """Whether a lot may still be used, and for how long."""

    EXPIRED = "expired"
    SOON = "soon"
    GOOD = "good"


def expiry_state(expires_on: date, today: date) -> ExpiryState:
    """Judge a lot today; its last day is still a day of use."""
    if expires_on < today:
        return ExpiryState.EXPIRED
    return ExpiryState.SOON if expires_on - today < SOON else ExpiryState.GOOD
