"""Any order of movements keeps the ledger true: there and back, states, transfers, counts, undoing."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import ClassVar

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import CampaignError
from campaign.logistics import count_sheet, queries, services, transit
from campaign.logistics.conditions import steps_from
from campaign.logistics.count_models import CountCause
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, PlaceKind, Reservation, StockBalance, StockDocument, StockPlace
from campaign.logistics.services import (
    Arrival,
    ArrivedLot,
    Counted,
    CountEntry,
    Explanation,
    Fate,
    IssueOrder,
    Pick,
    Reversal,
    Settlement,
    StateStep,
    StockIssue,
    StockReturn,
    StockState,
    StockUse,
    Transfer,
)
from campaign.logistics.transit import Transit
from campaign.transaction import dry_run, savepoint
from tests.builders.events import make_campaign
from tests.builders.logistics import TODAY, incoming, item_order, key, make_depot, make_plan_run, receipt
from tests.builders.supply import hospital_shelf, state_change
from tests.conftest import NOON

QUANTITIES = st.integers(1, 8)
LIVES = st.sampled_from((0, 1, 400)).map(lambda days: TODAY + timedelta(days))
DELIVER_ON = TODAY + timedelta(2)


class Ledger(RuleBasedStateMachine):
    """Goes through the use-cases and keeps its own account of what must stand where."""

    reached: ClassVar[set[DocumentKind]] = set()  # over all runs
    orders = Bundle("orders")
    written = Bundle("written")

    def __init__(self) -> None:
        super().__init__()
        self.clock = clock.standing_at(NOON)
        self.clock.__enter__()
        self.undone = dry_run()
        self.undone.__enter__()
        self.depot = make_depot()
        self.item_id = self.depot.city.iud.item_id
        self.facility_id = self.depot.city.puskesmas.facility_id
        self.campaign_id = make_campaign(self.depot.city).campaign_id
        self.expected: Counter[tuple[int, int]] = Counter()
        self.today = TODAY

    def teardown(self) -> None:
        try:  # once a run: every step compares the balances by the machine's own account already
            assert services.verify_stock(SYSTEM).differences == []
        finally:
            self.undone.__exit__(None, None, None)
            self.clock.__exit__(None, None, None)
            db.session.remove()

    def _did(self, document: StockDocument) -> int:
        """Write down what a document says it moved, and return its id."""
        kind = document.kind
        self.reached.add(kind)
        if document.reverses_id:
            kind = db.session.get_one(StockDocument, document.reverses_id).kind
        if kind is not DocumentKind.ISSUE_ORDER:
            for line in document.lines:
                self.expected[document.from_place_id, line.stock_lot_id] -= line.quantity
                self.expected[document.to_place_id, line.stock_lot_id] += line.quantity
                may_be_expired = document.kind not in (DocumentKind.ISSUE, DocumentKind.USE, DocumentKind.TRANSFER)
                assert may_be_expired or line.lot.expires_on >= document.occurred_on
        return document.stock_document_id

    def _try(self, act: Callable[[], StockDocument]) -> int | MultipleResults[int]:
        """Act; a refusal is as good as a success, and leaves nothing to go on with."""
        newest = db.session.query(func.max(StockDocument.stock_document_id)).scalar() or 0
        try:
            with savepoint():
                main = act().stock_document_id
        except CampaignError:
            return multiple()
        return self._wrote(newest, main)

    def _wrote(self, newest: int, main: int) -> int:
        """Write down every document since `newest`: a use may show arrivals, an arrival sets damaged goods aside."""
        since = StockDocument.stock_document_id > newest
        for document in db.session.query(StockDocument).filter(since).order_by(StockDocument.stock_document_id):
            self._did(document)
        return main

    @initialize(target=written)
    def start_with_goods_at_both_places(self) -> int:
        lines = [incoming(self.item_id, 20, expires_on=TODAY + timedelta(days)) for days in (0, 300)]
        self._did(services.receive_stock(SYSTEM, receipt(self.depot, *lines)))
        self.reserve(12)
        order = self._did(services.order_issue(SYSTEM, self._planned()))
        return self._did(services.issue_stock(SYSTEM, StockIssue(key(), order, TODAY)))

    def _planned(self) -> IssueOrder:
        return IssueOrder(
            key(), self.campaign_id, self.depot.warehouse.stock_place_id, self.facility_id, DELIVER_ON, TODAY
        )

    @rule(target=written, quantity=QUANTITIES, expires_on=LIVES)
    def receive(self, quantity: int, expires_on: date) -> int | MultipleResults[int]:
        line = incoming(self.item_id, quantity, expires_on=expires_on)
        return self._try(lambda: services.receive_stock(SYSTEM, receipt(self.depot, line)))

    @rule(quantity=QUANTITIES)
    def reserve(self, quantity: int) -> None:
        on_hand = queries.warehouses_for_planning()[0].lots
        lines = [
            services.PlannedDelivery(
                self.depot.warehouse.stock_place_id, self.facility_id, lot.stock_lot_id, DELIVER_ON, quantity
            )
            for lot in on_hand
            if lot.expires_on >= DELIVER_ON
        ]
        if lines:
            run = make_plan_run(self.campaign_id)
            with suppress(CampaignError), savepoint():
                services.reserve_for_plan(SYSTEM, run.plan_run_id, self.campaign_id, lines[:1])

    @rule(target=orders)
    def order_planned(self) -> int | MultipleResults[int]:
        return self._try(lambda: services.order_issue(SYSTEM, self._planned()))

    @rule(target=orders, quantity=QUANTITIES)
    def order_by_hand(self, quantity: int) -> int | MultipleResults[int]:
        return self._try(lambda: services.order_items(SYSTEM, item_order(self.depot, quantity)))

    @rule(target=written, order=orders)
    def issue(self, order: int) -> int | MultipleResults[int]:
        return self._try(lambda: services.issue_stock(SYSTEM, StockIssue(key(), order, TODAY)))

    @rule(target=written, order=orders, quantity=QUANTITIES)
    def issue_a_part(self, order: int, quantity: int) -> int | MultipleResults[int]:
        lot_id = db.session.get_one(StockDocument, order).lines[0].stock_lot_id
        picks = (Pick(lot_id, lot_id, quantity),)
        return self._try(lambda: services.issue_stock(SYSTEM, StockIssue(key(), order, TODAY, picks=picks)))

    @rule(target=written, parts=st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)))
    def arrive(self, parts: tuple[int, int, int]) -> int | MultipleResults[int]:
        rows = transit.underway(Transit())
        if not rows:
            return multiple()
        refused, missing, damaged = parts
        mine = [row for row in rows if row.shipment_id == rows[0].shipment_id]
        odd = refused + missing + damaged
        lots = tuple(
            ArrivedLot(row.stock_lot_id, row.quantity - odd, refused, missing, damaged, "selisih") for row in mine
        )
        said = Arrival(key(), rows[0].shipment_id, TODAY, lots)
        return self._try(lambda: services.confirm_arrival(SYSTEM, said))

    @rule(target=written, quantity=QUANTITIES, fate=st.sampled_from(Fate))
    def settle(self, quantity: int, fate: Fate) -> int | MultipleResults[int]:
        rows = transit.underway(Transit())
        if not rows:
            return multiple()
        settlement = Settlement(key(), rows[-1].shipment_id, rows[-1].stock_lot_id, quantity, fate, TODAY, "dicek")
        return self._try(lambda: services.settle_difference(SYSTEM, settlement))

    @rule(
        target=written,
        quantity=QUANTITIES,
        change=st.sampled_from([(state, step) for state in StockState for step in steps_from(state)]),
        at=st.integers(0, 1),
    )
    def change_state(self, quantity: int, change: tuple[StockState, StateStep], at: int) -> int | MultipleResults[int]:
        state, step = change
        place = (self.depot.warehouse, self.depot.shelf)[at]
        kinds = {StockState.QUARANTINED: PlaceKind.QUARANTINE, StockState.DAMAGED: PlaceKind.DAMAGED}
        held = db.session.query(StockBalance).join(StockPlace, StockPlace.stock_place_id == StockBalance.stock_place_id)
        here = func.coalesce(StockPlace.of_place_id, StockPlace.stock_place_id) == place.stock_place_id
        row = held.filter(here, StockPlace.kind == kinds.get(state, place.kind), StockBalance.quantity > 0).first()
        if row is None:
            return multiple()
        lot = queries.lots_by_ids([row.stock_lot_id])[row.stock_lot_id]
        wanted = state_change(place, lot, min(quantity, row.quantity), state=state, step=step)
        return self._try(lambda: services.change_state(SYSTEM, wanted))

    @rule(target=written, quantity=QUANTITIES)
    def transfer(self, quantity: int) -> int | MultipleResults[int]:
        shelf = queries.shelf(self.facility_id)
        if not shelf:
            return multiple()
        lines = (Line(shelf[-1].lot.stock_lot_id, quantity),)
        ends = (self.facility_id, self.depot.city.hospital.facility_id)
        return self._try(lambda: services.transfer_stock(SYSTEM, Transfer(key(), *ends, TODAY, lines, "kehabisan")))

    @rule(more=st.integers(-3, 3), at=st.integers(0, 2))
    def count(self, more: int, at: int) -> None:
        """Count everything; one lot differs."""
        place = (self.depot.warehouse, self.depot.shelf, hospital_shelf(self.depot))[at]
        newest = db.session.query(func.max(StockDocument.stock_document_id)).scalar() or 0
        with suppress(CampaignError), savepoint():
            count = services.open_count(SYSTEM, key(), place.stock_place_id, TODAY)
            lines = count_sheet.sheet(count)
            held = {(line.place.stock_place_id, line.lot.stock_lot_id): 0 for line in lines}
            held |= {of: self.expected[of] for of in held}
            lots = tuple(
                Counted(*of, max(0, quantity + (more if index == 0 else 0)))
                for index, (of, quantity) in enumerate(held.items())
            )
            services.enter_count(SYSTEM, CountEntry(key(), count.stock_count_id, lots))
            for of in held:
                explanation = Explanation(count.stock_count_id, *of, CountCause.UNKNOWN, "tidak jelas")
                services.explain_difference(SYSTEM, explanation)
            services.post_count(SYSTEM, count.stock_count_id)
        self._wrote(newest, 0)

    @rule(target=written, quantity=QUANTITIES)
    def use(self, quantity: int) -> int | MultipleResults[int]:
        use = StockUse(key(), self.facility_id, self.campaign_id, TODAY, ((self.item_id, quantity),))
        return self._try(lambda: db.session.get_one(StockDocument, services.use_stock(SYSTEM, use)))

    @rule(target=written)
    def send_back(self) -> int | MultipleResults[int]:
        left = queries.leftovers(self.campaign_id, self.facility_id)
        lines = tuple(Line(row.stock_lot_id, row.quantity) for row in left)
        back = StockReturn(key(), self.facility_id, self.campaign_id, self.depot.warehouse.stock_place_id, TODAY, lines)
        return self._try(lambda: services.return_stock(SYSTEM, back))

    @rule(document=st.one_of(written, orders))
    def undo(self, document: int) -> None:
        self._try(lambda: services.reverse(SYSTEM, Reversal(key(), document, TODAY, "salah")))

    @invariant()
    def balances_are_the_sum_of_what_was_moved(self) -> None:
        stored = {
            (row.stock_place_id, row.stock_lot_id): row.quantity
            for row in db.session.query(StockBalance).populate_existing()
        }
        assert {k: v for k, v in stored.items() if v} == {k: v for k, v in self.expected.items() if v}

    @invariant()
    def nothing_real_is_below_nothing_or_below_what_is_reserved(self) -> None:
        real = {place.stock_place_id for place in db.session.query(StockPlace).filter_by(is_real=True)}
        assert all(quantity >= 0 for (place, _), quantity in self.expected.items() if place in real)
        held: Counter[tuple[int, int]] = Counter()
        for row in db.session.query(Reservation).filter_by(issue_id=None, released_at=None).populate_existing():
            held[row.warehouse_id, row.stock_lot_id] += row.quantity
        assert all(self.expected[of] >= quantity for of, quantity in held.items())

    @invariant()
    def the_campaigns_account_adds_up(self) -> None:
        for row in queries.campaign_stock(self.campaign_id):
            assert row.issued == row.used + row.returned + row.lost + row.remaining
            assert min(row.issued, row.used, row.used_own, row.returned, row.remaining) >= 0

    @invariant()
    def what_is_open_of_all_shipments_is_what_travels(self) -> None:
        open_sum: Counter[tuple[int, int]] = Counter()
        for row in transit.underway(Transit()):
            open_sum[row.transit_id, row.stock_lot_id] += row.quantity
        ways = {place.stock_place_id for place in db.session.query(StockPlace).filter_by(kind=PlaceKind.TRANSIT)}
        assert open_sum == {of: quantity for of, quantity in self.expected.items() if of[0] in ways and quantity}


def test_any_order_of_movements_keeps_the_ledger_true(app: Flask) -> None:
    bounded = settings(
        max_examples=8,  # of 40 steps each; that they reach every kind of document is asserted below
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ledger, settings=bounded)  # type: ignore[no-untyped-call]
    never_here = {DocumentKind.OPENING}
    assert Ledger.reached == set(DocumentKind) - never_here
