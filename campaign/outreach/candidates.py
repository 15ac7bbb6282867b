"""Put candidates on a campaign's list, and read the list with a trace of who read it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, reach, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.outreach.identity import is_nik, phone_e164
from campaign.outreach.models import Appointment, Candidate, CandidateSource, CandidateState
from campaign.outreach.models import Channel as Channel
from campaign.outreach.queries import CandidateFilter, CandidatePage, candidate_page, candidates_of
from campaign.privacy import vault
from campaign.registry import queries as registry
from campaign.registry.storing import Change, Counts, broken, store
from campaign.transaction import hold


class CandidatesInvalid(Invalid):
    """Rows of a list break rules. `where` is the row's position in the list and the field: "12.nik"."""

    code = "candidates-invalid"


class CampaignIsOver(Conflict):
    """The list of a campaign that was closed or cancelled stays as it is."""

    code = "campaign-is-over"


class WalkInInvalid(Invalid):
    """What was typed of a walk-in cannot be stored. `where` is the field."""

    code = "walk-in-invalid"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One line of a kelurahan's list."""

    list_key: str  # "33.75.01.1002/014"
    kelurahan_code: str
    method_code: str
    name: str
    address: str
    channel: Channel
    spouse_name: str | None = None
    birth_on: date | None = None
    nik: str | None = None
    phone: str | None = None  # as written; stored as +62…
    email: str | None = None
    may_be_messaged: bool = False
    is_poor: bool = False
    poor_source: str | None = None
    free_dates: tuple[date, ...] | None = None  # None: any
    language: str = "id"
    children: int | None = None
    youngest_child_months: int | None = None
    current_method: str | None = None
    insurance: str | None = None
    brought_by: str | None = None


@dataclass(frozen=True, slots=True)
class WalkIn:
    """A person who comes without being listed. Only what is needed to serve and to report is asked."""

    key: str  # made by the device: the same key is the same person
    campaign_id: int
    facility_id: int  # where they stand
    method_code: str
    name: str
    kelurahan_code: str | None = None  # None: unknown or from elsewhere; counted in the facility's kecamatan
    nik: str | None = None
    phone: str | None = None
    birth_on: date | None = None
    address: str = ""


# What a plan and its appointments were made of: once there is an appointment, only the plan may change these.
_PLANNED = ("kelurahan_code", "method_code", "is_poor", "free_dates")


def register_candidates(actor: Actor, campaign_id: int, rows: Sequence[CandidateRow]) -> Counts:
    """Put the rows on the campaign's list, or change what is there under the same list key; all or nothing."""
    for kelurahan in sorted({row.kelurahan_code for row in rows}):
        require(actor, Permission.LIST_CANDIDATES, Place(area_code=kelurahan))
    campaign = events.campaign(campaign_id)
    if campaign.state in (CampaignState.CLOSED, CampaignState.CANCELLED):
        raise CampaignIsOver(campaign_id=campaign_id, state=campaign.state.value)
    lock_list(campaign_id)
    listed = {row.list_key: row for row in candidates_of(CandidateFilter(campaign_id))}
    for kelurahan in sorted({listed[row.list_key].kelurahan_code for row in rows if row.list_key in listed}):
        require(actor, Permission.LIST_CANDIDATES, Place(area_code=kelurahan))  # nobody takes over another's candidate
    rows = [_with_phone(row) for row in rows]
    mistakes = (*_mistakes_of(rows, campaign.district_code), *_clashes(rows, listed))
    if mistakes:
        raise CandidatesInvalid(mistakes)
    counts = Counts.of(_put(campaign_id, row, listed.get(row.list_key)) for row in rows)
    db.session.flush()
    if counts.touched:
        audit.record(actor, "register-candidates", ("campaign", campaign_id), new=counts.new, changed=counts.changed)
    return counts


def lock_list(campaign_id: int) -> None:
    """Let one transaction at a time change a campaign's list: two may bring the same person.

    Approval takes it too, so that nobody changes a candidate who is just being given an appointment. Before the
    campaign's row, always: whoever adds a candidate holds the list and then refers to that row.
    """
    hold(f"candidate-list:{campaign_id}")


def _with_phone(row: CandidateRow) -> CandidateRow:
    if row.phone is None:
        return row
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return CandidateRow(**values | {"phone": phone_e164(row.phone) or row.phone})


def _mistakes_of(rows: Sequence[CandidateRow], district_code: str) -> list[Mistake]:
    kelurahan = registry.known_kelurahan({row.kelurahan_code for row in rows})
    methods = {method.code for method in registry.methods()}
    keys = Counter(row.list_key for row in rows)
    niks = Counter(row.nik for row in rows if row.nik is not None)
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        rules = (
            ("kelurahan_code", "unknown-kelurahan", row.kelurahan_code not in kelurahan),
            ("kelurahan_code", "kelurahan-elsewhere", not row.kelurahan_code.startswith(district_code + ".")),
            ("method_code", "unknown-method", row.method_code not in methods),
            ("list_key", "listed-twice", keys[row.list_key] > 1),
            ("name", "name-missing", not row.name.strip()),
            ("nik", "nik-form", row.nik is not None and not is_nik(row.nik)),
            ("nik", "nik-listed-twice", row.nik is not None and niks[row.nik] > 1),
            ("phone", "phone-form", row.phone is not None and phone_e164(row.phone) is None),
            ("email", "email-form", row.email is not None and not looks_like_email(row.email)),
            ("email", "email-missing", row.channel is Channel.EMAIL and row.email is None),
            ("phone", "phone-missing", row.channel is Channel.MESSAGE and row.phone is None),
            ("poor_source", "poor-source-missing", row.is_poor and not row.poor_source),
            ("poor_source", "poor-source-without-poor", not row.is_poor and bool(row.poor_source)),
        )
        mistakes += broken(position, rules)
    return mistakes


