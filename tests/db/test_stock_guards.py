"""What must never be false about stock holds against plain SQL of the application's own role."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.logistics import services
from campaign.logistics.models import StockDocument
from campaign.transaction import dry_run
from tests.builders.logistics import TODAY, Depot, item_order, key, make_depot, make_reservations, make_stock


@pytest.fixture(autouse=True)
def _undone(app: Flask) -> Iterator[None]:
    """Each test ends in a refused statement, after which nothing could be committed."""
    with dry_run():
        yield


ENTRY = text(
    "INSERT INTO stock_entry (stock_document_id, stock_place_id, stock_lot_id, quantity, occurred_on, recorded_at)"
    " VALUES (:document, :place, :lot, :quantity, '2027-06-01', now())"
)
DOCUMENT = text(
    "INSERT INTO stock_document (kind, number, idempotency_key, occurred_on, recorded_at, from_place_id, to_place_id,"
    " reason) VALUES (:kind, :key, :key, '2027-06-01', now(), :source, :goal, '') RETURNING stock_document_id"
)
LINE = text("INSERT INTO stock_document_line VALUES (:document, 1, :lot, :quantity)")
CHECK_NOW = text("SET CONSTRAINTS ALL IMMEDIATE")


def _document(depot: Depot, kind: str = "issue") -> int:
    ends = {"source": depot.warehouse.stock_place_id, "goal": depot.shelf.stock_place_id}
    found: int = db.session.execute(DOCUMENT, {"kind": kind, "key": key(), **ends}).scalar_one()
    return found


def _move(depot: Depot, document: int, lot: int, quantity: int) -> None:
    places = ((depot.warehouse.stock_place_id, -quantity), (depot.shelf.stock_place_id, quantity))
    for place, signed in places:
        db.session.execute(ENTRY, {"document": document, "place": place, "lot": lot, "quantity": signed})


def test_a_real_place_never_holds_less_than_nothing() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 3)
    with pytest.raises(DBAPIError, match="real_place_not_negative"):
        _move(depot, _document(depot), lot.stock_lot_id, 4)


def test_what_is_reserved_does_not_leave() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    make_reservations(depot, lot, 2)
    _move(depot, _document(depot), lot.stock_lot_id, 3)
    with pytest.raises(DBAPIError, match="is reserved"):
        _move(depot, _document(depot), lot.stock_lot_id, 1)


def test_no_more_is_reserved_than_is_there() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    reservation = make_reservations(depot, lot, 5)[0]
    with pytest.raises(DBAPIError, match="is not there"):
        db.session.execute(
            text("UPDATE reservation SET quantity = 6 WHERE reservation_id = :id"), {"id": reservation.reservation_id}
        )


@pytest.mark.parametrize("kind", ["issue_order", "issue", "use"])
def test_an_expired_lot_is_not_ordered_issued_or_used(kind: str) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5, expires_on=TODAY.replace(month=5, day=31))
    with pytest.raises(DBAPIError, match="has expired"):
        db.session.execute(LINE, {"document": _document(depot, kind), "lot": lot.stock_lot_id, "quantity": 1})


@pytest.mark.parametrize(("said", "moved"), [(3, 2), (3, 0), (0, 2)])
def test_a_document_moves_what_its_lines_say(said: int, moved: int) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    document = _document(depot)
    if said:
        db.session.execute(LINE, {"document": document, "lot": lot.stock_lot_id, "quantity": said})
    if moved:
        _move(depot, document, lot.stock_lot_id, moved)
    with pytest.raises(DBAPIError, match="does not move what its lines say"):
        db.session.execute(CHECK_NOW)


def test_an_order_moves_nothing() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    document = _document(depot, "issue_order")
    db.session.execute(LINE, {"document": document, "lot": lot.stock_lot_id, "quantity": 2})
    db.session.execute(CHECK_NOW)
    with pytest.raises(DBAPIError, match="does not move what its lines say"):
        _move(depot, document, lot.stock_lot_id, 2)


@pytest.mark.parametrize("statement", [ENTRY, LINE])
def test_nothing_is_added_to_a_document_later(statement: object) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    document = db.session.query(StockDocument.stock_document_id).scalar()
    db.session.execute(CHECK_NOW)
    values = {"document": document, "lot": lot.stock_lot_id, "quantity": 1, "place": depot.warehouse.stock_place_id}
    changed = text(str(statement).replace(", 1, :lot", ", 2, :lot"))
    with pytest.raises(DBAPIError, match="does not move what its lines say"):
        db.session.execute(changed, values)


@pytest.mark.parametrize("position", [1, 3])
def test_no_line_is_slipped_in_below_or_above_another_in_the_same_transaction(position: int) -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    document = _document(depot)
    values = {"document": document, "lot": lot.stock_lot_id, "quantity": 2}
    second = text(str(LINE).replace(", 1, :lot", ", 2, :lot"))
    db.session.execute(second, values)
    _move(depot, document, lot.stock_lot_id, 2)
    db.session.execute(CHECK_NOW)
    with pytest.raises(DBAPIError, match="does not move what its lines say"):
        db.session.execute(text(str(LINE).replace(", 1, :lot", f", {position}, :lot")), values)


def test_an_entry_that_moves_nothing_is_refused() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    with pytest.raises(DBAPIError, match="moves_something"):
        _move(depot, _document(depot), lot.stock_lot_id, 0)


def test_an_entry_is_reversed_once() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 5)
    order = services.order_items(SYSTEM, item_order(depot, 2))
    issue = services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, TODAY))
    services.reverse(SYSTEM, services.Reversal(key(), issue.stock_document_id, TODAY, "salah kirim"))
    values = {"reversed": issue.stock_document_id, "document": _document(depot)}
    with pytest.raises(DBAPIError, match="uq_stock_entry_reverses_id"):
        db.session.execute(
            text(
                "INSERT INTO stock_entry (stock_document_id, stock_place_id, stock_lot_id, quantity, occurred_on,"
                " recorded_at, reverses_id) SELECT :document, stock_place_id, stock_lot_id, -quantity, occurred_on,"
                " recorded_at, stock_entry_id FROM stock_entry WHERE stock_document_id = :reversed AND quantity < 0"
            ),
            values,
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("kind = 'warehouse', area_code = NULL", "warehouse_has_an_area"),
        ("is_real = false", "real_by_kind"),
        ("facility_id = (SELECT min(facility_id) FROM facility)", "facility_by_kind"),
    ],
)
def test_a_place_is_what_its_kind_says(change: str, constraint: str) -> None:
    depot = make_depot()
    with pytest.raises(DBAPIError, match=constraint):
        db.session.execute(
            text(f"UPDATE stock_place SET {change} WHERE stock_place_id = :id"), {"id": depot.warehouse.stock_place_id}
        )


def test_there_is_one_supplier_and_no_second() -> None:
    with pytest.raises(DBAPIError, match="uq_stock_place_virtual"):
        db.session.execute(
            text("INSERT INTO stock_place (code, name, kind, is_real) VALUES ('S2', 'S2', 'supplier', false)")
        )
