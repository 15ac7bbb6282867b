"""Store what a book says, step by step; the rows that a use-case refuses are told by their cells."""

from dataclasses import asdict, dataclass

from campaign import pace
from campaign.accounts.policy import Actor
from campaign.errors import Invalid
from campaign.imports.columns import Book, Step
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import WorkbookKind
from campaign.registry.storing import Counts
from campaign.transaction import hold, savepoint


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """What applying does, or did, with the rows of a sheet."""

    sheet: str
    new: int
    changed: int
    unchanged: int


def store_book(actor: Actor, kind: WorkbookKind, book: Book, campaign_id: int | None) -> list[SheetCounts]:
    """Store the rows that can be stored, and note in the book what is wrong with the others."""
    # Two people importing the same list at once would both add its rows: the second waits and finds them.
    hold(f"import:{kind}")
    pace.begin(book.rows)
    return [
        SheetCounts(step.sheet, **asdict(_store(actor, book, step)))
        for step in WORKBOOKS[kind].steps(book, campaign_id)
    ]


def _store(actor: Actor, book: Book, step: Step) -> Counts:
    """Store a step without the rows that its use-case refuses, so that the counts of the others are known too."""
    drafts = list(step.drafts)
    while True:
        try:
            with savepoint():
                return step.store(actor, [draft.value for draft in drafts])
        except Invalid as error:
            wrong = set()
            for mistake in error.mistakes:
                position, _, where = mistake.where.partition(".")
                book.wrong(drafts[int(position)].cell(where), mistake.code, **mistake.facts)
                wrong.add(int(position))
            if not wrong:
                raise
            drafts = [draft for position, draft in enumerate(drafts) if position not in wrong]
