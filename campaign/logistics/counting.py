"""Stock opname: open a count, enter what was counted, explain what differs, post it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.documents import numbering as agenda
from campaign.errors import Conflict, Mistake, NotFound
from campaign.logistics import finding, mistakes, numbering, places, posting
from campaign.logistics.arriving import derived_key
from campaign.logistics.conditions import require_there
from campaign.logistics.count_models import CountCause, StockCount, StockCountExplanation, StockCountTally
from campaign.logistics.count_sheet import CountLine, sheet
from campaign.logistics.finding import Counted, FoundLot
from campaign.logistics.ledger import Line
from campaign.logistics.mistakes import LARGEST_QUANTITY
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.posting import Draft
from campaign.logistics.tallies import LineState, may_be_posted
from campaign.transaction import hold


class UnknownCount(NotFound):
    """No count has this id."""

    code = "unknown-count"


class CountIsOver(Conflict):
    """The count was posted or given up."""

    code = "count-is-over"


class CountRunning(Conflict):
    """Somebody is counting this place already."""

    code = "count-running"


class CountNotReady(Conflict):
    """Lots are not counted, disputed, or differ without an explanation."""

    code = "count-not-ready"


@dataclass(frozen=True, slots=True)
class CountEntry:
    """What one person counted, sent together; lots that the sheet does not list may be among them."""

    key: str
    stock_count_id: int
    lots: tuple[Counted, ...]
    is_recount: bool = False
    found: tuple[FoundLot, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a lot differs from the books."""

    stock_count_id: int
    stock_place_id: int
    stock_lot_id: int
    cause: CountCause
    note: str


def open_count(actor: Actor, key: str, stock_place_id: int, counted_on: date) -> StockCount:
    """Open a count of a warehouse or shelf with its compartments."""
    place = places.real_place(stock_place_id)
    places.require_keeper(actor, place)
    hold(f"stock-count:{key}")
    if before := db.session.scalar(select(StockCount).where(StockCount.idempotency_key == key)):
        return before
    mistakes.refuse(mistakes.about_date(counted_on))
    _require_nobody_counts(stock_place_id)
    number = numbering.written("BAO", counted_on.year, agenda.draw("BAO", counted_on.year))
    count = StockCount(
        stock_place_id=stock_place_id,
        number=number,
        idempotency_key=key,
        counted_on=counted_on,
        opened_at=clock.now(),
        opened_by_id=actor.account_id,
    )
    db.session.add(count)
    db.session.flush()
    audit.record(actor, "open-stock-count", ("stock_count", count.stock_count_id))
    return count


def _require_nobody_counts(stock_place_id: int) -> None:
    hold(f"stock-count-of:{stock_place_id}")
    running = select(StockCount.stock_count_id).where(
        StockCount.stock_place_id == stock_place_id,
        StockCount.posted_at.is_(None),
        StockCount.dropped_at.is_(None),
    )
    if db.session.scalar(running) is not None:
        raise CountRunning(stock_place_id=stock_place_id)


def count_of(actor: Actor, stock_count_id: int, *, locked: bool = False) -> StockCount:
    """Return a count for somebody who keeps its place."""
    count = db.session.get(StockCount, stock_count_id, with_for_update=locked or None, populate_existing=locked)
    if count is None:
        raise UnknownCount(stock_count_id=stock_count_id)
    places.require_keeper(actor, places.real_place(count.stock_place_id))
    return count


def _running(actor: Actor, stock_count_id: int) -> StockCount:
    count = count_of(actor, stock_count_id, locked=True)
    if count.posted_at is not None or count.dropped_at is not None:
        raise CountIsOver(stock_count_id=stock_count_id)
    return count


def enter_count(actor: Actor, entry: CountEntry) -> int:
    """Keep what somebody counted beside what the books say right now; return how many lots."""
    count = _running(actor, entry.stock_count_id)
    mine = (StockCountTally.stock_count_id == entry.stock_count_id, StockCountTally.idempotency_key == entry.key)
    if before := len(db.session.scalars(select(StockCountTally.stock_count_tally_id).where(*mine)).all()):
        return before
    known = finding.lots_named(entry.found)
    compartments = places.compartments(count.stock_place_id)
    mistakes.refuse((*_mistakes_in(entry, compartments), *finding.mistakes_in(entry.found, compartments, known)))
    entry = replace(entry, lots=(*entry.lots, *finding.counted(entry.found, known)))
    for stock_place_id in sorted({lot.stock_place_id for lot in entry.lots}):
        _keep(actor, entry, stock_place_id)
    db.session.flush()
    audit.record(actor, "enter-stock-count", ("stock_count", count.stock_count_id), lots=len(entry.lots))
    return len(entry.lots)


def _keep(actor: Actor, entry: CountEntry, stock_place_id: int) -> None:
    lots = {lot.stock_lot_id: lot for lot in entry.lots if lot.stock_place_id == stock_place_id}
    books = {lot.stock_lot_id: lot.on_hand for lot in posting.stock_at(stock_place_id, lots)}
    db.session.add_all(
        StockCountTally(
            stock_count_id=entry.stock_count_id,
            stock_place_id=stock_place_id,
            stock_lot_id=lot.stock_lot_id,
            counted=lot.counted,
            expected=books.get(lot.stock_lot_id, 0),
            is_recount=entry.is_recount,
            account_id=actor.account_id,
            idempotency_key=entry.key,
            recorded_at=clock.now(),
        )
        for lot in lots.values()
    )


