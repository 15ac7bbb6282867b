"""Ticks and the notes behind them. Pure."""

from enum import StrEnum

from campaign.errors import Mistake

SHORTEST_NOTE, LONGEST_NOTE = 3, 500
LONGEST_WORK = 60 * 480  # minutes: sixty office days


class EventKind(StrEnum):
    """What happened to a step."""

    TICKED = "ticked"
    TAKEN_BACK = "taken_back"


def note_mistakes(where: str, note: str) -> list[Mistake]:
    """Return what is wrong with a note."""
    if SHORTEST_NOTE <= len(note.strip()) <= LONGEST_NOTE:
        return []
    return [Mistake(where, "note-length", {"min": SHORTEST_NOTE, "max": LONGEST_NOTE})]
