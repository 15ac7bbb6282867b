"""How far a long piece of work is: whoever works counts, whoever watches reads. Nobody watching costs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Rows done, of how many; None: not known yet."""

    done: int = 0
    total: int | None = None


_pace: ContextVar[Pace | None] = ContextVar("pace", default=None)


@contextmanager
def measured() -> Iterator[Pace]:
    """Count what the block does."""
    found = Pace()
    token = _pace.set(found)
    try:
        yield found
    finally:
        _pace.reset(token)


def begin(total: int) -> None:
    """Say how many rows there are to be done."""
    if (now := _pace.get()) is not None:
        now.done, now.total = 0, total


def step(count: int = 1) -> None:
    """Say that so many more rows are done; never more than there are."""
    if (now := _pace.get()) is not None:
        now.done = min(now.done + count, now.done + count if now.total is None else now.total)
