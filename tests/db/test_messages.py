"""Messages name place and time. Whoever sees one learns nothing about why."""

import re
from datetime import UTC, datetime

import pytest

from campaign.outreach.messages import Letter, render
from campaign.outreach.models import InvitationKind
from campaign.outreach.text_rules import mistakes_in
from campaign.outreach.texts import FOLDER, LANGUAGES, NEEDED, shipped

AT = datetime(2027, 6, 15, 1, 20, tzinfo=UTC)  # 08:20 in Jakarta
LETTER = Letter("id", "Calon Contoh", "Puskesmas Contoh", "Jalan Contoh 1", AT, "Kota")
TELLING = {"kb", "berencana", "kontrasepsi", "akseptor", "iud", "implan", "mow", "mop", "planning", "nik"}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("language", "day", "hour"), [("id", "Selasa, 15 Juni 2027", "08.20"), ("en", "Tuesday, 15 June 2027", "08:20")]
)
def test_a_message_is_in_the_recipients_language(language: str, day: str, hour: str) -> None:
    text = render(Letter(language, *_rest()))
    assert day in text.subject
    assert hour in text.body
    assert "Puskesmas Contoh, Jalan Contoh 1" in text.body


def _rest() -> tuple:
    return LETTER.name, LETTER.place, LETTER.address, LETTER.expected_at, LETTER.sender


@pytest.mark.usefixtures("app")
def test_an_unknown_language_reads_indonesian() -> None:
    assert render(Letter("xx", *_rest())) == render(LETTER)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", InvitationKind)
def test_every_shipped_text_keeps_the_rules_of_texts(kind: InvitationKind, language: str) -> None:
    assert mistakes_in(shipped()[kind, language], NEEDED[kind]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_names_service_method_or_nik(language: str) -> None:
    for path in (FOLDER / language).iterdir():
        words = re.findall(r"[a-z]+", path.read_text().lower())
        assert TELLING.isdisjoint(words), path
