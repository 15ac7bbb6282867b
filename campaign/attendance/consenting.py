"""Record what client and spouse decide about a method, before a service and until it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.consent import Agreement, Decided, Decision, Signer, Way, agreement
from campaign.attendance.services import open_desk
from campaign.attendance.visit_models import Consent, SignatureImage
from campaign.attendance.visits import require_arrival, require_time
from campaign.db import db
from campaign.errors import Invalid, KeyReused, Mistake
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.attendance.recording import OutcomeRecord

LONGEST_NUMBER = 40


class ConsentInvalid(Invalid):
    """The consent lacks what makes it one: a signature on the screen, or the number of the paper."""

    code = "consent-invalid"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """What one signer decided about one method."""

    record_key: UUID  # made by the sender
    service_session_id: int
    candidate_id: int
    method_code: str
    signer: Signer
    decision: Decision
    decided_at: datetime
    way: Way | None = None
    number: str | None = None  # of the paper
    image_sha256: str | None = None  # signature on the screen, or photo of the paper


def record_consent(actor: Actor, record: ConsentRecord) -> int:
    """Store the decision and return its id; the last one of each signer about a method counts."""
    session = open_desk(actor, record.service_session_id, Permission.RECORD_ATTENDANCE)
    require_arrival(record.service_session_id, record.candidate_id)
    stored = db.session.scalar(select(Consent).where(Consent.record_key == record.record_key))
    if stored is not None:
        if (stored.service_session_id, stored.candidate_id) != (record.service_session_id, record.candidate_id):
            raise KeyReused(record_key=str(record.record_key))
        return stored.consent_id
    require_time(session, record.decided_at)
    registry.method(record.method_code)
    _refuse_nonsense(record)
    row = _row(actor, record)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "record-consent", ("consent", row.consent_id), session=record.service_session_id)
    return row.consent_id


def agreed_on(visit: "OutcomeRecord", method_code: str, at: datetime) -> Agreement:
    """Return what client and spouse of a visit have signed for a method until `at`."""
    query = select(Consent.method_code, Consent.signer, Consent.decision, Consent.number, Consent.decided_at)
    query = query.where(
        Consent.service_session_id == visit.service_session_id, Consent.candidate_id == visit.candidate_id
    )
    return agreement((Decided(*row) for row in db.session.execute(query)), method_code, at)


def keep_paper(actor: Actor, record: "OutcomeRecord") -> None:
    """Store the consent on paper that came together with the service: the same rows as if it had come before."""
    number = (record.ending.consent_number or "").strip()
    if not number:
        return
    signers = (Signer.CLIENT, Signer.SPOUSE) if record.ending.has_spouse_consent else (Signer.CLIENT,)
    for signer in signers:
        key = uuid5(record.record_key, f"consent-{signer.value}")
        paper = ConsentRecord(
            key,
            record.service_session_id,
            record.candidate_id,
            record.ending.method_code,
            signer,
            Decision.GIVEN,
            record.ended_at,
            Way.PAPER,
            number,
        )
        db.session.add(_row(actor, paper))


def keep_image(actor: Actor, sha256: str, media_type: str, content: str) -> None:
    """Store a signature or photo (base64) under its hash, once; the caller has compared the two."""
    if db.session.get(SignatureImage, sha256) is None:
        row = SignatureImage(
            sha256=sha256,
            media_type=media_type,
            content=content,
            recorded_at=clock.now(),
            account_id=actor.account_id,
        )
        db.session.add(row)
        db.session.flush()


def has_image(sha256: str) -> bool:
    """Tell whether the signature of this hash has arrived."""
    query = select(SignatureImage.sha256).where(SignatureImage.sha256 == sha256)
    return db.session.scalar(query) is not None


def _refuse_nonsense(record: ConsentRecord) -> None:
    is_given = record.decision is Decision.GIVEN
    number = (record.number or "").strip()
    rules = (
        ("way", "way-missing", is_given and record.way is None),
        ("number", "consent-number-missing", record.way is Way.PAPER and not 1 <= len(number) <= LONGEST_NUMBER),
        ("image", "signature-missing", record.way is Way.SCREEN and record.image_sha256 is None),
        ("way", "nothing-to-sign", not is_given and record.way is not None),
    )
    mistakes = tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)
    if mistakes:
        raise ConsentInvalid(mistakes)


def _row(actor: Actor, record: ConsentRecord) -> Consent:
    is_given = record.decision is Decision.GIVEN
    # A signature on the screen has no paper to be looked up: its number is made of the record.
    number = (record.number or "").strip() if record.way is Way.PAPER else f"TTD-{record.record_key.hex[-12:]}"
    return Consent(
        record_key=record.record_key,
        service_session_id=record.service_session_id,
        candidate_id=record.candidate_id,
        method_code=record.method_code,
        signer=record.signer,
        decision=record.decision,
        way=record.way,
        number=number if is_given else None,
        image_sha256=record.image_sha256,
        decided_at=record.decided_at,
        recorded_at=clock.now(),
        account_id=actor.account_id,
    )
