"""What may be wrong with any movement, whatever its kind."""

from collections.abc import Sequence
from datetime import date

from campaign import clock
from campaign.errors import Invalid, Mistake

# A city's whole yearly stock of one item stays far below; beyond it is a slip of the finger, and bigint is safe.
LARGEST_QUANTITY = 100_000_000


def refuse(mistakes: Sequence[Mistake]) -> None:
    """Raise Invalid with all mistakes, if there are any."""
    if mistakes:
        raise Invalid(tuple(mistakes))


def about_date(occurred_on: date, where: str = "occurred_on") -> tuple[Mistake, ...]:
    """Return the mistake of a movement that has not happened yet."""
    return (Mistake(where, "in-the-future"),) if occurred_on > clock.today() else ()


def about_text(where: str, text: str, longest: int = 240) -> tuple[Mistake, ...]:
    """Return the mistake of a text that is missing or does not fit."""
    return () if 1 <= len(text.strip()) <= longest else (Mistake(where, "text-length"),)


def about_quantities(quantities: Sequence[int]) -> tuple[Mistake, ...]:
    """Return the mistakes of quantities, each at lines-<index>-quantity; an empty list is a mistake too."""
    if not quantities:
        return (Mistake("lines", "nothing-listed"),)
    return tuple(
        Mistake(f"lines-{index}-quantity", "quantity-out-of-range")
        for index, quantity in enumerate(quantities)
        if not 1 <= quantity <= LARGEST_QUANTITY
    )
