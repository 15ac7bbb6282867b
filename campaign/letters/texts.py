"""The text that a letter begins with: as we ship it, or as an administrator last saved it."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.letters import body
from campaign.letters.kinds import KINDS, KindOfLetter, LetterKind, placeholders
from campaign.letters.models import LetterText

LONGEST_SUBJECT = 240
LONGEST_CLASSIFICATION = 20


@dataclass(frozen=True, slots=True)
class TextChange:
    """What letters of a kind shall begin with from now on."""

    kind: LetterKind
    subject: str
    body: str
    classification: str


def text_of(kind: LetterKind) -> KindOfLetter:
    """Return what a letter of this kind begins with."""
    newest = _newest(kind)
    if newest is None:
        return KINDS[kind]
    return replace(KINDS[kind], subject=newest.subject, body=newest.body, classification=newest.classification)


def saved(kind: LetterKind) -> LetterText | None:
    """Return the text as an administrator last saved it; None: it is still ours."""
    return _newest(kind)


def _newest(kind: LetterKind) -> LetterText | None:
    query = select(LetterText).where(LetterText.kind == kind).order_by(LetterText.letter_text_id.desc())
    return db.session.scalar(query.limit(1))


def save_text(actor: Actor, change: TextChange) -> None:
    """Let new letters of a kind begin with another text; letters that exist keep theirs."""
    require(actor, Permission.EDIT_REGISTRY)
    mistakes = _mistakes(change)
    if mistakes:
        raise Invalid(tuple(mistakes))
    db.session.add(
        LetterText(
            kind=change.kind,
            subject=change.subject.strip(),
            body=change.body.replace("\r\n", "\n").strip(),
            classification=change.classification.strip(),
            saved_at=clock.now(),
            saved_by_id=actor.account_id,
        )
    )
    audit.record(actor, "save-letter-text", ("letter_text", change.kind.value))


def _mistakes(change: TextChange) -> list[Mistake]:
    known = placeholders(change.kind)
    mistakes = [*body.mistakes_in("body", change.body), *length_mistakes(change.subject, change.classification)]
    for where, text in (("subject", change.subject), ("body", change.body)):
        mistakes += [
            Mistake(where, "unknown-placeholder", {"name": name, "known": ", ".join(sorted(known))})
            for name in body.unknown_placeholders(text, known)
        ]
    return mistakes


def length_mistakes(subject: str, classification: str) -> list[Mistake]:
    """Return what is wrong with a letter's subject and classification."""
    mistakes = []
    if not 1 <= len(subject.strip()) <= LONGEST_SUBJECT:
        mistakes.append(Mistake("subject", "text-length"))
    if not 1 <= len(classification.strip()) <= LONGEST_CLASSIFICATION:
        mistakes.append(Mistake("classification", "text-length"))
    return mistakes
