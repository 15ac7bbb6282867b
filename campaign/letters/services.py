"""What happens to a letter after it was written: approved, returned, numbered, signed, handed over, replaced."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from secrets import token_urlsafe
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, may, require
from campaign.db import db
from campaign.documents.attachments import check_file
from campaign.errors import Invalid, Mistake, NotAllowed
from campaign.letters import numbering
from campaign.letters.drafting import LetterChanged
from campaign.letters.handover import HandoverChannel, HandoverKind
from campaign.letters.lifecycle import LetterMove, LetterState, after
from campaign.letters.models import Letter, LetterAddressee, LetterHandover
from campaign.letters.papers import ask_letter, contents
from campaign.letters.queries import UnknownLetter, locked, place_of

SHORTEST_REMARK, LONGEST_REMARK = 3, 500


@dataclass(frozen=True, slots=True)
class Handing:
    """A letter went out to, reached, or missed some of its addressees; the same `key` again is the same."""

    key: str
    letter_id: int
    addressee_ids: tuple[int, ...]
    kind: HandoverKind
    channel: HandoverChannel
    happened_on: date
    receiver: str = ""
    note: str = ""
    file: tuple[str, bytes] | None = None  # name and content of a photo of the receipt


def approve_letter(actor: Actor, letter_id: int, revision: int) -> Letter:
    """Let a draft go to signature as it was read."""
    letter = locked(letter_id)
    _require_signer(actor, letter)
    if letter.revision != revision:
        raise LetterChanged(letter_id=letter_id)
    letter.state = after(letter.state, LetterMove.APPROVE)
    letter.approved_at, letter.approved_by_id, letter.remark = clock.now(), actor.account_id, None
    audit.record(actor, "approve-letter", ("letter", letter_id))
    return letter


def return_letter(actor: Actor, letter_id: int, remark: str) -> Letter:
    """Give a letter back to who wrote it, saying what is missing."""
    letter = locked(letter_id)
    _require_signer(actor, letter)
    if not SHORTEST_REMARK <= len(remark.strip()) <= LONGEST_REMARK:
        facts: dict[str, object] = {"min": SHORTEST_REMARK, "max": LONGEST_REMARK}
        raise Invalid((Mistake("remark", "note-length", facts),))
    letter.state = after(letter.state, LetterMove.RETURN)
    letter.approved_at, letter.approved_by_id, letter.remark = None, None, remark.strip()
    letter.revision += 1
    audit.record(actor, "return-letter", ("letter", letter_id))
    return letter


def _require_signer(actor: Actor, letter: Letter) -> None:
    """A kecamatan's own letter is signed by its coordinator, who wrote it; all others by the head of the office."""
    own = letter.kecamatan_code is not None and may(actor, Permission.WRITE_LETTERS, place_of(letter))
    if not (own or may(actor, Permission.SIGN_LETTERS, place_of(letter))):
        raise NotAllowed(permission=Permission.SIGN_LETTERS.value)


def number_letter(actor: Actor, letter_id: int, number: str | None) -> Letter:
    """Give a letter its number: as the agenda clerk wrote it, or None for the next one of its series."""
    letter = locked(letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(letter))
    letter.state = after(letter.state, LetterMove.NUMBER)
    letter.number = numbering.number_for(letter, number)
    db.session.flush()
    ask_letter(letter)
    audit.record(actor, "number-letter", ("letter", letter_id))
    return letter


def sign_letter(actor: Actor, letter_id: int) -> Letter:
    """Sign: what is printed is frozen in this transaction, and printed after it."""
    letter = locked(letter_id)
    _require_signer(actor, letter)
    after(letter.state, LetterMove.SIGN)
    mistakes = [Mistake(name, "letter-needs-this") for name in ("number", "name") if not getattr(letter, name)]
    if mistakes:
        raise Invalid(tuple(mistakes))
    if letter.replaces_id is not None:
        older = locked(letter.replaces_id)
        older.state = after(older.state, LetterMove.REPLACE)
    letter.frozen = asdict(contents(letter))
    letter.state = after(letter.state, LetterMove.SIGN)
    letter.signed_at, letter.signed_by_id = clock.now(), actor.account_id
    db.session.flush()
    ask_letter(letter)
    audit.record(actor, "sign-letter", ("letter", letter_id))
    return letter


