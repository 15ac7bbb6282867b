"""Somebody decides: two candidates are one person or two, and a candidate leaves the list."""

from dataclasses import dataclass

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, may, require
from campaign.db import db
from campaign.errors import Conflict, Invalid, Mistake, NotFound
from campaign.outreach.candidates import lock_list
from campaign.outreach.field.doubles import Pair, Person, find
from campaign.outreach.field.models import CandidateExit, DoubleVerdict, ExitReason
from campaign.outreach.models import EXPECTED, Appointment, Candidate, CandidateState
from campaign.outreach.queries import COUNTED


class UnknownCandidate(NotFound):
    """No candidate has this id."""

    code = "unknown-candidate"


class HasAppointment(Conflict):
    """The candidate is expected somewhere: cancel the appointment first."""

    code = "candidate-is-expected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two candidates, and which of them stays; None: they are two people."""

    first_id: int
    second_id: int
    kept_id: int | None


def doubles_of(actor: Actor, campaign_id: int) -> tuple[list[Pair], dict[int, Candidate]]:
    """Return the pairs that nobody has decided about, and their candidates; the read is audited."""
    require(actor, Permission.SEE_CANDIDATES)
    query = select(Candidate).where(Candidate.campaign_id == campaign_id, Candidate.state.in_(COUNTED))
    people = {row.candidate_id: row for row in db.session.scalars(query)}
    decided = {
        (row.first_id, row.second_id)
        for row in db.session.scalars(select(DoubleVerdict).where(DoubleVerdict.first_id.in_(people)))
    }
    pairs = [pair for pair in find([_person(row) for row in people.values()]) if _key(pair) not in decided]
    mine = [pair for pair in pairs if all(_may_see(actor, people[one]) for one in _key(pair))]
    shown = sorted({one for pair in mine for one in _key(pair)})
    if shown:
        audit.record(actor, "read-candidates", ("campaign", campaign_id), candidate_ids=shown)
    return mine, {one: people[one] for one in shown}


def _key(pair: Pair) -> tuple[int, int]:
    return pair.first_id, pair.second_id


def _may_see(actor: Actor, row: Candidate) -> bool:
    return may(actor, Permission.SEE_CANDIDATES, Place(area_code=row.kelurahan_code))


def _person(row: Candidate) -> Person:
    return Person(row.candidate_id, row.name, row.spouse_name or "", row.birth_on, row.kelurahan_code, row.nik)


def decide_double(actor: Actor, verdict: Verdict) -> DoubleVerdict:
    """Keep what somebody decided about a pair; the other of two that are one leaves the list."""
    first_id, second_id = sorted((verdict.first_id, verdict.second_id))
    rows = {one: _locked(one) for one in (first_id, second_id)}
    lock_list(rows[first_id].campaign_id)
    for row in rows.values():
        require(actor, Permission.LIST_CANDIDATES, Place(area_code=row.kelurahan_code))
    known = db.session.scalar(
        select(DoubleVerdict).where(DoubleVerdict.first_id == first_id, DoubleVerdict.second_id == second_id)
    )
    if known is not None:
        return known
    if verdict.kept_id is not None and verdict.kept_id not in rows:
        raise Invalid((Mistake("kept_id", "choose-one-of-two"),))
    decided = DoubleVerdict(
        first_id=first_id,
        second_id=second_id,
        kept_id=verdict.kept_id,
        decided_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(decided)
    if verdict.kept_id is not None:
        _leave(actor, next(row for one, row in rows.items() if one != verdict.kept_id), ExitReason.DOUBLE)
    db.session.flush()
    audit.record(actor, "decide-double", ("candidate", first_id), other=second_id, same=verdict.kept_id is not None)
    return decided


def withdraw_candidate(actor: Actor, candidate_id: int, reason: ExitReason) -> None:
    """Take a candidate off the list, saying why; not before an appointment is cancelled."""
    row = _locked(candidate_id)
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=row.kelurahan_code))
    lock_list(row.campaign_id)
    if row.state is CandidateState.WITHDRAWN:
        return
    _leave(actor, row, reason)
    db.session.flush()


def _leave(actor: Actor, row: Candidate, reason: ExitReason) -> None:
    expected = select(Appointment.appointment_id).where(
        Appointment.candidate_id == row.candidate_id, Appointment.state.in_(EXPECTED)
    )
    if db.session.scalar(expected.limit(1)) is not None:
        raise HasAppointment(candidate_id=row.candidate_id)
    row.state = CandidateState.WITHDRAWN
    db.session.merge(
        CandidateExit(candidate_id=row.candidate_id, reason=reason, left_at=clock.now(), account_id=actor.account_id)
    )
    audit.record(actor, "withdraw-candidate", ("candidate", row.candidate_id), reason=reason.value)


def _locked(candidate_id: int) -> Candidate:
    row = db.session.get(Candidate, candidate_id)
    if row is None:
        raise UnknownCandidate(candidate_id=candidate_id)
    return row
