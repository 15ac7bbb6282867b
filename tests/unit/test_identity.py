"""What the digits of a NIK and a telephone number tell."""

from datetime import date

import pytest

from campaign.outreach.identity import doubts_about, is_nik, is_synthetic, masked, phone_e164

TODAY = date(2027, 6, 1)
GOOD = "3375014507909001"  # Pekalongan Barat, a woman born 5 July 1990


def test_a_nik_has_sixteen_digits() -> None:
    assert is_nik(GOOD)
    assert not is_nik(GOOD[:15])
    assert not is_nik(GOOD + "1")
    assert not is_nik("33750145079O9001")


@pytest.mark.parametrize(
    ("nik", "birth_on", "doubts"),
    [
        (GOOD, None, ()),
        (GOOD, date(1990, 7, 5), ()),
        (GOOD, date(1990, 7, 6), ("nik-birth-date-differs",)),
        ("3375010507909001", None, ("nik-not-of-a-woman",)),
        ("9975014507909001", None, ("nik-province-unknown",)),
        ("3375017207909001", None, ("nik-birth-date-impossible",)),  # the 32nd
        ("3375014507900000", None, ("nik-serial-zero",)),
        ("3375014102169001", date(2016, 2, 1), ()),  # eleven years old this year
        ("3375014102189001", date(1918, 2, 1), ()),  # nobody of nine: the century before
        ("3375996902049001", None, ()),  # 29 February 2004, synthetic
        ("3375996902039001", None, ("nik-birth-date-impossible",)),
    ],
)
def test_doubts(nik: str, birth_on: date | None, doubts: tuple[str, ...]) -> None:
    assert doubts_about(nik, birth_on, TODAY) == doubts


def test_kecamatan_99_marks_a_synthetic_nik() -> None:
    assert is_synthetic("3375994507909001")
    assert not is_synthetic(GOOD)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("(0285) 421234", "+62285421234"),
        ("12", None),
        ("halo", None),
        ("", None),
    ],
)
def test_phones_are_stored_in_one_form(written: str, stored: str | None) -> None:
    assert phone_e164(written) == stored


def test_a_masked_number_shows_its_last_four_digits() -> None:
    assert masked(GOOD) == "••••••••••••9001"
    assert masked("123") == "123"