def drop_letter(actor: Actor, letter_id: int) -> Letter:
    """Throw a draft away; its row stays, its number becomes free."""
    letter = locked(letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(letter))
    letter.state = after(letter.state, LetterMove.DROP)
    audit.record(actor, "drop-letter", ("letter", letter_id))
    return letter


# What a new version takes over; its number too: the letter is the same, and says something else.
_CARRIED = (
    *("campaign_id", "meeting_id", "kecamatan_code", "kind", "classification", "number", "nature"),
    *("subject", "body", "copies", "prefix", "position", "name", "rank", "nip"),
)


def replace_letter(actor: Actor, letter_id: int) -> Letter:
    """Begin a new version of a signed letter, or return the one begun; the old one holds until it is signed."""
    old = locked(letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(old))
    begun = db.session.scalar(
        select(Letter).where(Letter.replaces_id == letter_id, Letter.state != LetterState.DROPPED)
    )
    if begun is not None:
        return begun
    after(old.state, LetterMove.REPLACE)
    new = Letter(
        **{name: getattr(old, name) for name in _CARRIED},
        idempotency_key=uuid4().hex,  # the letter that it replaces is its key: one new version at a time
        state=LetterState.DRAFT,
        version=old.version + 1,
        replaces_id=old.letter_id,
        revision=1,
        written_on=clock.today(),
        public_token=token_urlsafe(16),
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    new.addressees = [
        LetterAddressee(position=one.position, name=one.name, place=one.place, email=one.email)
        for one in old.addressees
    ]
    db.session.add(new)
    db.session.flush()
    ask_letter(new)
    audit.record(actor, "replace-letter", ("letter", letter_id), new_letter_id=new.letter_id)
    return new


def record_handover(actor: Actor, handing: Handing) -> Letter:
    """Write down how a letter reached its addressees, or did not; nothing written before is changed."""
    letter = locked(handing.letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(letter))
    mine = {one.letter_addressee_id for one in letter.addressees}
    if not set(handing.addressee_ids) <= mine:
        raise UnknownLetter(letter_id=handing.letter_id)
    state = after(letter.state, LetterMove.HAND_OVER)
    db.session.execute(insert(LetterHandover).on_conflict_do_nothing(), _rows(actor, letter, handing))
    letter.state = state
    db.session.expire(letter, ["addressees"])
    audit.record(actor, "hand-over-letter", ("letter", handing.letter_id), kind=handing.kind.value)
    return letter


def _rows(actor: Actor, letter: Letter, handing: Handing) -> Sequence[dict[str, object]]:
    attachment, wrong = check_file(*handing.file) if handing.file else (None, ())
    mistakes = list(wrong)
    if not handing.addressee_ids:
        mistakes.append(Mistake("addressee_ids", "choose-somebody"))
    if (handing.kind is HandoverKind.RECEIVED) != bool(handing.receiver.strip()):
        mistakes.append(Mistake("receiver", "handover-receiver"))
    if not letter.written_on <= handing.happened_on <= clock.today():
        mistakes.append(Mistake("happened_on", "handover-day"))
    if mistakes:
        raise Invalid(tuple(mistakes))
    row = {
        "idempotency_key": handing.key,
        "kind": handing.kind,
        "channel": handing.channel,
        "happened_on": handing.happened_on,
        "recorded_at": clock.now(),
        "account_id": actor.account_id,
        "receiver": handing.receiver.strip(),
        "note": handing.note.strip()[:500],
        "file_name": attachment.name if attachment else "",
        "media_type": attachment.media_type if attachment else "",
        "sha256": attachment.sha256 if attachment else None,
        "content": attachment.content if attachment else None,
    }
    return [row | {"letter_addressee_id": addressee_id} for addressee_id in handing.addressee_ids]
