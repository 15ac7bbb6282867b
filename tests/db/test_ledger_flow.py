"""The chain of the warehouse: plan, SPMB, SBBK, use, return, and what the campaign's account says."""

from dataclasses import replace

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.jobs import Job, JobName
from campaign.logistics import document_queries, queries, services
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import DocumentKind
from campaign.logistics.services import IssueOrder, StockIssue, StockReturn, StockUse
from tests.builders.logistics import TODAY, Depot, key, make_depot, make_reservations, make_stock, on_hand

pytestmark = pytest.mark.usefixtures("open_transaction")


def _planned(depot: Depot, quantity: int = 10) -> IssueOrder:
    lot = make_stock(depot.warehouse, depot.city.iud.item_id, 30)
    reservation = make_reservations(depot, lot, quantity)[0]
    return IssueOrder(
        key(),
        reservation.campaign_id or 0,
        depot.warehouse.stock_place_id,
        depot.city.puskesmas.facility_id,
        reservation.deliver_on,
        TODAY,
    )


def test_a_planned_delivery_is_ordered_issued_used_returned_and_adds_up() -> None:
    depot = make_depot()
    order = _planned(depot)
    assert len(document_queries.deliveries_to_order(order.campaign_id)) == 1
    spmb = services.order_issue(SYSTEM, order)
    assert document_queries.deliveries_to_order(order.campaign_id) == []
    sbbk = services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TODAY))
    lot = sbbk.lines[0].lot
    assert (on_hand(depot.warehouse, lot), on_hand(depot.shelf, lot)) == (20, 0)  # on the way
    use = StockUse(key(), order.facility_id, order.campaign_id, TODAY, ((lot.item_id, 4),))
    services.use_stock(SYSTEM, use)
    left = queries.leftovers(order.campaign_id, order.facility_id)
    assert [(row.warehouse_id, row.stock_lot_id, row.quantity) for row in left] == [
        (order.warehouse_id, lot.stock_lot_id, 6)
    ]
    back = StockReturn(
        key(), order.facility_id, order.campaign_id, order.warehouse_id, TODAY, (Line(lot.stock_lot_id, 6),)
    )
    services.return_stock(SYSTEM, back)
    (row,) = queries.campaign_stock(order.campaign_id)
    assert (row.issued, row.used, row.used_own, row.returned, row.remaining) == (10, 4, 0, 6, 0)
    assert services.verify_stock(SYSTEM).differences == []
    with pytest.raises(InsufficientStock):
        services.return_stock(SYSTEM, replace(back, key=key()))


def test_a_document_keeps_its_number_and_its_paper_is_asked_for(sent: list[Job]) -> None:
    spmb = services.order_issue(SYSTEM, _planned(make_depot()))
    sbbk = services.issue_stock(SYSTEM, StockIssue(key(), spmb.stock_document_id, TODAY))
    assert (spmb.number, sbbk.number) == ("001/SPMB/KB/2027", "001/SBBK/KB/2027")
    assert spmb.kind is DocumentKind.ISSUE_ORDER
    from campaign.db import db

    assert [job.name for job in db.session.info["jobs"]] == [JobName.RENDER_DOCUMENT] * 2
