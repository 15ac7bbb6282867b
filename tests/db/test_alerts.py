"""Each alert fires when it should, and not a day or a piece before."""

from datetime import date, timedelta

import pytest

from campaign.accounts.policy import SYSTEM, Reach
from campaign.logistics import alerts, levels, norms, services
from campaign.logistics.alerts import AlertKind
from campaign.logistics.services import OpeningBalance, StockIssue, StockUse
from campaign.logistics.standing import items_standing
from tests.builders.logistics import TODAY, Depot, incoming, item_order, key, make_depot, make_stock

pytestmark = pytest.mark.usefixtures("open_transaction")

EVERYWHERE = Reach(everywhere=True)
BEGAN = date(2027, 3, 1)


def _shelf(depot: Depot, left: int) -> list[AlertKind]:
    """Use 9 in three whole months, 3 a month, so that `left` remain; the minimum of facilities is one month."""
    line = incoming(depot.city.iud.item_id, 9 + left)
    services.open_balance(SYSTEM, OpeningBalance(key(), depot.shelf.stock_place_id, BEGAN, (line,)))
    use = StockUse(key(), depot.city.puskesmas.facility_id, None, date(2027, 4, 2), ((depot.city.iud.item_id, 9),))
    services.use_stock(SYSTEM, use)
    return [row.kind for row in alerts.low(items_standing(EVERYWHERE))]


def test_one_piece_below_the_minimum_is_low() -> None:
    assert _shelf(make_depot(), left=2) == [AlertKind.LOW]


def test_exactly_the_minimum_is_not_low() -> None:
    assert _shelf(make_depot(), left=3) == []


def test_nothing_left_of_what_is_used_is_empty() -> None:
    assert _shelf(make_depot(), left=0) == [AlertKind.EMPTY]


def test_what_nobody_uses_raises_no_alert() -> None:
    depot = make_depot()
    make_stock(depot.shelf, depot.city.iud.item_id, 1)
    assert alerts.low(items_standing(EVERYWHERE)) == []


def test_a_lot_is_told_from_the_first_day_of_the_months_that_the_office_set() -> None:
    depot = make_depot()
    norms.save_reckoning(SYSTEM, norms.Reckoning(expiring_months=2))
    edge = levels.months_later(TODAY, 2)
    for number, day in (("DALAM", edge), ("LUAR", edge + timedelta(1)), ("LEWAT", TODAY - timedelta(1))):
        make_stock(depot.warehouse, depot.city.iud.item_id, 1, number=number, expires_on=day)
    found = {row.lot.number: row.kind for row in alerts.expiring(EVERYWHERE) if row.lot}
    assert found == {"DALAM": AlertKind.EXPIRING, "LEWAT": AlertKind.EXPIRED}


def _sent(depot: Depot, days_ago: int) -> list[AlertKind]:
    norms.save_reckoning(SYSTEM, norms.Reckoning(receipt_days=3))
    make_stock(depot.warehouse, depot.city.iud.item_id, 10)
    on = TODAY - timedelta(days_ago)
    order = services.order_items(SYSTEM, item_order(depot, 4, signed_on=on, deliver_on=on))
    services.issue_stock(SYSTEM, StockIssue(key(), order.stock_document_id, on))
    return [row.kind for row in alerts.not_received(EVERYWHERE)]


def test_a_shipment_is_asked_for_after_the_days_that_the_office_set() -> None:
    assert _sent(make_depot(), days_ago=4) == [AlertKind.NOT_RECEIVED]


def test_a_shipment_is_not_asked_for_before() -> None:
    assert _sent(make_depot(), days_ago=3) == []


def test_a_facility_sees_alerts_of_its_own_shelf_alone() -> None:
    depot = make_depot()
    _sent(depot, days_ago=9)
    other = Reach(everywhere=False, facilities=(depot.city.hospital.facility_id,))
    assert alerts.alerts(other) == []
