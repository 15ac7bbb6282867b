"""The need of a campaign with an approved plan: lots per facility and date, the kit, the routine, what is missing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaign.accounts.policy import Actor, Permission, require
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.events.models import Campaign
from campaign.logistics import kits, need_queries
from campaign.logistics.kits import Counts, KitBasis, KitThing
from campaign.logistics.need_queries import HeldLot, RoutineStock
from campaign.logistics.norms import reckoning
from campaign.outreach.expected import appointed_in, origins_of
from campaign.registry import queries as registry
from campaign.reports import needing
from campaign.reports.needing import Missing, SessionCount


class NothingToSupply(Conflict):
    """The campaign has no approved plan."""

    code = "nothing-to-supply"


@dataclass(frozen=True, slots=True)
class KitNeed:
    """So many of a thing, for a session or for more than one."""

    thing: KitThing
    quantity: int


@dataclass(frozen=True, slots=True)
class SessionNeed:
    """What one facility needs on one date."""

    facility_id: int
    held_on: date
    people: int
    lots: tuple[HeldLot, ...]  # that come for this session
    kit: tuple[KitNeed, ...]


@dataclass(frozen=True, slots=True)
class CampaignNeed:
    """Everything that the warehouse prepares for a campaign."""

    campaign: Campaign
    sessions: tuple[SessionNeed, ...]
    kit: tuple[KitNeed, ...]  # totals
    balance: tuple[Missing, ...]
    routine: tuple[RoutineStock, ...]
    order_kit_by: date

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return the items of which there is too little."""
        return tuple(row for row in self.balance if row.quantity)


def read_need(actor: Actor, campaign_id: int) -> CampaignNeed:
    """Return the need of a campaign; raise NothingToSupply while no plan is approved."""
    require(actor, Permission.SEE_STOCK)
    campaign = events.visible_campaign(actor, campaign_id)
    counted = _sessions(campaign_id)
    if not counted:
        raise NothingToSupply(campaign_id=campaign_id)
    held = need_queries.held_for(campaign_id)
    facilities = {row.facility_id for row in counted}
    things = [thing for _, thing in kits.kit()]
    first = min(row.held_on for row in counted)
    rules = reckoning()
    supply = needing.Supply(
        _held(held), need_queries.free_for_campaigns(facilities), rules.buffer_percent, rules.procurement_days
    )
    balance = needing.balance(counted, _uses(), supply)
    return CampaignNeed(
        campaign,
        tuple(_session(row, held, things, counted) for row in counted),
        _kit(things, _counts(counted, len(facilities), 1)),
        tuple(balance),
        tuple(need_queries.routine_stock(facilities)),
        first - timedelta(rules.procurement_days),
    )


def _sessions(campaign_id: int) -> list[SessionCount]:
    sessions = {row.service_session_id: row for row in events.sessions_of(campaign_id)}
    methods = {origin.candidate_id: origin.method_code for origin in origins_of(campaign_id)}
    people: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in appointed_in(sessions):
        people[row.service_session_id][methods[row.candidate_id]] += 1
    found = [SessionCount(row.facility_id, row.held_on, dict(people[key])) for key, row in sessions.items()]
    return sorted(found, key=lambda row: (row.held_on, row.facility_id))


def _uses() -> dict[str, dict[int, int]]:
    return {method.code: {use.item_id: use.quantity for use in method.uses} for method in registry.methods()}


def _held(held: list[HeldLot]) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for row in held:
        sums[row.lot.item_id] += row.quantity
    return dict(sums)


def _session(row: SessionCount, held: list[HeldLot], things: list[KitThing], all_of: list[SessionCount]) -> SessionNeed:
    """A delivery goes to the first session of the facility on or after its date; a banner hangs from the first."""
    mine = sorted(one.held_on for one in all_of if one.facility_id == row.facility_id)
    before = max((day for day in mine if day < row.held_on), default=None)
    lots = tuple(
        lot
        for lot in held
        if lot.facility_place.facility_id == row.facility_id
        and (before is None or lot.deliver_on > before)
        and (lot.deliver_on <= row.held_on or row.held_on == mine[-1])
    )
    counts = _counts([row], 1 if row.held_on == mine[0] else 0, 0)
    return SessionNeed(row.facility_id, row.held_on, sum(row.people.values()), lots, _kit(things, counts))


def _counts(sessions: list[SessionCount], facilities: int, campaigns: int) -> Counts:
    people: Counter[str] = Counter()
    for session in sessions:
        people.update(session.people)
    things: Mapping[KitBasis, int] = {
        KitBasis.SESSION: len(sessions),
        KitBasis.FACILITY: facilities,
        KitBasis.CAMPAIGN: campaigns,
    }
    return Counts({KitBasis.CANDIDATE: people, KitBasis.ACCEPTOR: people}, things)


def _kit(things: list[KitThing], counts: Counts) -> tuple[KitNeed, ...]:
    found = (KitNeed(thing, kits.needed(thing, counts)) for thing in things)
    return tuple(row for row in found if row.quantity)