def _mistakes_in(entry: CountEntry, compartments: Sequence[int]) -> tuple[Mistake, ...]:
    if not entry.lots and not entry.found:
        return (Mistake("lots", "nothing-listed"),)
    wrong = [
        Mistake(f"lots-{index}-counted", "not-a-count")
        for index, lot in enumerate(entry.lots)
        if not 0 <= lot.counted <= LARGEST_QUANTITY
    ]
    if any(lot.stock_place_id not in compartments for lot in entry.lots):
        wrong.append(Mistake("lots", "not-of-this-count"))
    return tuple(wrong)


def explain_difference(actor: Actor, explanation: Explanation) -> None:
    """Say why a lot differs; a later explanation takes the place of an earlier one, which stays on record."""
    count = _running(actor, explanation.stock_count_id)
    mistakes.refuse(mistakes.about_text("note", explanation.note))
    if _is_said(explanation):
        return
    db.session.add(
        StockCountExplanation(
            stock_count_id=count.stock_count_id,
            stock_place_id=explanation.stock_place_id,
            stock_lot_id=explanation.stock_lot_id,
            cause=explanation.cause,
            note=explanation.note.strip(),
            account_id=actor.account_id,
            recorded_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(
        actor, "explain-stock-count", ("stock_count", count.stock_count_id), stock_lot_id=explanation.stock_lot_id
    )


def _is_said(explanation: Explanation) -> bool:
    """Tell whether this is what was said of the lot last: the button was pressed twice."""
    said = db.session.scalar(
        select(StockCountExplanation)
        .where(
            StockCountExplanation.stock_count_id == explanation.stock_count_id,
            StockCountExplanation.stock_place_id == explanation.stock_place_id,
            StockCountExplanation.stock_lot_id == explanation.stock_lot_id,
        )
        .order_by(StockCountExplanation.stock_count_explanation_id.desc())
        .limit(1)
    )
    return said is not None and (said.cause, said.note) == (explanation.cause, explanation.note.strip())


def post_count(actor: Actor, stock_count_id: int) -> list[StockDocument]:
    """Bring the books to what was counted; posting again returns what was posted."""
    count = count_of(actor, stock_count_id, locked=True)
    if count.posted_at is not None:
        query = select(StockDocument).where(StockDocument.stock_count_id == stock_count_id)
        return list(db.session.scalars(query.order_by(StockDocument.stock_document_id)))
    if count.dropped_at is not None:
        raise CountIsOver(stock_count_id=stock_count_id)
    lines = sheet(count)
    if not lines or not may_be_posted(line.state for line in lines):
        undecided = sum(line.state not in (LineState.AGREES, LineState.EXPLAINED) for line in lines)
        raise CountNotReady(stock_count_id=stock_count_id, lots=undecided)
    documents = [_post(actor, count, group) for group in _groups(lines)]
    count.posted_at, count.posted_by_id = clock.now(), actor.account_id
    db.session.flush()
    audit.record(actor, "post-stock-count", ("stock_count", stock_count_id), documents=len(documents))
    return documents


def _groups(lines: Sequence[CountLine]) -> list[tuple[int, bool, list[Line]]]:
    """Return per compartment what is missing and what is more: a document has one direction."""
    groups: defaultdict[tuple[int, bool], list[Line]] = defaultdict(list)
    for line in lines:
        if line.difference:
            reason = line.explanation.note if line.explanation else ""
            groups[line.place.stock_place_id, line.difference > 0].append(
                Line(line.lot.stock_lot_id, abs(line.difference), reason)
            )
    return [(place_id, is_more, found) for (place_id, is_more), found in sorted(groups.items())]


def _post(actor: Actor, count: StockCount, group: tuple[int, bool, list[Line]]) -> StockDocument:
    place_id, is_more, lines = group
    losses = places.virtual(PlaceKind.LOSSES).stock_place_id
    part = "more" if is_more else "less"
    draft = Draft(
        DocumentKind.COUNT,
        derived_key(count.idempotency_key, f"{place_id}:{part}"),
        losses if is_more else place_id,
        place_id if is_more else losses,
        clock.today(),
        reason=f"Opname {count.number}",
        number=f"{count.number}-{place_id}{'+' if is_more else '-'}",
        stock_count_id=count.stock_count_id,
    )
    posting.lock_lots((draft.from_place_id, draft.to_place_id), [line.stock_lot_id for line in lines])
    if not is_more:
        require_there(place_id, lines)
    document = posting.write(actor, draft, lines)
    posting.move(document)
    return document


def drop_count(actor: Actor, stock_count_id: int) -> None:
    """Give a count up; what was entered stays on record."""
    count = count_of(actor, stock_count_id, locked=True)
    if count.dropped_at is not None:  # the button was pressed twice
        return
    if count.posted_at is not None:
        raise CountIsOver(stock_count_id=stock_count_id)
    count.dropped_at = clock.now()
    db.session.flush()
    audit.record(actor, "drop-stock-count", ("stock_count", stock_count_id))
