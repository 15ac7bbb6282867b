"""Numbers of letters: "400/0123-P2KB/2027", from the agenda book by hand or the next of their series."""

from sqlalchemy import select

from campaign.db import db
from campaign.documents import numbering as agenda
from campaign.documents.office import office
from campaign.errors import Invalid, Mistake
from campaign.letters.lifecycle import LetterState
from campaign.letters.models import Letter
from campaign.transaction import hold

LONGEST = 60


def number_for(letter: Letter, typed: str | None) -> str:
    """Return the number that a letter gets; refused when another letter has it."""
    if typed is None:
        return _next(letter)
    number = typed.strip()
    if not 1 <= len(number) <= LONGEST:
        raise Invalid((Mistake("number", "number-length"),))
    hold(f"letter-number:{number}")
    other = _holder(letter, number)
    if other is not None:
        raise Invalid((Mistake("number", "letter-number-used", {"subject": other.subject}),))
    return number


def _next(letter: Letter) -> str:
    year = letter.written_on.year
    while True:
        drawn = agenda.draw(letter.classification, year)
        number = f"{letter.classification}/{drawn:04d}-{office().unit_code}/{year}"
        hold(f"letter-number:{number}")
        if _holder(letter, number) is None:
            return number


def _holder(letter: Letter, number: str) -> Letter | None:
    """Return the other letter that has a number; an older version of this one may have it too."""
    query = select(Letter).where(
        Letter.number == number, Letter.state != LetterState.DROPPED, Letter.letter_id != letter.letter_id
    )
    chain = {letter.letter_id, *_older(letter)}
    return next((row for row in db.session.scalars(query) if row.letter_id not in chain), None)


def _older(letter: Letter) -> list[int]:
    found, current = [], letter
    while current.replaces_id is not None:
        found.append(current.replaces_id)
        current = db.session.get_one(Letter, current.replaces_id)
    return found
