"""Which texts are in force: shipped ones as files, and what an administrator wrote instead, version after version."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Invalid
from campaign.outreach.dispatch_models import MessageText
from campaign.outreach.models import InvitationKind
from campaign.outreach.text_rules import Blank, Wording, mistakes_in
from campaign.registry import queries as registry

# templates/ lies beside campaign/, in a checkout and in an installed wheel.
FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
LANGUAGES = ("id", "en")

Texts = MappingProxyType[tuple[InvitationKind, str], Wording]

_PLACE = (Blank.DAY, Blank.HOUR, Blank.PLACE)
NEEDED: dict[InvitationKind, tuple[Blank, ...]] = {
    InvitationKind.INVITATION: _PLACE,
    InvitationKind.OFFER: (*_PLACE, Blank.LINK, Blank.UNTIL),
    InvitationKind.REMINDER_3: _PLACE,
    InvitationKind.REMINDER_1: _PLACE,
    InvitationKind.REMINDER_DAY: (Blank.HOUR, Blank.PLACE),
    InvitationKind.MOVED: _PLACE,
    InvitationKind.CANCELLED: (Blank.DAY,),
}


class TextInvalid(Invalid):
    """A text says what it may not, or leaves out what it must. `where` is the field."""

    code = "text-invalid"


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A text as a page shows it."""

    kind: InvitationKind
    language: str
    wording: Wording
    written_at: datetime | None  # None: as shipped


@cache
def shipped() -> Texts:
    """Return the texts that come with the product."""
    found = {}
    for language in LANGUAGES:
        for kind in InvitationKind:
            text = (FOLDER / language / f"{kind.value}.txt").read_text(encoding="utf-8").strip()
            subject, _, body = text.partition("\n")
            found[kind, language] = Wording(subject.removeprefix("Subject: "), body.strip() + "\n")
    return MappingProxyType(found)


def _written() -> dict[tuple[InvitationKind, str], MessageText]:
    newest = (
        select(MessageText)
        .ext(distinct_on(MessageText.kind, MessageText.language))
        .order_by(MessageText.kind, MessageText.language, MessageText.message_text_id.desc())
    )
    return {(row.kind, row.language): row for row in db.session.scalars(newest) if row.body is not None}


def current_texts() -> Texts:
    """Return the texts in force, by kind and language."""
    written = {key: Wording(row.subject or "", row.body or "") for key, row in _written().items()}
    return MappingProxyType(dict(shipped()) | written) if written else shipped()


def texts_in_force() -> list[TextInForce]:
    """Return every text with when it was written, by kind and language."""
    written, now = _written(), current_texts()
    return [
        TextInForce(
            kind,
            language,
            now[kind, language],
            written[key].written_at if (key := (kind, language)) in written else None,
        )
        for kind in InvitationKind
        for language in LANGUAGES
    ]


def write_text(actor: Actor, kind: InvitationKind, language: str, wording: Wording) -> None:
    """Put a text in force; raises TextInvalid with everything that is wrong with it."""
    require(actor, Permission.EDIT_REGISTRY, Place())
    methods = [name for method in registry.methods() for name in (method.name, method.code)]
    mistakes = mistakes_in(wording, NEEDED[kind], methods)
    if mistakes or language not in LANGUAGES:
        raise TextInvalid(mistakes)
    body = "\n".join(wording.body.strip().splitlines()) + "\n"
    _add(actor, kind, language, Wording(wording.subject.strip(), body))


def restore_text(actor: Actor, kind: InvitationKind, language: str) -> None:
    """Put the shipped text in force again."""
    require(actor, Permission.EDIT_REGISTRY, Place())
    if (kind, language) in _written():
        _add(actor, kind, language, None)


def _add(actor: Actor, kind: InvitationKind, language: str, wording: Wording | None) -> None:
    row = MessageText(
        kind=kind,
        language=language,
        subject=None if wording is None else wording.subject,
        body=None if wording is None else wording.body,
        written_at=clock.now(),
        account_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "write-text", ("message_text", row.message_text_id), kind=kind.value, language=language)
