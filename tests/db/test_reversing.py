"""Undoing a document: what is held again, and what can no longer be undone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import Invalid
from campaign.logistics import document_queries, services
from campaign.logistics.ledger import InsufficientStock
from campaign.logistics.models import DocumentKind, StockDocument
from campaign.logistics.reversing import NotReversible
from campaign.logistics.services import IssueOrder, Reversal, StockIssue, StockUse
from tests.builders.logistics import (
    TODAY,
    Depot,
    incoming,
    item_order,
    key,
    make_depot,
    make_reservations,
    make_stock,
    on_hand,
    receipt,
)

pytestmark = pytest.mark.usefixtures("open_transaction")

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


def _issued(depot: Depot, quantity: int = 5) -> StockDocument:
    order = services.order_items(SYSTEM, item_order(depot, quantity))
    return services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, TODAY))


def _reverse(document: StockDocument) -> StockDocument:
    return services.reverse(SYSTEM, Reversal(key(), document.stock_document_id, TODAY, "salah"))


def test_a_reversed_issue_restores_both_places_and_lets_its_order_wait_again() -> None:
    depot = make_depot()
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    _reverse(issue)
    assert (on_hand(depot.warehouse, lot), on_hand(depot.shelf, lot)) == (10, 0)
    again = services.issue_stock(SYSTEM, StockIssue(key(), issue.ordered_by_id or 0, TODAY))
    assert again.number != issue.number


def test_goods_that_have_gone_on_cannot_be_reversed() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    use = StockUse(key(), depot.city.puskesmas.facility_id, None, TODAY, ((depot.city.iud.item_id, 1),))
    used = services.use_stock(SYSTEM, use)
    with pytest.raises(InsufficientStock):
        _reverse(issue)
    _reverse(document_queries.document(used).document)
    with pytest.raises(InsufficientStock):  # that some had come remains on record, until it is undone too
        _reverse(issue)
    _reverse(db.session.query(StockDocument).filter_by(kind=DocumentKind.ARRIVAL).one())
    _reverse(issue)


def test_a_receipt_is_not_reversed_from_under_a_reservation() -> None:
    depot = make_depot()
    document = services.receive_stock(SYSTEM, receipt(depot, incoming(depot.city.iud.item_id, 10)))
    make_reservations(depot, document.lines[0].lot, 1)
    with pytest.raises(InsufficientStock):
        _reverse(document)


def test_a_document_is_reversed_once_and_a_reversal_never() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    reversal = _reverse(issue)
    for document in (issue, reversal):
        with pytest.raises(NotReversible):
            _reverse(document)


def test_an_issued_order_is_not_withdrawn() -> None:
    depot = make_depot()
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    issue = _issued(depot)
    with pytest.raises(NotReversible):
        _reverse(document_queries.document(issue.ordered_by_id or 0).document)


def test_a_withdrawn_order_of_a_plan_can_be_ordered_again() -> None:
    depot = make_depot()
    held = make_reservations(depot, make_stock(depot.warehouse, depot.city.iud.item_id), 2)[0]
    order = IssueOrder(
        key(), held.campaign_id or 0, held.warehouse_id, depot.city.puskesmas.facility_id, held.deliver_on, TODAY
    )
    _reverse(services.order_issue(SYSTEM, order))
    assert services.order_issue(SYSTEM, replace(order, key=key())).lines[0].quantity == 2
