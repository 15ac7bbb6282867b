"""Labels of packs: scanned, read aloud, typed; and what is no label."""

from datetime import date

import pytest

from campaign.logistics.gs1 import Gs1Mistake, Label, has_valid_check_digit, read_label

TODAY = date(2027, 6, 14)
GS = "\x1d"


def gtin(first: str = "0899211204503") -> str:
    """Return a GTIN with the check digit that fits."""
    return next(first + str(digit) for digit in range(10) if has_valid_check_digit(first + str(digit)))


def test_a_scanned_datamatrix_is_read_with_its_separators() -> None:
    found = read_label(f"]d201{gtin()}1729033110AB-12{GS}21SN99", TODAY)
    assert found == Label(gtin=gtin(), lot="AB-12", expires_on=date(2029, 3, 31), serial="SN99")


def test_brackets_are_read_as_people_write_them() -> None:
    found = read_label(f"(01){gtin()}(11)260101(17)290331(10)AB12(30)50", TODAY)
    assert (found.lot, found.produced_on, found.count) == ("AB12", date(2026, 1, 1), 50)


def test_a_lot_at_the_end_needs_no_separator() -> None:
    assert read_label(f"01{gtin()}17290331" + "10LAST", TODAY).lot == "LAST"


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("290200", date(2029, 2, 28)),  # day 00: the last of the month
        ("281200", date(2028, 12, 31)),
        ("770101", date(2077, 1, 1)),  # fifty years ahead
        ("780101", date(1978, 1, 1)),  # fifty-one would be too far
    ],
)
def test_a_date_of_six_digits_means_the_nearest_century(printed: str, day: date) -> None:
    assert read_label(f"(17){printed}", TODAY).expires_on == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gs1-unreadable"),
        ("bukan label", "gs1-unreadable"),
        ("(01)123", "gs1-unreadable"),  # too short for a GTIN
        ("(17)291301", "gs1-date"),  # month 13
        ("(10)A(10)B", "gs1-twice"),
        ("(10)" + "X" * 21, "gs1-unreadable"),
        ("(30)dua", "gs1-unreadable"),
        ("x" * 500, "gs1-unreadable"),
    ],
)
def test_what_is_no_label_is_refused_with_why(text: str, code: str) -> None:
    with pytest.raises(Gs1Mistake) as refused:
        read_label(text, TODAY)
    assert refused.value.code == code


def test_a_mistyped_gtin_is_caught_by_its_check_digit() -> None:
    good = gtin()
    wrong = good[:5] + str((int(good[5]) + 1) % 10) + good[6:]
    with pytest.raises(Gs1Mistake) as refused:
        read_label(f"(01){wrong}", TODAY)
    assert refused.value.code == "gs1-check-digit"
