"""A campaign closes when, per facility and lot, opening + received - used - damaged - returned = counted."""

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign
from campaign.events.services import close_campaign
from campaign.logistics import closing, services
from campaign.logistics.closing import CampaignNotSettled, LotAccount, Unsettled
from campaign.logistics.count_models import CountCause
from campaign.logistics.services import (
    ArrivedLot,
    Counted,
    CountEntry,
    Explanation,
    Fate,
    Settlement,
    StateStep,
    StockState,
    StockUse,
)
from tests.builders.logistics import TODAY, key, make_stock
from tests.builders.supply import Sent, arrival, make_campaign_shipment, state_change

pytestmark = pytest.mark.usefixtures("open_transaction")


def _account(sent: Sent) -> LotAccount:
    (found,) = closing.settlement(sent.sbbk.campaign_id or 0)
    return found


def _count_shelf(sent: Sent, counted: int) -> None:
    shelf_id = sent.depot.shelf.stock_place_id
    count = services.open_count(SYSTEM, key(), shelf_id, TODAY)
    found = (Counted(shelf_id, sent.lot.stock_lot_id, counted),)
    services.enter_count(SYSTEM, CountEntry(key(), count.stock_count_id, found))
    note = Explanation(count.stock_count_id, shelf_id, sent.lot.stock_lot_id, CountCause.LOST, "tidak ditemukan")
    services.explain_difference(SYSTEM, note)
    services.post_count(SYSTEM, count.stock_count_id)


def _use(sent: Sent, quantity: int) -> None:
    services.use_stock(
        SYSTEM, StockUse(key(), sent.facility_id, sent.sbbk.campaign_id, TODAY, ((sent.lot.item_id, quantity),))
    )


def test_each_step_of_settling_is_asked_for_in_turn() -> None:
    sent = make_campaign_shipment(10)
    campaign_id = sent.sbbk.campaign_id or 0
    campaign = db.session.get_one(Campaign, campaign_id)
    campaign.state = CampaignState.APPROVED
    said = ArrivedLot(sent.lot.stock_lot_id, 8, missing=1, damaged=1, note="selisih")
    services.confirm_arrival(SYSTEM, arrival(sent, said))
    _use(sent, 5)
    assert _account(sent).unsettled is Unsettled.IN_TRANSIT
    lost = Settlement(key(), sent.sbbk.stock_document_id, sent.lot.stock_lot_id, 1, Fate.LOST, TODAY, "hilang")
    services.settle_difference(SYSTEM, lost)
    gone = state_change(
        sent.depot.shelf,
        sent.lot,
        1,
        state=StockState.DAMAGED,
        step=StateStep.WRITE_OFF,
        campaign_id=campaign_id,
    )
    services.change_state(SYSTEM, gone)
    assert _account(sent).unsettled is Unsettled.NOT_RETURNED
    with pytest.raises(CampaignNotSettled) as raised:
        close_campaign(SYSTEM, campaign_id)
    assert [account.not_returned for account in raised.value.accounts] == [3]
    services.return_leftovers(SYSTEM, key(), campaign_id, sent.facility_id)
    assert _account(sent).unsettled is Unsettled.NOT_COUNTED
    _count_shelf(sent, 0)
    account = _account(sent)
    # 0 + 10 - 5 used - 2 damaged or lost - 3 returned = 0 counted
    assert (account.opening, account.received, account.used, account.damaged, account.returned, account.counted) == (
        *(0, 10, 5, 2, 3),
        0,
    )
    assert close_campaign(SYSTEM, campaign_id).state is CampaignState.CLOSED


@pytest.mark.parametrize(("counted", "adjusted"), [(6, 0), (5, -1), (7, 1)])
def test_what_a_count_finds_beyond_the_books_is_explained_before_it_settles(counted: int, adjusted: int) -> None:
    sent = make_campaign_shipment(10)
    campaign_id = sent.sbbk.campaign_id or 0
    services.confirm_arrival(SYSTEM, arrival(sent))
    _use(sent, 10)
    make_same = services.Receipt(
        key(),
        sent.depot.warehouse.stock_place_id,
        TODAY,
        (
            services.IncomingLot(
                sent.lot.item_id,
                sent.lot.number,
                sent.lot.expires_on,
                sent.lot.production_year,
                sent.lot.unit_price,
                sent.lot.fund_source,
                6,
            ),
        ),
        "surat jalan",
    )
    services.receive_stock(SYSTEM, make_same)
    order = services.order_items(
        SYSTEM,
        services.ItemOrder(
            key(),
            sent.depot.warehouse.stock_place_id,
            sent.facility_id,
            TODAY,
            TODAY,
            ((sent.lot.item_id, 6),),
            "rutin",
        ),
    )
    routine = services.issue_stock(SYSTEM, services.StockIssue(key(), order.stock_document_id, TODAY))
    services.confirm_arrival(SYSTEM, arrival(Sent(sent.depot, sent.lot, routine)))
    _count_shelf(sent, counted)
    account = _account(sent)
    assert (account.expected, account.adjusted, account.counted, account.difference) == (6, adjusted, counted, 0)
    closing.require_settled(campaign_id)


def test_a_campaign_without_goods_is_settled() -> None:
    sent = make_campaign_shipment(10)
    make_stock(sent.depot.shelf, sent.lot.item_id, 3)
    assert closing.settlement((sent.sbbk.campaign_id or 0) + 1) == []
