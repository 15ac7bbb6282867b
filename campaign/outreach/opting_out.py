"""People who want no messages: by the fingerprint of their telephone or address, in every campaign."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import NotFound
from campaign.outreach.dispatch_models import OptOut
from campaign.outreach.models import Candidate, Channel
from campaign.privacy import vault


class NobodyToReach(NotFound):
    """The candidate has neither telephone nor e-mail, or does not exist."""

    code = "nobody-to-reach"


def contact_print(contact: str) -> str:
    """Return the fingerprint of a telephone number (E.164) or e-mail address."""
    return vault().fingerprint(contact.strip().lower())


def closed_contacts(contacts: Iterable[str]) -> frozenset[str]:
    """Return those of the contacts that want no messages."""
    prints = {contact_print(contact): contact for contact in contacts}
    query = select(OptOut.contact_print).where(OptOut.contact_print.in_(prints), OptOut.revoked_at.is_(None))
    return frozenset(prints[found] for found in db.session.scalars(query)) if prints else frozenset()


def contacts_of(candidate: Candidate) -> tuple[str, ...]:
    """Return every way to write to a candidate."""
    return tuple(contact for contact in (candidate.phone, candidate.email) if contact)


def opt_out(candidate_id: int, actor: Actor = SYSTEM) -> None:
    """Write no more to the candidate's telephone and address, in no campaign; asked through the link or a person."""
    candidate = _reachable(candidate_id)
    if not actor.is_system:
        require(actor, Permission.LIST_CANDIDATES, Place(area_code=candidate.kelurahan_code))
    now = clock.now()
    for contact in contacts_of(candidate):
        values = {"contact_print": contact_print(contact), "candidate_id": candidate_id, "asked_at": now}
        db.session.execute(insert(OptOut).values(account_id=actor.account_id, **values).on_conflict_do_nothing())
    audit.record(actor, "opt-out", ("candidate", candidate_id))


def opt_in(actor: Actor, candidate_id: int) -> None:
    """Write again to a candidate who asked for it."""
    candidate = _reachable(candidate_id)
    require(actor, Permission.LIST_CANDIDATES, Place(area_code=candidate.kelurahan_code))
    prints = [contact_print(contact) for contact in contacts_of(candidate)]
    db.session.execute(
        update(OptOut)
        .where(OptOut.contact_print.in_(prints), OptOut.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_by_id=actor.account_id)
    )
    audit.record(actor, "opt-in", ("candidate", candidate_id))


def _reachable(candidate_id: int) -> Candidate:
    candidate = db.session.get(Candidate, candidate_id)
    if candidate is None or not contacts_of(candidate):
        raise NobodyToReach(candidate_id=candidate_id)
    return candidate


def contact_for(channel: Channel, email: str | None, phone: str | None) -> str | None:
    """Return the contact that a channel uses; None when there is none."""
    if channel is Channel.EMAIL:
        return email
    return None if channel is Channel.CADRE else phone
