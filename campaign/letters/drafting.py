"""Write a letter out of the campaign's data, and change it while it is a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.documents.office import SignatoryRole, official
from campaign.errors import Conflict, Invalid, KeyReused, Mistake
from campaign.events import queries as events
from campaign.events.meetings import queries as meetings
from campaign.letters import body, facts, texts
from campaign.letters.kinds import KINDS, LetterKind, Nature
from campaign.letters.lifecycle import LetterMove, LetterState, after
from campaign.letters.models import Letter, LetterAddressee
from campaign.letters.papers import ask_letter
from campaign.letters.queries import locked, place_of
from campaign.letters.rosters import Addressee, read_addressees
from campaign.registry import queries as registry
from campaign.transaction import hold


class LetterChanged(Conflict):
    """Somebody else changed the draft since it was read."""

    code = "letter-changed"


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to write; the same `key` again is the same letter."""

    key: str
    campaign_id: int
    kind: LetterKind
    kecamatan_code: str | None = None
    meeting_id: int | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as it is printed."""

    prefix: str
    position: str
    name: str
    rank: str
    nip: str


@dataclass(frozen=True, slots=True)
class LetterChange:
    """What a draft shall say; `revision` is the one that was read."""

    letter_id: int
    revision: int
    written_on: date
    nature: Nature
    classification: str
    subject: str
    body: str
    addressees: str  # one a line, as rosters reads them
    copies: str
    signer: Signer


def draft_letter(actor: Actor, new: NewLetter) -> Letter:
    """Begin a letter with the text of its kind and the facts of its campaign."""
    campaign = events.campaign(new.campaign_id)
    require_writer(actor, campaign.district_code, new.kecamatan_code)
    hold(f"letter:{new.key}")
    first = db.session.scalar(select(Letter).where(Letter.idempotency_key == new.key))
    if first is not None:
        if (first.campaign_id, first.kind) != (new.campaign_id, new.kind):
            raise KeyReused(letter_id=first.letter_id)
        return first
    _require_sound(new, campaign.district_code)
    begun, words = texts.text_of(new.kind), facts.facts_of(campaign, new.kecamatan_code, new.meeting_id)
    letter = Letter(
        idempotency_key=new.key,
        campaign_id=new.campaign_id,
        meeting_id=new.meeting_id,
        kecamatan_code=new.kecamatan_code,
        kind=new.kind,
        state=LetterState.DRAFT,
        version=1,
        revision=1,
        classification=begun.classification,
        written_on=clock.today(),
        nature=begun.nature,
        subject=body.fill(begun.subject, words),
        body=body.fill(begun.body, words).strip(),
        copies="",
        **_signer_of(new.kecamatan_code),
        public_token=token_urlsafe(16),
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    _address(letter, _first_addressees(new))
    db.session.add(letter)
    db.session.flush()
    ask_letter(letter)
    audit.record(actor, "draft-letter", ("letter", letter.letter_id), kind=new.kind.value)
    return letter


def require_writer(actor: Actor, district_code: str, kecamatan_code: str | None) -> None:
    """Raise NotAllowed unless the actor may write letters there: of the city, or of one kecamatan."""
    require(actor, Permission.WRITE_LETTERS, Place(area_code=kecamatan_code or district_code))


def _require_sound(new: NewLetter, district_code: str) -> None:
    mistakes = []
    if KINDS[new.kind].of_kecamatan and new.kecamatan_code is None:
        mistakes.append(Mistake("kecamatan_code", "letter-needs-kecamatan"))
    if new.kecamatan_code and new.kecamatan_code not in {row.code for row in registry.kecamatan_of(district_code)}:
        mistakes.append(Mistake("kecamatan_code", "unknown-area"))
    if (new.kind is LetterKind.MEETING_INVITATION) != (new.meeting_id is not None):
        mistakes.append(Mistake("meeting_id", "letter-needs-meeting"))
    if new.meeting_id and meetings.meeting(new.meeting_id).campaign_id != new.campaign_id:
        mistakes.append(Mistake("meeting_id", "letter-needs-meeting"))
    if mistakes:
        raise Invalid(tuple(mistakes))


def _signer_of(kecamatan_code: str | None) -> dict[str, str]:
    """Return who signs at first: the head of the office; of a kecamatan its coordinator, whose name is typed in."""
    if kecamatan_code is not None:
        position = f"Koordinator PLKB Kecamatan {registry.area(kecamatan_code).name}"
        return {"prefix": "", "position": position, "name": "", "rank": "", "nip": ""}
    head = official(SignatoryRole.HEAD)
    name = "" if head.name.startswith("…") else head.name
    return {"prefix": head.prefix, "position": head.position, "name": name, "rank": head.rank, "nip": head.nip}


def _first_addressees(new: NewLetter) -> list[Addressee]:
    """Return who gets it at first: those invited to a meeting, the head of the office, the kecamatan and facilities."""
    if new.meeting_id:
        return [Addressee(one.name, one.office, one.email) for one in meetings.meeting(new.meeting_id).invitees]
    if new.kind is LetterKind.SUBMISSION:
        return [Addressee(official(SignatoryRole.HEAD).position)]
    if new.kind in (LetterKind.NOTICE, LetterKind.SCHEDULE):
        district = events.campaign(new.campaign_id).district_code
        facilities = registry.facilities(events.facility_ids_of(new.campaign_id))
        return [
            *(Addressee(f"Camat {row.name}", row.name) for row in registry.kecamatan_of(district)),
            *(Addressee(f"Kepala {row.name}", registry.area(row.kecamatan_code).name) for row in facilities),
        ]
    return []


def _address(letter: Letter, people: Sequence[Addressee]) -> None:
    letter.addressees = [
        LetterAddressee(position=position, name=one.name, place=one.place, email=one.email)
        for position, one in enumerate(people, start=1)
    ]


def change_letter(actor: Actor, change: LetterChange) -> Letter:
    """Replace what a draft says; refused when somebody else changed it since it was read."""
    letter = locked(change.letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(letter))
    letter.state = after(letter.state, LetterMove.CHANGE)
    if letter.revision != change.revision:
        raise LetterChanged(letter_id=letter.letter_id)
    people, mistakes = read_addressees("addressees", change.addressees)
    mistakes = [*_mistakes(change), *mistakes]
    if mistakes:
        raise Invalid(tuple(mistakes))
    letter.revision += 1
    letter.written_on, letter.nature = change.written_on, change.nature
    letter.classification, letter.subject = change.classification.strip(), change.subject.strip()
    letter.body = change.body.replace("\r\n", "\n").strip()
    letter.copies = "\n".join(line.strip() for line in change.copies.splitlines() if line.strip())
    for name in Signer.__dataclass_fields__:
        setattr(letter, name, getattr(change.signer, name).strip())
    letter.addressees = []
    db.session.flush()  # the old rows leave before new ones take their positions
    _address(letter, people)
    db.session.flush()
    ask_letter(letter)
    audit.record(actor, "change-letter", ("letter", letter.letter_id), revision=letter.revision)
    return letter


def _mistakes(change: LetterChange) -> list[Mistake]:
    mistakes = [*texts.length_mistakes(change.subject, change.classification), *body.mistakes_in("body", change.body)]
    mistakes += [
        Mistake("body", "unfilled-placeholder", {"name": name}) for name in body.unknown_placeholders(change.body, ())
    ]
    if not change.signer.position.strip():
        mistakes.append(Mistake("position", "text-length"))
    if change.signer.nip and not (change.signer.nip.isdigit() and len(change.signer.nip) == 18):
        mistakes.append(Mistake("nip", "nip-form"))
    return mistakes
