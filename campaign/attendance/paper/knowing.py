"""What lines of paper are read against: who is on the list, what can be given, and what is recorded already."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.consent import Decision, Signer
from campaign.attendance.device.visits import VisitNow, visits_now
from campaign.attendance.pack.clients import consent_number
from campaign.attendance.paper.lines import Known, PaperDay
from campaign.attendance.recording import is_trained
from campaign.attendance.services import open_desk
from campaign.logistics import queries as stock
from campaign.outreach import expected as outreach
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession
    from campaign.outreach.models import Candidate
    from campaign.registry.models import Provider


def paper_day(session: "ServiceSession", codes: frozenset[int] = frozenset()) -> PaperDay:
    """Return what lines of a session are read against; `codes` are candidates of the campaign beside its own list."""
    people, known = people_of(session, codes), known_of(session.service_session_id)
    methods = registry.methods()
    return PaperDay(
        held_on=session.held_on,
        zone=clock.zone(),
        wished={who: person.method_code for who, person in people.items()},
        methods={method.code: method.needs_spouse_consent for method in methods},
        gives={
            who: frozenset(method.code for method in methods if is_trained(row, method, session.held_on))
            for who, row in providers_of(session).items()
        },
        lots={row.lot.number.casefold(): row.lot.stock_lot_id for row in stock.shelf(session.facility_id)},
        numbers={who: consent_number(session.service_session_id, who) for who in people},
        known=known,
    )


def people_to_key(actor: Actor, service_session_id: int) -> Mapping[int, "Candidate"]:
    """Return whose lines the printed list has, in its order; the read is audited."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    people = people_of(session)
    audit.record(actor, "read-attendance-list", ("service_session", service_session_id), candidate_ids=sorted(people))
    return people


def people_of(session: "ServiceSession", codes: frozenset[int] = frozenset()) -> Mapping[int, "Candidate"]:
    """Return who is expected, who came, and those of the campaign whose codes were typed; by time, then by id."""
    appointed = {row.candidate_id: row.expected_at for row in outreach.appointed_in([session.service_session_id])}
    came = {visit.candidate_id for visit in visits_now(session.service_session_id)}
    found = candidates_by_ids(appointed.keys() | came | codes)
    own = [person for person in found.values() if person.campaign_id == session.campaign_id]
    last = clock.now()
    own.sort(key=lambda person: (appointed.get(person.candidate_id, last), person.candidate_id))
    return {person.candidate_id: person for person in own}


def providers_of(session: "ServiceSession") -> Mapping[int, "Provider"]:
    """Return who works at the session, then everybody else of the facility."""
    at_work = registry.providers_by_ids(one.provider_id for one in session.providers)
    return at_work | {row.provider_id: row for row in registry.providers([session.facility_id])}


def known_of(service_session_id: int) -> dict[int, Known]:
    """Return what is recorded of each visit of a session."""
    return {visit.candidate_id: _known(visit) for visit in visits_now(service_session_id)}


def _known(visit: VisitNow) -> Known:
    outcome: dict[str, Any] | None = visit.outcome
    given = {one["signer"] for one in visit.consents if one["decision"] == Decision.GIVEN.value}
    return Known(
        has_arrived=True,
        allowed=None if visit.allowed is None else frozenset(visit.allowed),
        has_consent=Signer.CLIENT.value in given,
        has_spouse_consent=Signer.SPOUSE.value in given,
        ended=None if outcome is None else (outcome["kind"], outcome["method"]),
    )
