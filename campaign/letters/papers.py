"""What a letter prints, and its PDF and Word file.

While it is a draft both are made of today's rows; from the signature on, of what was frozen in that transaction.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from campaign import clock, i18n
from campaign.documents import pdf
from campaign.documents.contexts import Foot, Signature, foot, place_and_date
from campaign.documents.office import BLANK, Letterhead, office
from campaign.documents.papers import Paper, PaperFormat, PaperKind, PaperRequest, Printing, ask_paper
from campaign.letters import word
from campaign.letters.body import Block, blocks
from campaign.letters.enclosures import Table, tables_of
from campaign.letters.kinds import KINDS, LetterKind
from campaign.letters.lifecycle import FIXED, SIGNED_BASIS
from campaign.letters.models import Letter
from campaign.letters.queries import letter as one_letter


@dataclass(frozen=True, slots=True)
class LetterContents:
    """Everything that a letter says."""

    letterhead: Letterhead
    is_decree: bool
    is_draft: bool
    number: str
    nature: str
    enclosed: str  # "2 berkas"
    subject: str
    place_date: str
    on: str  # "14 Juni 2027"
    addressees: tuple[tuple[str, str], ...]  # name and place; one or none: many are enclosed
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    copies: tuple[str, ...]
    tables: tuple[Table, ...]


def contents(letter: Letter) -> LetterContents:
    """Return what a letter says now."""
    with i18n.with_locale("id"):
        tables = tables_of(letter, KINDS[letter.kind].enclosures)
        letterhead, few = office(), letter.addressees[:1] if len(letter.addressees) == 1 else []
        return LetterContents(
            letterhead=letterhead,
            is_decree=letter.kind is LetterKind.DECREE,
            is_draft=letter.state not in FIXED,
            number=letter.number or BLANK,
            nature=i18n.word(letter.nature),
            enclosed=f"{len(tables)} berkas" if tables else "–",
            subject=letter.subject,
            place_date=place_and_date(letterhead, letter.written_on),
            on=place_and_date(letterhead, letter.written_on).partition(", ")[2],
            addressees=tuple((one.name, one.place) for one in few),
            blocks=blocks(letter.body),
            signatures=(_signature(letter),),
            copies=tuple(letter.copies.splitlines()),
            tables=tables,
        )


def _signature(letter: Letter) -> Signature:
    heading = f"{letter.prefix} {letter.position}".strip()
    return Signature((f"{heading},",), letter.name or BLANK, letter.rank, letter.nip)


def ask_letter(letter: Letter) -> list[Paper]:
    """Ask for a letter's PDF and Word file; asked again while nothing changed, they are the same ones."""
    basis = f"{SIGNED_BASIS}{letter.letter_id}" if letter.state in FIXED else _digest(contents(letter))
    return [
        ask_paper(
            PaperRequest(PaperKind.LETTER, of_format, letter.letter_id, letter.subject[:160], letter.campaign_id, basis)
        )
        for of_format in (PaperFormat.PDF, PaperFormat.DOCX)
    ]


def _digest(said: LetterContents) -> str:
    return hashlib.sha256(json.dumps(asdict(said), sort_keys=True).encode()).hexdigest()


def prepare_pdf(_kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what a letter's PDF shows; `base_url` is the site's address, for the QR code."""
    letter = one_letter(subject_id)
    data = _data(letter)
    seal: Foot = foot(_as_of(letter), letter.version, f"{base_url}/v/{letter.public_token}")
    template = "decree.typ" if letter.kind is LetterKind.DECREE else "letter.typ"
    return partial(_render, template, data, seal, _as_of(letter))


def prepare_word(_kind: PaperKind, subject_id: int, _base_url: str) -> Printing:
    """Read what a letter's Word file shows."""
    letter = one_letter(subject_id)
    return partial(word.render, _data(letter))


def _data(letter: Letter) -> dict[str, Any]:
    """Return what a letter says as plain values: frozen at its signature, or of now."""
    # Through JSON in both cases, so that a draft and a signed letter are drawn by the very same code.
    said = letter.frozen if letter.frozen is not None else json.loads(json.dumps(asdict(contents(letter))))
    return said | {"is_draft": letter.state not in FIXED}


def _as_of(letter: Letter) -> datetime:
    return letter.signed_at or clock.now()


def _render(template: str, data: dict[str, Any], seal: Foot, at: datetime) -> bytes:
    return pdf.render(template, data | {"foot": asdict(seal)}, at)


PREPARERS: dict[PaperFormat, Callable[[PaperKind, int, str], Printing]] = {
    PaperFormat.PDF: prepare_pdf,
    PaperFormat.DOCX: prepare_word,
}
