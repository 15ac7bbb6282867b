"""Use-cases at the door: write a household down, and what came of a visit."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, KeyReused, Mistake, NotFound
from campaign.events import queries as events
from campaign.outreach.candidates import CandidateRow, Channel, register_candidates
from campaign.outreach.field.models import Household, HouseVisit
from campaign.outreach.field.visits import FINAL, VisitResult
from campaign.outreach.identity import is_nik, phone_e164
from campaign.outreach.queries import candidate_by_key
from campaign.registry import queries as registry
from campaign.transaction import hold


class UnknownHousehold(NotFound):
    """No household has this id, or it is not for this actor."""

    code = "unknown-household"


class VisitedForGood(Conflict):
    """A visit has already settled this household in this campaign."""

    code = "visited-for-good"


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A couple to be visited; the same `key` again is the same couple."""

    key: str
    campaign_id: int
    kelurahan_code: str
    name: str
    address: str
    spouse_name: str = ""
    phone: str = ""
    birth_on: date | None = None
    poor_source: str = ""  # empty: not poor, as far as is known


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What came of a visit; the same `key` again is the same visit."""

    key: str
    household_id: int
    visited_on: date
    result: VisitResult
    method_code: str | None = None
    nik: str = ""
    may_be_messaged: bool = False
    poor_verified_on: date | None = None
    poor_verified_by: str = ""
    note: str = ""


def add_household(actor: Actor, new: NewHousehold) -> Household:
    """Put a household on the work list of its kelurahan."""
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=new.kelurahan_code))
    campaign = events.campaign(new.campaign_id)
    hold(f"household:{new.campaign_id}:{new.key}")
    query = select(Household).where(Household.campaign_id == new.campaign_id, Household.idempotency_key == new.key)
    first = db.session.scalar(query)
    if first is not None:
        if first.kelurahan_code != new.kelurahan_code:
            raise KeyReused(household_id=first.household_id)
        return first
    _require_sound(new, campaign.district_code)
    household = Household(
        campaign_id=new.campaign_id,
        idempotency_key=new.key,
        kelurahan_code=new.kelurahan_code,
        name=new.name.strip(),
        spouse_name=new.spouse_name.strip() or None,
        address=new.address.strip(),
        phone=phone_e164(new.phone) if new.phone else None,
        birth_on=new.birth_on,
        is_poor=bool(new.poor_source.strip()),
        poor_source=new.poor_source.strip() or None,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    db.session.add(household)
    db.session.flush()
    audit.record(actor, "add-household", ("household", household.household_id))
    return household


def _require_sound(new: NewHousehold, district_code: str) -> None:
    known = registry.known_kelurahan({new.kelurahan_code})
    rules = (
        ("kelurahan_code", "unknown-kelurahan", new.kelurahan_code not in known),
        ("kelurahan_code", "kelurahan-elsewhere", not new.kelurahan_code.startswith(district_code + ".")),
        ("name", "name-missing", not new.name.strip()),
        ("address", "text-length", not new.address.strip()),
        ("phone", "phone-form", bool(new.phone) and phone_e164(new.phone) is None),
        ("birth_on", "birth-in-future", new.birth_on is not None and new.birth_on >= clock.today()),
    )
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        raise Invalid(mistakes)


def read_household(actor: Actor, household_id: int) -> Household:
    """Return one household to whoever works in its kelurahan; the read is audited."""
    found = db.session.get(Household, household_id)
    if found is None:
        raise UnknownHousehold(household_id=household_id)
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=found.kelurahan_code))
    audit.record(actor, "read-household", ("household", household_id))
    return found


def record_visit(actor: Actor, new: NewVisit) -> HouseVisit:
    """Write a visit down; who is willing becomes a candidate in the same step."""
    household = db.session.get(Household, new.household_id, with_for_update=True, populate_existing=True)
    if household is None:
        raise UnknownHousehold(household_id=new.household_id)
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=household.kelurahan_code))
    first = db.session.scalar(select(HouseVisit).where(HouseVisit.idempotency_key == new.key))
    if first is not None:
        return first
    if any(visit.result in FINAL for visit in household.visits):
        raise VisitedForGood(household_id=new.household_id)
    _require_sound_visit(new)
    visit = HouseVisit(
        household_id=new.household_id,
        idempotency_key=new.key,
        visited_on=new.visited_on,
        result=new.result,
        method_code=new.method_code if new.result is VisitResult.WILLING else None,
        poor_verified_on=new.poor_verified_on,
        poor_verified_by=new.poor_verified_by.strip(),
        note=new.note.strip(),
        recorded_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(visit)
    db.session.flush()
    if new.result is VisitResult.WILLING:
        household.candidate_id = _list(actor, household, new)
    db.session.flush()
    db.session.expire(household, ["visits"])
    audit.record(actor, "record-house-visit", ("household", new.household_id), result=new.result.value)
    return visit


def _require_sound_visit(new: NewVisit) -> None:
    methods = {method.code for method in registry.methods()}
    is_willing = new.result is VisitResult.WILLING
    rules = (
        ("visited_on", "visit-in-future", new.visited_on > clock.today()),
        ("method_code", "choose-a-method", is_willing and new.method_code not in methods),
        ("nik", "nik-form", bool(new.nik) and not is_nik(new.nik)),
        ("poor_verified_by", "verifier-missing", bool(new.poor_verified_on) != bool(new.poor_verified_by.strip())),
        ("note", "text-length", len(new.note) > 300),
    )
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        raise Invalid(mistakes)


def _list(actor: Actor, household: Household, new: NewVisit) -> int:
    """Put the couple on the campaign's list under a key of their own; every rule of the list holds."""
    key = f"visit/{household.household_id}"
    may_write = new.may_be_messaged and household.phone is not None
    row = CandidateRow(
        list_key=key,
        kelurahan_code=household.kelurahan_code,
        method_code=new.method_code or "",
        name=household.name,
        address=household.address,
        channel=Channel.MESSAGE if may_write else Channel.CADRE,
        spouse_name=household.spouse_name,
        birth_on=household.birth_on,
        nik=new.nik or None,
        phone=household.phone,
        may_be_messaged=new.may_be_messaged,
        is_poor=household.is_poor,
        poor_source=household.poor_source,
    )
    register_candidates(actor, household.campaign_id, [row])
    return candidate_by_key(household.campaign_id, key)
