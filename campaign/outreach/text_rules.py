"""What a text of a message may say. Pure.

Whoever holds the phone or carries the slip learns a place and a time: no service, no method, no NIK.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from campaign.errors import Mistake

LONGEST_SUBJECT, LONGEST_BODY = 120, 1200


class Blank(StrEnum):
    """What a text leaves blank for each person: written {nama}, {hari}, …"""

    NAME = "nama"
    DAY = "hari"
    HOUR = "jam"
    PLACE = "tempat"
    ADDRESS = "alamat"
    LINK = "tautan"
    UNTIL = "batas"
    SENDER = "pengirim"


# Of the service, its methods and the person's numbers, in the languages of the texts. Whole words, whatever the case.
TELLING = frozenset(
    {
        *("kb", "berencana", "bkkbn", "kontrasepsi", "akseptor", "pus", "mkjp", "alokon", "iud", "iucd", "akdr"),
        *("spiral", "implan", "implant", "susuk", "suntik", "suntikan", "pil", "kondom", "steril", "sterilisasi"),
        *("vasektomi", "tubektomi", "mow", "mop", "rahim", "kandungan", "hamil", "kehamilan", "nik"),
        *("planning", "contraception", "contraceptive", "contraceptives", "sterilization", "sterilisation"),
        *(
            "vasectomy",
            "tubectomy",
            "injection",
            "pill",
            "pills",
            "condom",
            "condoms",
            "pregnancy",
            "pregnant",
            "uterus",
        ),
    }
)

_BLANK = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a body with blanks."""

    subject: str
    body: str


def mistakes_in(wording: Wording, needed: Iterable[Blank], methods: Iterable[str] = ()) -> tuple[Mistake, ...]:
    """Return everything that is wrong with a text; `methods` are names that may not appear beside the known words."""
    subject, body = wording.subject.strip(), wording.body.strip()
    known = {blank.value for blank in Blank}
    used = {name for part in (subject, body) for name in _BLANK.findall(part)}
    telling = sorted(_telling(subject + "\n" + body, methods))
    rules: tuple[tuple[str, str, bool, dict[str, object]], ...] = (
        ("subject", "text-missing", not subject, {}),
        ("body", "text-missing", not body, {}),
        ("subject", "subject-is-one-line", "\n" in subject, {}),
        ("subject", "message-too-long", len(subject) > LONGEST_SUBJECT, {"max": LONGEST_SUBJECT}),
        ("body", "message-too-long", len(body) > LONGEST_BODY, {"max": LONGEST_BODY}),
        ("body", "blank-unknown", bool(used - known), {"blanks": ", ".join(sorted(used - known))}),
        ("body", "brace-left-open", any(c in _BLANK.sub("", subject + body) for c in "{}"), {}),
        ("body", "text-tells-the-service", bool(telling), {"words": ", ".join(telling)}),
    )
    missing = [blank for blank in needed if f"{{{blank}}}" not in body]
    return tuple(Mistake(where, code, facts) for where, code, is_broken, facts in rules if is_broken) + tuple(
        Mistake("body", "blank-missing", {"blank": f"{{{blank}}}"}) for blank in missing
    )


def _telling(text: str, methods: Iterable[str]) -> set[str]:
    plain = _BLANK.sub(" ", text).lower()
    words = set(re.findall(r"[a-z]+", plain))
    digits = set(re.findall(r"\d{16}", plain))
    return (words & TELLING) | {name for name in methods if name.lower() in plain} | digits


def fill_in(text: str, blanks: dict[Blank, str]) -> str:
    """Write what is known into the blanks of a text that was checked."""
    return _BLANK.sub(lambda found: blanks[Blank(found[1])], text)
