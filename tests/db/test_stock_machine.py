"""Any order of receiving, ordering, issuing, using, returning, withdrawing and reversing keeps the ledger true."""

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

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.errors import CampaignError
from campaign.logistics import queries, services
from campaign.logistics.ledger import Line
from campaign.logistics.models import DocumentKind, Reservation, StockBalance, StockDocument, StockPlace
from campaign.logistics.services import IssueOrder, Reversal, StockIssue, StockReturn, StockUse
from campaign.transaction import dry_run, savepoint
from tests.builders.events import make_campaign
from tests.builders.logistics import TODAY, incoming, item_order, key, make_depot, make_plan_run, receipt
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
                may_be_expired = document.kind not in (DocumentKind.ISSUE, DocumentKind.USE)
                assert may_be_expired or line.lot.expires_on >= document.occurred_on
        return document.stock_document_id

    def _try(self, act: Callable[[], StockDocument]) -> int | MultipleResults[int]:
        """Act; a refusal is as good as a success, and leaves nothing to go on with."""
        try:
            with savepoint():
                return self._did(act())
        except CampaignError:
            return multiple()

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
        assert services.verify_stock(SYSTEM).differences == []

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
            assert row.issued == row.used + row.returned + row.remaining
            assert min(row.issued, row.used, row.used_own, row.returned, row.remaining) >= 0


def test_any_order_of_movements_keeps_the_ledger_true(app: Flask) -> None:
    bounded = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ledger, settings=bounded)  # type: ignore[no-untyped-call]
    never_here = {DocumentKind.OPENING, DocumentKind.COUNT, DocumentKind.WRITE_OFF}
    assert Ledger.reached == set(DocumentKind) - never_here
