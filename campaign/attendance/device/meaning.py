"""What each kind of event does: the use-case it calls, with what the device told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from campaign.accounts.policy import Actor
from campaign.attendance.checkin import Answer, Refused, Repeat
from campaign.attendance.consent import Decision, Signer, Way
from campaign.attendance.consenting import ConsentRecord, has_image, record_consent
from campaign.attendance.device.protocol import EventKind
from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.recording import OutcomeRecord, outcome_of_record, record_outcome
from campaign.attendance.screening import Answers, Finding
from campaign.attendance.screenings import CardVerdict, ScreeningRecord, record_card, record_screening
from campaign.attendance.services import Scan, check_in
from campaign.attendance.stations import AftercareRecord, AidRecord, VisitKey, give_aid, move_to, record_aftercare
from campaign.attendance.visit_models import AftercareKind, AidKind, Stop
from campaign.events import queries as events
from campaign.outreach.candidates import WalkIn, register_walk_in


@dataclass(frozen=True, slots=True)
class Told:
    """One event with its person and time worked out."""

    event_id: UUID
    service_session_id: int
    candidate_id: int | None
    at: datetime
    data: Mapping[str, Any]

    @property
    def visit(self) -> VisitKey:
        """Return the visit that the event tells of."""
        assert self.candidate_id is not None, "only an arrival brings its own person"
        return VisitKey(self.event_id, self.service_session_id, self.candidate_id, self.at)


def arrive(actor: Actor, told: Told, candidate_id: int | None) -> tuple[int, str | None]:
    """Check somebody in; register them first when nobody knows them. Return who it is and how it was answered."""
    if candidate_id is None and told.data.get("walk_in"):
        candidate_id = register_walk_in(actor, _walk_in(told))
    code = told.data.get("code")
    scan = Scan(told.event_id, told.service_session_id, told.at, candidate_id, None if candidate_id else code)
    result = check_in(actor, scan)
    return result.candidate_id, code_of(result.answer)


def code_of(answer: Answer) -> str | None:
    """Return how an arrival was answered, as a result tells it; None: it counts."""
    if isinstance(answer, Refused):
        return answer.code.value
    return "repeat" if isinstance(answer, Repeat) else None


def _walk_in(told: Told) -> WalkIn:
    session = events.session(told.service_session_id)
    said = told.data["walk_in"]
    return WalkIn(
        key=str(told.event_id),
        campaign_id=session.campaign_id,
        facility_id=session.facility_id,
        method_code=str(said["method"]),
        name=str(said["name"]).strip()[:120],
        kelurahan_code=said.get("kelurahan") or None,
        nik=(said.get("nik") or "").replace(" ", "") or None,
        phone=(said.get("phone") or "").strip() or None,
    )


def record(actor: Actor, kind: EventKind, told: Told) -> None:
    """Call the use-case of an event about somebody who has arrived."""
    _ACTS[kind](actor, told)


def _moved(actor: Actor, told: Told) -> None:
    move_to(actor, told.visit, Stop(told.data["stop"]), str(told.data.get("token", "")))


def _screened(actor: Actor, told: Told) -> None:
    card = told.data.get("card")
    if card is not None:  # filled in on paper: the answers stay there
        _card(actor, told, card)
        return
    known = {field.name for field in fields(Answers)}
    answers = Answers(**{name: value for name, value in told.data["answers"].items() if name in known})
    visit = told.visit
    record_screening(
        actor, ScreeningRecord(told.event_id, visit.service_session_id, visit.candidate_id, answers, told.at)
    )


def _card(actor: Actor, told: Told, card: Mapping[str, Any]) -> None:
    finding = card.get("finding")
    visit = told.visit
    verdict = CardVerdict(
        told.event_id,
        visit.service_session_id,
        visit.candidate_id,
        frozenset(str(code) for code in card["methods"]),
        Finding(finding) if finding else None,
        told.at,
    )
    record_card(actor, verdict)


def _consented(actor: Actor, told: Told) -> None:
    way = told.data.get("way")
    visit = told.visit
    consent = ConsentRecord(
        told.event_id,
        visit.service_session_id,
        visit.candidate_id,
        method_code=str(told.data["method"]),
        signer=Signer(told.data["signer"]),
        decision=Decision(told.data["decision"]),
        decided_at=told.at,
        way=Way(way) if way else None,
        number=told.data.get("number"),
        image_sha256=_image(told),
    )
    record_consent(actor, consent)


def _ended(actor: Actor, told: Told) -> None:
    said, visit = told.data, told.visit
    replaced = said.get("replaces")
    ending = Ending(
        OutcomeKind(said["kind"]),
        str(said["method"]),
        reason=said.get("reason") or None,
        provider_id=None if said.get("provider") is None else int(said["provider"]),
    )
    outcome = OutcomeRecord(
        told.event_id,
        visit.service_session_id,
        visit.candidate_id,
        ending,
        told.at,
        replaces_id=None if replaced is None else outcome_of_record(UUID(replaced)),
        lot_ids=tuple(int(lot["id"]) for lot in said.get("lots") or ()),
        may_lack_stock=True,
    )
    record_outcome(actor, outcome)


def _aided(actor: Actor, told: Told) -> None:
    give_aid(actor, told.visit, AidRecord(AidKind(told.data["kind"]), int(told.data["quantity"]), _image(told)))


def _aftercare(actor: Actor, told: Told) -> None:
    due_on = told.data.get("due_on")
    after = AftercareRecord(
        AftercareKind(told.data["kind"]),
        code=told.data.get("code") or None,
        due_on=date.fromisoformat(due_on) if due_on else None,
    )
    record_aftercare(actor, told.visit, after)


def _image(told: Told) -> str | None:
    """Return the hash of the event's image; it travels in the same batch, so a missing one is a broken device."""
    sha256 = told.data.get("image")
    if sha256 is not None and not has_image(sha256):
        raise KeyError
    return sha256


_ACTS: dict[EventKind, Callable[[Actor, Told], None]] = {
    EventKind.MOVED: _moved,
    EventKind.SCREENED: _screened,
    EventKind.CONSENTED: _consented,
    EventKind.ENDED: _ended,
    EventKind.AIDED: _aided,
    EventKind.AFTERCARE: _aftercare,
}
