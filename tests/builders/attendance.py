"""A service day: an approved plan with one session, people expected there, and goods on its shelf."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid4

from campaign import clock
from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.recording import OutcomeRecord, record_outcome
from campaign.attendance.screening import Answers
from campaign.attendance.screenings import ScreeningRecord, record_screening
from campaign.attendance.services import Scan, check_in
from campaign.db import db
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign, ServiceSession
from campaign.logistics.models import (
    DocumentKind,
    FundSource,
    PlaceKind,
    StockDocument,
    StockDocumentLine,
    StockLot,
    StockPlace,
)
from campaign.logistics.places import ensure_places, shelf_of
from campaign.logistics.posting import move
from campaign.outreach.models import Appointment, Candidate
from campaign.planning.models import PlanRun, PlanState
from campaign.registry.models import Item
from campaign.registry.queries import method
from tests.builders.accounts import make_account
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import make_campaign
from tests.builders.registry import DISTRICT, City, make_city

HELD_ON = date(2027, 6, 15)
NINE = datetime(2027, 6, 15, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
WELL = Answers(
    systolic=120, diastolic=80, has_pelvic_inflammation=False, has_gynaecological_tumour=False, has_diabetes=False
)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """What make_service_day made."""

    city: City
    campaign: Campaign
    session: ServiceSession
    staff: Actor  # of the session's facility, with an account
    plan_run_id: int

    @property
    def session_id(self) -> int:
        """Return the session's id."""
        return self.session.service_session_id


def staff_of(facility_id: int) -> Actor:
    """Add an account of a facility and return it as somebody who acts."""
    grant = Grant(Role.FACILITY, facility_id=facility_id)
    return Actor(make_account(grant).account_id, (grant,))


def make_service_day(iuds: int = 5, pills: int = 30) -> ServiceDay:
    """Add a city whose campaign has an approved plan: a session at the puskesmas, goods on its shelf, no people."""
    city = make_city()
    for code, register_code in (("iud", 9), ("pill", 4), ("condom", 6)):
        method(code).register_code = register_code
    campaign = make_campaign(city)
    staff = staff_of(city.puskesmas.facility_id)
    run = _approved_run(campaign, staff)
    campaign.state = CampaignState.APPROVED
    session = make_session(campaign, run.plan_run_id, city.puskesmas.facility_id)
    ensure_places(SYSTEM)
    for item, quantity in ((city.iud, iuds), (city.pill, pills)):
        put_on_shelf(city.puskesmas.facility_id, item, quantity, campaign_id=campaign.campaign_id)
    return ServiceDay(city, campaign, session, staff, run.plan_run_id)


def _approved_run(campaign: Campaign, by: Actor) -> PlanRun:
    run = PlanRun(
        campaign_id=campaign.campaign_id,
        idempotency_key=f"run-{next(_numbers)}",
        state=PlanState.APPROVED,
        seconds=60,
        workers=2,
        seed=1,
        requested_at=clock.now(),
        plan={},
        approved_at=clock.now(),
        approved_by_id=by.account_id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def make_session(campaign: Campaign, plan_run_id: int, facility_id: int, held_on: date = HELD_ON) -> ServiceSession:
    """Add a session from 08:00 to 14:00."""
    session = ServiceSession(
        campaign_id=campaign.campaign_id,
        plan_run_id=plan_run_id,
        facility_id=facility_id,
        held_on=held_on,
        opens_at=time(8),
        closes_at=time(14),
    )
    db.session.add(session)
    db.session.flush()
    return session


def put_on_shelf(facility_id: int, item: Item, quantity: int, campaign_id: int | None = None) -> None:
    """Issue one lot of an item from a warehouse to the facility's shelf, under no order."""
    number = next(_numbers)
    warehouse = StockPlace(
        code=f"G{number}",
        name="Gudang",
        kind=PlaceKind.WAREHOUSE,
        is_real=True,
        area_code=DISTRICT,
        lat=-6.9,
        lon=109.67,
    )
    lot = StockLot(
        item_id=item.item_id,
        number=f"L{number}",
        expires_on=date(2029, 12, 31),
        unit_price=10_000,
        fund_source=FundSource.APBN,
    )
    db.session.add_all([warehouse, lot])
    db.session.flush()
    supplier = db.session.query(StockPlace).filter_by(kind=PlaceKind.SUPPLIER).one()
    ends = ((DocumentKind.OPENING, supplier, warehouse), (DocumentKind.ISSUE, warehouse, shelf_of(facility_id)))
    for kind, source, goal in ends:
        document = StockDocument(
            kind=kind,
            number=f"{kind.value}/{number}",
            idempotency_key=f"{kind.value}-{number}",
            occurred_on=clock.today(),
            recorded_at=clock.now(),
            from_place_id=source.stock_place_id,
            to_place_id=goal.stock_place_id,
            campaign_id=campaign_id if kind is DocumentKind.ISSUE else None,
            reason="",
            lines=[StockDocumentLine(position=1, stock_lot_id=lot.stock_lot_id, quantity=quantity)],
        )
        db.session.add(document)
        db.session.flush()
        move(document)


def expect(day: ServiceDay, wish: Wish | None = None, minutes: int = 0) -> Candidate:
    """Add a candidate with an appointment so many minutes after nine."""
    candidate = make_candidate(day.campaign.campaign_id, wish)
    db.session.add(
        Appointment(
            plan_run_id=day.plan_run_id,
            candidate_id=candidate.candidate_id,
            service_session_id=day.session_id,
            expected_at=NINE + timedelta(minutes=minutes),
            provider_id=day.city.midwife.provider_id,
        )
    )
    db.session.flush()
    return candidate


def scan(day: ServiceDay, candidate: Candidate, at: datetime = NINE, scan_id: UUID | None = None) -> Scan:
    """Return the scan of a candidate's card."""
    return Scan(scan_id or uuid4(), day.session_id, at, candidate_id=candidate.candidate_id)


def arrive(day: ServiceDay, candidate: Candidate, answers: Answers | None = WELL) -> None:
    """Check a candidate in and screen them; answers None: not screened."""
    check_in(day.staff, scan(day, candidate))
    if answers is not None:
        record_screening(day.staff, ScreeningRecord(uuid4(), day.session_id, candidate.candidate_id, answers, NINE))


def service(day: ServiceDay, method_code: str = "iud") -> Ending:
    """Return a valid service by the midwife."""
    provider_id = day.city.midwife.provider_id
    return Ending(OutcomeKind.SERVED, method_code, provider_id=provider_id, consent_number="IC-001")


def ended(day: ServiceDay, candidate: Candidate, ending: Ending, replaces_id: int | None = None) -> OutcomeRecord:
    """Return the record of how a candidate's visit ended."""
    return OutcomeRecord(uuid4(), day.session_id, candidate.candidate_id, ending, NINE, replaces_id)


def serve(day: ServiceDay, candidate: Candidate, method_code: str = "iud") -> int:
    """Check in, screen and serve a candidate; return the outcome's id."""
    arrive(day, candidate)
    return record_outcome(day.staff, ended(day, candidate, service(day, method_code)))
