"""Words, dates and numbers in the reader's language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask_babel import Babel

from campaign import i18n
from campaign.accounts.roles import Role


@pytest.fixture
def reader() -> Iterator[None]:
    """Somebody who reads Indonesian."""
    app = Flask("reader")
    Babel(app, default_locale="id")
    with app.app_context():
        yield


pytestmark = pytest.mark.usefixtures("reader")


def test_a_state_is_said_in_words() -> None:
    assert i18n.word(Role.FIELD_OFFICER) == "Penyuluh KB (PKB/PLKB)"
    assert i18n.word("cadre", "Role") == "Kader (PPKBD)"


def test_facts_stand_in_the_sentence_as_the_reader_writes_them() -> None:
    assert i18n.error_text("insufficient-stock", {"wanted": 12000, "available": 3}).startswith(
        "Persediaan tidak cukup: diminta 12.000, yang boleh diambil 3."
    )
    assert i18n.error_text("date-twice", {"day": date(2027, 6, 14)}) == "Tanggal 14 Jun 2027 tertulis dua kali."


def test_a_sentence_with_a_missing_fact_or_an_unknown_code_is_still_a_sentence() -> None:
    assert i18n.error_text("name-length") == "Isi nama, paling banyak – huruf."
    assert i18n.error_text("never-heard-of") == "Terjadi kesalahan."


def test_dates_and_hours_are_those_of_the_campaigns_zone() -> None:
    late = datetime(2027, 6, 14, 18, 30, tzinfo=UTC)  # 01.30 of the 15th in Jakarta
    assert i18n.instant(late) == "15 Jun 2027 01.30"
    assert i18n.day(date(2027, 6, 14)) == "Senin, 14 Juni 2027"
    assert i18n.hour(time(8, 5)) == "08.05"
    with i18n.with_locale("en"):
        assert (i18n.hour(time(8, 5)), i18n.day(date(2027, 6, 14))) == ("08:05", "Monday, 14 June 2027")


def test_numbers_have_dots_in_indonesian_and_commas_in_english() -> None:
    assert (i18n.number(1234567), i18n.decimal(0.25), i18n.rupiah(2500000)) == ("1.234.567", "0,2", "Rp 2.500.000")
    with i18n.with_locale("en"):
        assert i18n.number(1234567) == "1,234,567"


def test_a_share_of_nothing_is_a_dash() -> None:
    assert (i18n.percent(1, 0), i18n.percent(0, 4), i18n.percent(6, 4)) == ("–", "0 %", "150 %")
