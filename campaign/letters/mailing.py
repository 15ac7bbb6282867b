"""A signed letter leaves by e-mail: rows first, then a worker sends, then the handover is written down.

A mail whose worker died, or whose server fell silent, is not sent again by itself: an office that gets a letter twice
asks which one holds. Whoever sees it in the list may send it once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from campaign import audit, clock, i18n
from campaign.accounts import queries as accounts
from campaign.accounts.policy import SYSTEM, Actor, Permission, require
from campaign.db import db
from campaign.documents.office import office
from campaign.documents.papers import PaperNotReady, paper_for_download
from campaign.errors import Invalid, Mistake
from campaign.jobs import JobName, enqueue
from campaign.letters.handover import HandoverChannel, HandoverKind
from campaign.letters.lifecycle import LetterMove, LetterMoveRefused, after
from campaign.letters.mail_models import LetterMail, LetterMailState
from campaign.letters.models import Letter, LetterAddressee, LetterHandover
from campaign.letters.queries import UnknownLetter, letter, locked, place_of, signed_paper

CLAIM_LASTS = timedelta(minutes=10)
AGAIN = (LetterMailState.REJECTED, LetterMailState.UNKNOWN)  # may be sent once more when somebody asks


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter ready to leave."""

    letter_mail_id: int
    to: str
    name: str
    subject: str
    body: str
    file_name: str
    pdf: bytes


def ask_mail(actor: Actor, letter_id: int, addressee_ids: Sequence[int]) -> int:
    """Have a signed letter sent to some of its addressees; return how many mails wait. Asked twice it leaves once."""
    found = locked(letter_id)
    require(actor, Permission.WRITE_LETTERS, place_of(found))
    after(found.state, LetterMove.HAND_OVER)
    if signed_paper(found) is None:
        raise PaperNotReady(letter_id=letter_id)
    chosen = _chosen(found, addressee_ids)
    latest = latest_mails(found)
    rows = [
        _row(actor, one, latest.get(one.letter_addressee_id))
        for one in chosen
        if one.letter_addressee_id not in latest or latest[one.letter_addressee_id].state in AGAIN
    ]
    if rows:
        db.session.execute(insert(LetterMail).on_conflict_do_nothing(), rows)
        audit.record(
            actor, "mail-letter", ("letter", letter_id), addressee_ids=[row["letter_addressee_id"] for row in rows]
        )
        enqueue(JobName.SEND_LETTERS)
    return len(rows)


def _chosen(found: Letter, addressee_ids: Sequence[int]) -> list[LetterAddressee]:
    mine = {one.letter_addressee_id: one for one in found.addressees}
    if not set(addressee_ids) <= mine.keys():
        raise UnknownLetter(letter_id=found.letter_id)
    chosen = [mine[one] for one in addressee_ids]
    mistakes = [Mistake("addressee_ids", "choose-somebody")] if not chosen else []
    mistakes += [
        Mistake("addressee_ids", "addressee-without-email", {"name": one.name}) for one in chosen if not one.email
    ]
    if mistakes:
        raise Invalid(tuple(mistakes))
    return chosen


def _row(actor: Actor, addressee: LetterAddressee, before: LetterMail | None) -> dict[str, object]:
    return {
        "letter_addressee_id": addressee.letter_addressee_id,
        "number": 1 if before is None else before.number + 1,
        "to_address": addressee.email,
        "state": LetterMailState.WAITING,
        "asked_at": clock.now(),
        "asked_by_id": actor.account_id,
        "reference": "",
    }


def latest_mails(found: Letter) -> dict[int, LetterMail]:
    """Return the latest mail to each addressee of a letter, by addressee."""
    ids = [one.letter_addressee_id for one in found.addressees]
    query = select(LetterMail).where(LetterMail.letter_addressee_id.in_(ids)).order_by(LetterMail.number)
    return {row.letter_addressee_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def claim_next() -> Mail | None:
    """Take one waiting mail for this worker; None: there is none. A letter that was replaced meanwhile stays here."""
    query = select(LetterMail).where(LetterMail.state == LetterMailState.WAITING).order_by(LetterMail.letter_mail_id)
    row = db.session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    addressee = db.session.get_one(LetterAddressee, row.letter_addressee_id)
    found = letter(addressee.letter_id)
    paper = signed_paper(found)
    try:
        after(found.state, LetterMove.HAND_OVER)
    except LetterMoveRefused:
        paper = None
    if paper is None:
        row.state, row.reference = LetterMailState.REJECTED, "letter-not-current"
        db.session.flush()
        return claim_next()
    row.state, row.claimed_at = LetterMailState.CLAIMED, clock.now()
    actor = SYSTEM if row.asked_by_id is None else accounts.actor_of(row.asked_by_id)
    pdf = paper_for_download(actor, paper.paper_id).content or b""
    return _mail(row, addressee, found, pdf)


def _mail(row: LetterMail, addressee: LetterAddressee, found: Letter, pdf: bytes) -> Mail:
    with i18n.with_locale("id"):
        facts = {"name": addressee.name, "subject": found.subject, "number": found.number, "office": office().name}
        subject = i18n.word("subject", "LetterMail") % facts
        body = i18n.word("body", "LetterMail") % facts
    name = f"surat-{found.letter_id}.pdf"
    return Mail(row.letter_mail_id, row.to_address, addressee.name, subject, body + "\n", name, pdf)


def record(letter_mail_id: int, state: LetterMailState, reference: str) -> None:
    """Write down how a mail ended, and the handover that it made; back to WAITING when it may be tried again."""
    mine = (LetterMail.letter_mail_id == letter_mail_id, LetterMail.state == LetterMailState.CLAIMED)
    values = {"state": state, "claimed_at": None, "reference": reference[:200]}
    row = db.session.scalar(update(LetterMail).where(*mine).values(values).returning(LetterMail))
    kind = {LetterMailState.SENT: HandoverKind.SENT, LetterMailState.REJECTED: HandoverKind.FAILED}.get(state)
    if row is None or kind is None:
        return
    handover = {
        "idempotency_key": f"mail-{letter_mail_id}",
        "letter_addressee_id": row.letter_addressee_id,
        "kind": kind,
        "channel": HandoverChannel.EMAIL,
        "happened_on": clock.today(),
        "recorded_at": clock.now(),
        "account_id": row.asked_by_id,
        "receiver": "",
        "note": "",
        "file_name": "",
        "media_type": "",
    }
    db.session.execute(insert(LetterHandover).on_conflict_do_nothing(), handover)
    found = locked(db.session.get_one(LetterAddressee, row.letter_addressee_id).letter_id)
    if kind is HandoverKind.SENT:
        found.state = after(found.state, LetterMove.HAND_OVER)


def settle_forgotten() -> list[int]:
    """Mark mails whose worker died as unknown; return their ids."""
    over = clock.now() - CLAIM_LASTS
    statement = (
        update(LetterMail)
        .where(LetterMail.state == LetterMailState.CLAIMED, LetterMail.claimed_at < over)
        .values(state=LetterMailState.UNKNOWN, claimed_at=None, reference="worker-died")
        .returning(LetterMail.letter_mail_id)
    )
    return list(db.session.scalars(statement))
