"""What can be told of a NIK and a telephone number from the digits alone. Pure.

NIK: PPKKCC DDMMYY SSSS, the kecamatan of first registration, the birth date (day + 40 for a woman), a serial number.
There is no check digit, and old or wrong numbers exist: only the form is a rule, everything else is a doubt. The
place of first registration says nothing of where a person lives now.
"""

from datetime import date

import phonenumbers

NIK_DIGITS = 16
# Province codes of Kemendagri, and those of provinces that were split or renamed while people kept their numbers.
PROVINCES = frozenset(
    {*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), *range(81, 83), *range(91, 97)}
)
_WOMAN = 40  # added to the day of birth
_SYNTHETIC_KECAMATAN = "99"  # no district has that many: numbers of the demo and of training
_YOUNGEST_CLIENT = 10  # years; two digits of a year need a century


def is_nik(text: str) -> bool:
    """Tell whether `text` has the form of a NIK."""
    return len(text) == NIK_DIGITS and text.isascii() and text.isdigit()


def is_synthetic(nik: str) -> bool:
    """Tell whether a NIK was made up for the demo or for training."""
    return nik[4:6] == _SYNTHETIC_KECAMATAN


def doubts_about(nik: str, birth_on: date | None, today: date) -> tuple[str, ...]:
    """Return what looks wrong with a well-formed NIK, as codes; a person decides whether it is."""
    day = int(nik[6:8])
    born = _birth_date(nik, today)
    return tuple(
        code
        for code, is_odd in (
            ("nik-province-unknown", int(nik[:2]) not in PROVINCES),
            ("nik-birth-date-impossible", born is None),
            # The register holds the wife's NIK for every method, MOP included.
            ("nik-not-of-a-woman", born is not None and day <= _WOMAN),
            ("nik-birth-date-differs", born is not None and birth_on is not None and born != birth_on),
            ("nik-serial-zero", nik[12:] == "0000"),
        )
        if is_odd
    )


def _birth_date(nik: str, today: date) -> date | None:
    day, month, short_year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    year = today.year - today.year % 100 + short_year
    if year > today.year - _YOUNGEST_CLIENT:
        year -= 100
    try:
        return date(year, month, day - _WOMAN if day > _WOMAN else day)
    except ValueError:
        return None


def phone_e164(text: str) -> str | None:
    """Return an Indonesian telephone number as +62…, or None when it cannot be one."""
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(digits: str) -> str:
    """Return a NIK or telephone number with only its last four digits to be read."""
    return "•" * max(len(digits) - 4, 0) + digits[-4:]
