"""What stands where, how long it lasts, and which levels it is judged by."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from campaign.accounts.policy import SYSTEM, Reach
from campaign.accounts.roles import Role
from campaign.errors import Invalid, NotAllowed
from campaign.logistics import norms, services, standing
from campaign.logistics.consumption import monthly_consumption
from campaign.logistics.levels import Norm, StockLevel, Verdict
from campaign.logistics.models import StockPlace
from campaign.logistics.services import OpeningBalance, StockUse
from campaign.logistics.standing import GoodsState, Wanted
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign
from tests.builders.logistics import TODAY, Depot, incoming, item_order, key, make_depot, make_reservations, make_stock

pytestmark = pytest.mark.usefixtures("open_transaction")

EVERYWHERE = Reach(everywhere=True)
BEGAN = date(2027, 3, 1)  # three whole months before the frozen first of June


def _open(place: StockPlace, item_id: int, quantity: int) -> None:
    services.open_balance(SYSTEM, OpeningBalance(key(), place.stock_place_id, BEGAN, (incoming(item_id, quantity),)))


def _use(depot: Depot, quantity: int, on: date, campaign_id: int | None = None) -> None:
    items = ((depot.city.iud.item_id, quantity),)
    services.use_stock(SYSTEM, StockUse(key(), depot.city.puskesmas.facility_id, campaign_id, on, items))


def _at_shelf(depot: Depot) -> standing.ItemStanding:
    (row,) = standing.items_standing(EVERYWHERE, depot.shelf.stock_place_id)
    return row


def test_campaign_use_does_not_raise_the_average_consumption() -> None:
    depot = make_depot()
    _open(depot.shelf, depot.city.iud.item_id, 100)
    _use(depot, 6, date(2027, 3, 1))
    _use(depot, 3, date(2027, 5, 31))
    _use(depot, 2, TODAY)  # the running month is not whole
    _use(depot, 50, date(2027, 5, 15), make_campaign(depot.city).campaign_id)
    found = monthly_consumption([depot.shelf.stock_place_id], 3)
    assert found == {(depot.shelf.stock_place_id, depot.city.iud.item_id): Fraction(3)}  # (6 + 3) / 3


def test_a_warehouse_consumes_what_it_issues_outside_campaigns() -> None:
    depot = make_depot()
    _open(depot.warehouse, depot.city.iud.item_id, 100)
    may = date(2027, 5, 3)
    order = services.order_items(SYSTEM, item_order(depot, 9, signed_on=may, deliver_on=may))
    services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, may))
    found = monthly_consumption([depot.warehouse.stock_place_id], 3)
    assert found == {(depot.warehouse.stock_place_id, depot.city.iud.item_id): Fraction(3)}


def test_a_shelf_is_judged_by_the_level_of_facilities() -> None:
    depot = make_depot()
    _open(depot.shelf, depot.city.iud.item_id, 12)
    _use(depot, 9, date(2027, 4, 1))  # 3 a month; 3 are left: one month, the default minimum
    row = _at_shelf(depot)
    assert (row.usable, row.months, row.verdict, row.least) == (3, Decimal("1.0"), Verdict.ENOUGH, 3)
    norms.set_norm(SYSTEM, StockLevel.FACILITY, depot.city.iud.item_id, Norm(Decimal("1.1"), Decimal(2)))
    assert _at_shelf(depot).verdict is Verdict.LOW
    norms.forget_norm(SYSTEM, StockLevel.FACILITY, depot.city.iud.item_id)
    assert _at_shelf(depot).verdict is Verdict.ENOUGH


def test_an_item_of_its_own_level_is_not_judged_by_that_of_all() -> None:
    depot = make_depot()
    norms.set_norm(SYSTEM, StockLevel.WAREHOUSE, None, Norm(Decimal(2), Decimal(9)))
    norms.set_norm(SYSTEM, StockLevel.WAREHOUSE, depot.city.iud.item_id, Norm(Decimal(4), Decimal(5)))
    found = norms.norms()
    assert found.of(StockLevel.WAREHOUSE, depot.city.iud.item_id).min_months == 4
    assert found.of(StockLevel.WAREHOUSE, depot.city.pill.item_id).min_months == 2
    assert found.of(StockLevel.FACILITY, depot.city.pill.item_id).is_default


def test_goods_are_told_apart_by_state() -> None:
    depot = make_depot()
    iud = depot.city.iud.item_id
    good = make_stock(depot.warehouse, iud, 20, number="BAIK")
    make_stock(depot.warehouse, iud, 4, number="LEWAT", expires_on=TODAY - timedelta(1))
    make_reservations(depot, good, 5)
    rows = {row.lot.number: row for row in standing.standing(EVERYWHERE, Wanted(depot.warehouse.stock_place_id))}
    assert {state: rows["BAIK"].of(state) for state in (GoodsState.USABLE, GoodsState.RESERVED)} == {
        GoodsState.USABLE: 15,
        GoodsState.RESERVED: 5,
    }
    assert (rows["LEWAT"].usable, rows["LEWAT"].expired, rows["LEWAT"].total) == (0, 4, 4)
    only = standing.standing(EVERYWHERE, Wanted(state=GoodsState.EXPIRED))
    assert [row.lot.number for row in only] == ["LEWAT"]
    assert standing.standing(EVERYWHERE, Wanted(number="ai"))[0].lot.number == "BAIK"


def test_an_item_that_ran_out_is_still_listed_as_empty() -> None:
    depot = make_depot()
    _open(depot.shelf, depot.city.iud.item_id, 3)
    _use(depot, 3, date(2027, 4, 1))
    assert _at_shelf(depot).verdict is Verdict.EMPTY


def test_every_mistake_of_a_level_is_told_and_strangers_set_none() -> None:
    with pytest.raises(Invalid) as refused:
        norms.set_norm(SYSTEM, StockLevel.WAREHOUSE, None, Norm(Decimal(-1), Decimal(61)))
    assert {mistake.where for mistake in refused.value.mistakes} == {"min_months", "max_months"}
    with pytest.raises(Invalid):
        norms.set_norm(SYSTEM, StockLevel.WAREHOUSE, None, Norm(Decimal(3), Decimal(3)))
    with pytest.raises(NotAllowed):
        norms.set_norm(actor_with(Role.FACILITY), StockLevel.WAREHOUSE, None, Norm(Decimal(1), Decimal(3)))


def test_reckoning_stays_within_reason() -> None:
    norms.save_reckoning(SYSTEM, norms.Reckoning(procurement_days=90))
    assert norms.reckoning().procurement_days == 90
    with pytest.raises(Invalid) as refused:
        norms.save_reckoning(SYSTEM, norms.Reckoning(consumption_months=0, buffer_percent=101))
    assert {mistake.where for mistake in refused.value.mistakes} == {"consumption_months", "buffer_percent"}