def looks_like_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    name, at, domain = text.rpartition("@")
    return bool(at and name and "." in domain.strip(".") and not any(c.isspace() for c in text))


def _clashes(rows: Sequence[CandidateRow], listed: dict[str, Candidate]) -> list[Mistake]:
    """Return what clashes with the list as it stands: a NIK under another key, a change against an appointment."""
    key_of_nik = {row.nik_print: key for key, row in listed.items() if row.nik_print is not None}
    ids = [listed[row.list_key].candidate_id for row in rows if row.list_key in listed]
    appointed = set(db.session.scalars(select(Appointment.candidate_id).where(Appointment.candidate_id.in_(ids))))
    mistakes: list[Mistake] = []
    for position, row in enumerate(rows):
        if row.nik is not None and key_of_nik.get(vault().fingerprint(row.nik), row.list_key) != row.list_key:
            mistakes.append(Mistake(f"{position}.nik", "nik-listed-already"))
        known = listed.get(row.list_key)
        if known is not None and known.candidate_id in appointed:
            changed = [name for name in _PLANNED if _stored(row)[name] != getattr(known, name)]
            mistakes += [Mistake(f"{position}.{name}", "candidate-has-appointment") for name in changed]
    return mistakes


def _stored(row: CandidateRow) -> dict[str, object]:
    """Return the columns of a row as the table holds them."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return values | {
        "free_dates": None if row.free_dates is None else sorted(set(row.free_dates)),
        "nik_print": None if row.nik is None else vault().fingerprint(row.nik),
        "phone_print": None if row.phone is None else vault().fingerprint(row.phone),
    }


def _put(campaign_id: int, row: CandidateRow, known: Candidate | None) -> Change:
    origin = {} if known else _origin(campaign_id, CandidateSource.LIST)
    return store(Candidate, known, origin | _stored(row))[1]


def _origin(campaign_id: int, source: CandidateSource) -> dict[str, object]:
    return {"campaign_id": campaign_id, "source": source, "state": CandidateState.LISTED, "created_at": clock.now()}


def register_walk_in(actor: Actor, walk_in: WalkIn) -> int:
    """Return the candidate for a person who came unlisted; a known NIK or key returns who is there already."""
    place = registry.place_of(walk_in.facility_id)
    require(actor, Permission.RECORD_ATTENDANCE, place)
    list_key = "walk-in/" + hashlib.sha256(walk_in.key.encode()).hexdigest()[:32]
    phone = None if walk_in.phone is None else phone_e164(walk_in.phone)
    _refuse_nonsense(walk_in, phone)
    lock_list(walk_in.campaign_id)
    known = _known(walk_in, list_key)
    if known is not None:
        audit.record(actor, "recognise-candidate", ("candidate", known))
        return known
    row = CandidateRow(
        list_key=list_key,
        kelurahan_code=walk_in.kelurahan_code or str(place.area_code),
        method_code=walk_in.method_code,
        name=walk_in.name,
        address=walk_in.address,
        channel=Channel.CADRE,
        birth_on=walk_in.birth_on,
        nik=walk_in.nik,
        phone=phone,
    )
    candidate = Candidate(**_origin(walk_in.campaign_id, CandidateSource.WALK_IN) | _stored(row))
    db.session.add(candidate)
    db.session.flush()
    audit.record(actor, "register-walk-in", ("candidate", candidate.candidate_id), facility=walk_in.facility_id)
    return candidate.candidate_id


def _refuse_nonsense(walk_in: WalkIn, phone: str | None) -> None:
    rules = (
        ("name", "name-missing", not walk_in.name.strip()),
        ("nik", "nik-form", walk_in.nik is not None and not is_nik(walk_in.nik)),
        ("phone", "phone-form", walk_in.phone is not None and phone is None),
    )
    mistakes = tuple(Mistake(field, code) for field, code, is_broken in rules if is_broken)
    if mistakes:
        raise WalkInInvalid(mistakes)
    registry.method(walk_in.method_code)
    if walk_in.kelurahan_code is not None:
        registry.area(walk_in.kelurahan_code)


def _known(walk_in: WalkIn, list_key: str) -> int | None:
    same = Candidate.list_key == list_key
    if walk_in.nik is not None:
        same |= Candidate.nik_print == vault().fingerprint(walk_in.nik)
    query = select(Candidate.candidate_id).where(Candidate.campaign_id == walk_in.campaign_id, same)
    return db.session.scalars(query.order_by(Candidate.candidate_id)).first()


def read_candidates(actor: Actor, which: CandidateFilter, page: int = 1) -> CandidatePage:
    """Return a page of the campaign's list that the actor may see by name; the read leaves one audit line."""
    require(actor, Permission.SEE_CANDIDATES)
    found = candidate_page(which, reach(actor, Permission.SEE_CANDIDATES), page)
    ids = [row.candidate_id for row in found.candidates]
    if ids:
        audit.record(actor, "read-candidates", ("campaign", which.campaign_id), candidate_ids=ids)
    return found
