"""What a facility says of a shipment: received, refused, missing, damaged; and nobody is turned away over a form."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.errors import Invalid, NotAllowed
from campaign.logistics import document_queries, queries, services, transit
from campaign.logistics.arrival_models import ArrivalLine
from campaign.logistics.arriving import NothingUnderway
from campaign.logistics.ledger import InsufficientStock, Line
from campaign.logistics.models import DocumentKind, PlaceKind, StockDocument
from campaign.logistics.services import ArrivedLot, Fate, Reversal, Settlement, StockReturn, StockUse
from tests.builders.actors import actor_with
from tests.builders.logistics import TODAY, key, make_stock, on_hand
from tests.builders.registry import DISTRICT
from tests.builders.supply import Sent, arrival, held_in, make_campaign_shipment, make_shipment
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("open_transaction")


def _codes(error: Invalid) -> set[tuple[str, str]]:
    return {(mistake.where, mistake.code) for mistake in error.mistakes}


def _open(sent: Sent) -> int:
    return sum(row.quantity for row in transit.open_of(sent.sbbk.stock_document_id).values())


def _use(sent: Sent, quantity: int, campaign_id: int | None = None) -> StockUse:
    return StockUse(key(), sent.facility_id, campaign_id, TODAY, ((sent.lot.item_id, quantity),))


def _settle(sent: Sent, fate: Fate, quantity: int) -> StockDocument:
    settlement = Settlement(
        key(), sent.sbbk.stock_document_id, sent.lot.stock_lot_id, quantity, fate, TODAY, "dicek bersama kurir"
    )
    return services.settle_difference(SYSTEM, settlement)


def test_what_is_sent_is_on_the_way_until_the_facility_confirms() -> None:
    sent = make_shipment(10)
    shelf = sent.depot.shelf
    assert (on_hand(shelf, sent.lot), held_in(shelf, PlaceKind.TRANSIT, sent.lot)) == (0, 10)
    bast = services.confirm_arrival(SYSTEM, arrival(sent))
    assert (on_hand(shelf, sent.lot), held_in(shelf, PlaceKind.TRANSIT, sent.lot)) == (10, 0)
    assert (bast.kind, bast.number) == (DocumentKind.ARRIVAL, "001/BAST/KB/2027")
    with pytest.raises(NothingUnderway):
        services.confirm_arrival(SYSTEM, arrival(sent, ArrivedLot(sent.lot.stock_lot_id, 1)))


def test_a_difference_is_written_down_and_stays_open_until_the_warehouse_settles_it() -> None:
    sent = make_shipment(10)
    found = ArrivedLot(sent.lot.stock_lot_id, received=5, refused=2, missing=2, damaged=1, note="kardus basah")
    bast = services.confirm_arrival(SYSTEM, arrival(sent, found))
    row = db.session.get_one(ArrivalLine, (bast.stock_document_id, sent.lot.stock_lot_id))
    assert (row.received, row.refused, row.missing, row.damaged, row.note) == (5, 2, 2, 1, "kardus basah")
    shelf = sent.depot.shelf
    assert (on_hand(shelf, sent.lot), held_in(shelf, PlaceKind.DAMAGED, sent.lot), _open(sent)) == (5, 1, 4)
    _settle(sent, Fate.CAME_BACK, 2)
    _settle(sent, Fate.CAME_LATER, 1)
    _settle(sent, Fate.LOST, 1)
    assert (on_hand(sent.depot.warehouse, sent.lot), on_hand(shelf, sent.lot), _open(sent)) == (2, 6, 0)
    assert services.verify_stock(SYSTEM).differences == []
    with pytest.raises(NothingUnderway):
        _settle(sent, Fate.LOST, 1)


@pytest.mark.parametrize(("quantity", "fits"), [(0, False), (1, True), (4, True), (5, False)])
def test_no_more_is_settled_than_is_open(quantity: int, fits: bool) -> None:
    sent = make_shipment(10)
    services.confirm_arrival(SYSTEM, arrival(sent, ArrivedLot(sent.lot.stock_lot_id, 6, missing=4, note="kurang")))
    if fits:
        assert _settle(sent, Fate.LOST, quantity).lines[0].quantity == quantity
    else:
        with pytest.raises(Invalid):
            _settle(sent, Fate.LOST, quantity)


def test_every_mistake_of_a_confirmation_is_reported_at_once() -> None:
    sent = make_shipment(10)
    lot_id = sent.lot.stock_lot_id
    wrong = (ArrivedLot(lot_id, 5, missing=4), ArrivedLot(lot_id, -1), ArrivedLot(999_999_999, 1))
    with pytest.raises(Invalid) as raised:
        services.confirm_arrival(SYSTEM, arrival(sent, *wrong, occurred_on=TODAY + timedelta(1), number="x" * 61))
    assert _codes(raised.value) == {
        ("occurred_on", "in-the-future"),
        ("number", "number-length"),
        ("lots", "not-every-lot"),
        ("lots-0-received", "arrival-does-not-add-up"),
        ("lots-0-note", "difference-without-note"),
        ("lots-1-received", "not-a-count"),
    }
    assert _open(sent) == 10


def test_goods_do_not_arrive_before_they_were_sent() -> None:
    sent = make_shipment()
    with pytest.raises(Invalid) as raised:
        services.confirm_arrival(SYSTEM, arrival(sent, occurred_on=TODAY - timedelta(1)))
    assert _codes(raised.value) == {("occurred_on", "before-the-shipment")}


def test_the_same_confirmation_again_is_the_first_one() -> None:
    sent = make_shipment()
    said = arrival(sent)
    ids = {services.confirm_arrival(SYSTEM, said).stock_document_id for _ in range(2)}
    assert len(ids) == 1
    assert on_hand(sent.depot.shelf, sent.lot) == 10


def test_the_same_settlement_again_is_the_first_one() -> None:
    sent = make_shipment()
    settlement = Settlement(
        key(), sent.sbbk.stock_document_id, sent.lot.stock_lot_id, 4, Fate.CAME_BACK, TODAY, "ditolak"
    )
    ids = {services.settle_difference(SYSTEM, settlement).stock_document_id for _ in range(2)}
    assert len(ids) == 1
    assert _open(sent) == 6


def test_a_use_shows_that_goods_have_come_and_takes_the_shelf_first() -> None:
    sent = make_shipment(10)
    make_stock(sent.depot.shelf, sent.lot.item_id, 2)
    services.use_stock(SYSTEM, _use(sent, 5))
    assert (on_hand(sent.depot.shelf, sent.lot), _open(sent)) == (0, 7)  # 2 off the shelf, 3 out of the shipment
    (proof,) = db.session.query(StockDocument).filter_by(kind=DocumentKind.ARRIVAL)
    assert (proof.number, proof.shipment_id, proof.lines[0].quantity) == (None, sent.sbbk.stock_document_id, 3)
    services.confirm_arrival(SYSTEM, arrival(sent))
    assert on_hand(sent.depot.shelf, sent.lot) == 7


def test_a_use_finds_what_is_there_and_on_the_way_and_no_more() -> None:
    sent = make_shipment(10)
    with pytest.raises(InsufficientStock) as raised:
        services.use_stock(SYSTEM, _use(sent, 11))
    assert raised.value.facts["available"] == 10


def test_a_use_takes_the_older_shipment_first() -> None:
    first = make_shipment(3)
    second = make_shipment(3, first.depot)
    services.use_stock(SYSTEM, _use(first, 4))
    assert (_open(first), _open(second)) == (0, 2)


def test_a_return_shows_that_goods_have_come() -> None:
    sent = make_campaign_shipment(10)
    campaign_id = sent.sbbk.campaign_id or 0
    services.use_stock(SYSTEM, _use(sent, 4, campaign_id))
    back = StockReturn(
        key(), sent.facility_id, campaign_id, sent.sbbk.from_place_id, TODAY, (Line(sent.lot.stock_lot_id, 6),)
    )
    services.return_stock(SYSTEM, back)
    (row,) = queries.campaign_stock(campaign_id)
    assert (row.issued, row.used, row.returned, row.remaining) == (10, 4, 6, 0)
    assert _open(sent) == 0


def test_what_was_refused_and_lost_on_the_way_is_no_longer_the_facilitys_to_return() -> None:
    sent = make_campaign_shipment(10)
    campaign_id = sent.sbbk.campaign_id or 0
    said = ArrivedLot(sent.lot.stock_lot_id, 5, refused=3, missing=2, note="selisih")
    services.confirm_arrival(SYSTEM, arrival(sent, said))
    _settle(sent, Fate.CAME_BACK, 3)
    _settle(sent, Fate.LOST, 2)
    (row,) = queries.campaign_stock(campaign_id)
    assert (row.issued, row.used, row.returned, row.lost, row.remaining) == (10, 0, 3, 2, 5)
    assert [(left.warehouse_id, left.quantity) for left in queries.leftovers(campaign_id)] == [
        (sent.sbbk.from_place_id, 5)
    ]


def test_an_issue_is_reversed_only_while_all_of_it_travels() -> None:
    sent = make_shipment(10)
    bast = services.confirm_arrival(SYSTEM, arrival(sent))
    make_shipment(10, sent.depot)  # as much of the item on the way again does not make up for it
    undo = Reversal(key(), sent.sbbk.stock_document_id, TODAY, "salah alamat")
    with pytest.raises(InsufficientStock):
        services.reverse(SYSTEM, undo)
    services.reverse(SYSTEM, Reversal(key(), bast.stock_document_id, TODAY, "salah hitung"))
    services.reverse(SYSTEM, undo)
    assert (on_hand(sent.depot.warehouse, sent.lot), _open(sent)) == (10, 0)


def test_only_the_facility_confirms_and_only_the_warehouse_settles() -> None:
    sent = make_shipment()
    other = actor_with(Role.FACILITY, facility_id=sent.depot.city.hospital.facility_id)
    warehouse = actor_with(Role.WAREHOUSE, DISTRICT)
    facility = actor_with(Role.FACILITY, facility_id=sent.facility_id)
    settlement = Settlement(key(), sent.sbbk.stock_document_id, sent.lot.stock_lot_id, 1, Fate.LOST, TODAY, "hilang")
    for stranger in (other, warehouse):
        with pytest.raises(NotAllowed):
            services.confirm_arrival(stranger, arrival(sent))
    with pytest.raises(NotAllowed):
        services.settle_difference(facility, settlement)
    assert services.confirm_arrival(replace(facility, account_id=None), arrival(sent)).number


def test_a_facility_finds_the_papers_of_what_travels_to_it() -> None:
    sent = make_shipment()
    reach = actor_with(Role.FACILITY, facility_id=sent.facility_id)
    from campaign.accounts.policy import Permission
    from campaign.accounts.policy import reach as reach_of

    within = reach_of(reach, Permission.SEE_STOCK)
    found = document_queries.document_within(within, sent.sbbk.stock_document_id)
    assert found.to_place.facility_id == sent.facility_id


def test_a_lot_that_ran_out_on_the_way_still_arrives_and_is_not_used() -> None:
    sent = make_shipment()
    soon = make_stock(sent.depot.warehouse, sent.lot.item_id, 3, expires_on=TODAY)
    order = services.order_items(
        SYSTEM,
        services.ItemOrder(
            key(),
            sent.depot.warehouse.stock_place_id,
            sent.facility_id,
            TODAY,
            TODAY,
            ((soon.item_id, 3),),
            "permintaan",
        ),
    )
    sbbk = services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, TODAY))
    with clock.standing_at(NOON + timedelta(1)):
        late = replace(arrival(Sent(sent.depot, soon, sbbk)), occurred_on=TODAY + timedelta(1))
        services.confirm_arrival(SYSTEM, late)
        use = StockUse(key(), sent.facility_id, None, TODAY + timedelta(1), ((soon.item_id, 11),))
        with pytest.raises(InsufficientStock) as raised:
            services.use_stock(SYSTEM, use)
    assert raised.value.facts["available"] == 10
    assert on_hand(sent.depot.shelf, soon) == 3
