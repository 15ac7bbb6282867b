"""What the demo prints: a heading for each stage, its figures, and a bar wherever one waits."""

import time
from collections.abc import Callable, Iterable, Sequence

import click

PATIENCE_SECONDS = 90


class StageFailed(Exception):
    """A stage did not hold; the message says what was expected."""


def stage(number: int, title: str) -> None:
    """Print the heading of a stage."""
    click.secho(f"\n{number}  {title}", bold=True)


def figure(label: str, value: object) -> None:
    """Print one figure of the stage."""
    click.echo(f"   {label:<34} {_number(value)}")


def _number(value: object) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings: first column to the left, numbers to the right."""
    lines = [[_number(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(headings), *lines]) for i in range(len(headings))]
    for line in [list(headings), *lines]:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        click.echo("   " + "  ".join(cells))


def must(holds: bool, expectation: str) -> None:
    """Raise StageFailed unless the expectation holds."""
    if not holds:
        raise StageFailed(expectation)


def wait(label: str, total: int, done: Callable[[], int], patience: float = PATIENCE_SECONDS) -> None:
    """Show a bar until `done()` reaches `total`; raise StageFailed when nothing moves for `patience` seconds."""
    with click.progressbar(length=max(total, 1), label=f"   {label:<34}", width=30, show_pos=True) as bar:
        seen, moved = 0, time.monotonic()
        while seen < total:
            now = done()
            if now != seen:
                bar.update(now - seen)
                seen, moved = now, time.monotonic()
            must(time.monotonic() - moved < patience, f"{label}: {seen} of {total}, and nothing moves")
            if seen < total:
                time.sleep(0.2)
        bar.update(0 if total else 1)
