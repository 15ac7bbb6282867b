"""What a card of the home page is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a card: what, some words beside it, and where to do it."""

    text: str
    note: str = ""
    address: str | None = None
    tone: str = ""  # tone of a badge around `badge`
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One subject: how much waits, the first of it, and where the rest is."""

    title: str
    icon: str
    count: int
    tasks: tuple[Task, ...]
    empty: str  # said when nothing waits
    more: str | None = None
