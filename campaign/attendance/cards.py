"""The short code on the attendance list, on paper and on screen: a candidate's id and one check digit.

Made to be read aloud and typed on a telephone's number pad. It is no secret and opens nothing by itself: whoever
uses it is signed in at a facility.
"""

import re

# Damm's quasigroup: every wrong digit and every swap of neighbours changes the check digit.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_FORM = re.compile(r"[0-9]{3,18}-?[0-9]")


def card_code(candidate_id: int) -> str:
    """Return the code of a candidate's card, such as "0042-7"."""
    digits = f"{candidate_id:04d}"
    return f"{digits}-{_check_digit(digits)}"


def candidate_of(code: str) -> int | None:
    """Return the candidate that `code` names, or None when it is no code or was misread."""
    text = code.strip().replace(" ", "")
    if not _FORM.fullmatch(text):
        return None
    digits, check = text[:-1].rstrip("-"), text[-1]
    return int(digits) if _check_digit(digits) == int(check) else None


def _check_digit(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state
