"""Letters as lists and pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import undefer

from campaign import audit
from campaign.accounts.policy import Actor, Permission, Place, Reach, may, reach
from campaign.db import db
from campaign.documents.papers import Paper, PaperFormat, PaperKind, PaperState, papers_of
from campaign.errors import NotFound
from campaign.events import queries as events
from campaign.letters.handover import HandoverKind, standing
from campaign.letters.kinds import KINDS, LetterKind
from campaign.letters.lifecycle import FIXED, SIGNED_BASIS, LetterState
from campaign.letters.models import Letter, LetterAddressee, LetterHandover

# Letters that tell others of the campaign: a step of the SOP waits until everybody has them.
TELLING = (LetterKind.NOTICE, LetterKind.SCHEDULE)


class UnknownLetter(NotFound):
    """No letter has this id, or it is not for this actor."""

    code = "unknown-letter"


def letter(letter_id: int) -> Letter:
    """Return one letter."""
    found = db.session.get(Letter, letter_id)
    if found is None:
        raise UnknownLetter(letter_id=letter_id)
    return found


def locked(letter_id: int) -> Letter:
    """Return a letter that nobody else can change until this transaction ends."""
    found = db.session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise UnknownLetter(letter_id=letter_id)
    return found


def place_of(found: Letter) -> Place:
    """Return where a letter belongs: to its kecamatan, or to the whole city."""
    return Place(area_code=found.kecamatan_code or events.campaign(found.campaign_id).district_code)


def visible_letter(actor: Actor, letter_id: int) -> Letter:
    """Return one letter to whoever may see it; one that names people asks for the right to read names."""
    found = letter(letter_id)
    if not _is_visible(actor, found):
        raise UnknownLetter(letter_id=letter_id)
    if KINDS[found.kind].names_people:
        audit.record(actor, "read-letter", ("letter", letter_id))
    return found


def _is_visible(actor: Actor, found: Letter) -> bool:
    place = place_of(found)
    of_city = found.kecamatan_code is None and not reach(actor, Permission.SEE_DOCUMENTS).nowhere
    if KINDS[found.kind].names_people:
        return may(actor, Permission.SEE_CANDIDATES, place)
    return of_city or may(actor, Permission.SEE_DOCUMENTS, place)


def letters_of(actor: Actor, campaign_id: int) -> list[Letter]:
    """Return the letters of a campaign that the actor may see, newest first; replaced and dropped ones last."""
    query = select(Letter).where(Letter.campaign_id == campaign_id).order_by(Letter.letter_id.desc())
    seen = [row for row in db.session.scalars(query) if _is_visible(actor, row)]
    return sorted(seen, key=lambda row: row.state in (LetterState.REPLACED, LetterState.DROPPED))


def waiting_for_signature(seen: Reach) -> list[Letter]:
    """Return the letters within reach that wait to be approved or signed, oldest first."""
    query = select(Letter).where(Letter.state.in_((LetterState.DRAFT, LetterState.APPROVED)), _within(seen))
    return list(db.session.scalars(query.order_by(Letter.letter_id)))


def unconfirmed_letters(seen: Reach) -> list[Letter]:
    """Return the signed letters within reach that somebody has not confirmed, oldest first."""
    query = select(Letter).where(Letter.state.in_((LetterState.SIGNED, LetterState.SENT)), _within(seen))
    return [row for row in db.session.scalars(query.order_by(Letter.letter_id)) if unconfirmed(row)]


def _within(seen: Reach) -> ColumnElement[bool]:
    if seen.everywhere:
        return true()
    inside = [Letter.kecamatan_code.startswith(code, autoescape=True) for code in seen.areas]
    # A letter to all is the city's: who holds a part of the city alone does not sign it.
    campaigns = [
        row.campaign_id
        for row in events.campaigns(seen)
        if any(row.district_code == code or row.district_code.startswith(f"{code}.") for code in seen.areas)
    ]
    return or_(false(), *inside, (Letter.kecamatan_code.is_(None)) & Letter.campaign_id.in_(campaigns))


def unconfirmed(found: Letter) -> list[LetterAddressee]:
    """Return those who have not confirmed that they have the letter."""
    return [one for one in found.addressees if standing(one.handovers) is not HandoverKind.RECEIVED]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """How far the letters that tell others of a campaign have come."""

    addressees: int
    confirmed: int
    last_at: datetime | None  # when the last confirmation was written down


def given_out(campaign_id: int) -> GivenOut:
    """Return how many addressees of the signed notices and schedules of a campaign have confirmed."""
    query = select(Letter).where(
        Letter.campaign_id == campaign_id,
        Letter.kind.in_(TELLING),
        Letter.state.in_((LetterState.SIGNED, LetterState.SENT)),
    )
    people = [one for row in db.session.scalars(query) for one in row.addressees]
    done = [one for one in people if standing(one.handovers) is HandoverKind.RECEIVED]
    at = [done.recorded_at for one in done for done in one.handovers if done.kind is HandoverKind.RECEIVED]
    return GivenOut(len(people), len(done), max(at, default=None))


def history_of(found: Letter) -> Sequence[Letter]:
    """Return the letter's earlier versions, newest first."""
    before, current = [], found
    while current.replaces_id is not None:
        current = letter(current.replaces_id)
        before.append(current)
    return before


def replaced_by(found: Letter) -> Letter | None:
    """Return the newer version of a letter."""
    query = select(Letter).where(Letter.replaces_id == found.letter_id, Letter.state != LetterState.DROPPED)
    return db.session.scalar(query)


def printed(found: Letter) -> dict[PaperFormat, Paper]:
    """Return the newest PDF and Word file of a letter."""
    newest: dict[PaperFormat, Paper] = {}
    for paper in papers_of(PaperKind.LETTER, found.letter_id):
        newest.setdefault(paper.format, paper)
    return newest


def signed_paper(found: Letter) -> Paper | None:
    """Return the PDF that was signed; None while it is printed, or when there is none."""
    if found.state not in FIXED:
        return None
    pdf = printed(found).get(PaperFormat.PDF)
    is_signed = pdf is not None and pdf.state is PaperState.READY and pdf.basis == f"{SIGNED_BASIS}{found.letter_id}"
    return pdf if is_signed else None


def by_token(token: str) -> Letter | None:
    """Return the letter whose QR code holds this token, once it is signed."""
    found = db.session.scalar(select(Letter).where(Letter.public_token == token))
    return found if found is not None and found.state in FIXED else None


def handover_file(letter_id: int, letter_handover_id: int) -> LetterHandover:
    """Return what a courier brought back, with its bytes; the caller has asked who may see the letter."""
    query = (
        select(LetterHandover)
        .join(LetterAddressee)
        .where(LetterHandover.letter_handover_id == letter_handover_id, LetterAddressee.letter_id == letter_id)
        .options(undefer(LetterHandover.content))
    )
    found = db.session.scalar(query)
    if found is None or found.content is None:
        raise UnknownLetter(letter_id=letter_id)
    return found
