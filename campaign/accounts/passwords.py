"""Passwords: argon2id hashes, and what a new one must be."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from campaign.errors import Mistake

MIN_LENGTH = 12
MAX_LENGTH = 128  # argon2 takes any length; a megabyte of "password" must not cost us a second
MIN_DIFFERENT = 5

_hasher = PasswordHasher()  # the library's defaults are the low-memory profile of RFC 9106


def hashed(password: str) -> str:
    """Return the hash to keep."""
    return _hasher.hash(_normal(password))


def matches(kept: str, password: str) -> bool:
    """Tell whether `password` is the one that was hashed."""
    try:
        return _hasher.verify(kept, _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def unusable() -> str:
    """Return a hash that no password of a person matches: the account waits for its set-password link."""
    return hashed(secrets.token_urlsafe(32))


# Compared when no account has the address, so that the answer takes as long as for one that has.
DECOY = _hasher.hash(secrets.token_urlsafe(16))


def mistakes(password: str, personal: tuple[str, ...] = ()) -> tuple[Mistake, ...]:
    """Return everything wrong with a new password; `personal` are words that must not be in it."""
    found = []
    if len(password) < MIN_LENGTH:
        found.append(Mistake("password", "password-too-short", {"min": MIN_LENGTH}))
    if len(password) > MAX_LENGTH:
        found.append(Mistake("password", "password-too-long", {"max": MAX_LENGTH}))
    if len(set(password)) < MIN_DIFFERENT:
        found.append(Mistake("password", "password-too-plain", {"different": MIN_DIFFERENT}))
    lowered = password.casefold()
    if any(len(word) >= 4 and word.casefold() in lowered for word in personal):
        found.append(Mistake("password", "password-is-personal"))
    return tuple(found)


def _normal(password: str) -> str:
    """Make the same password from different keyboards equal, and keep its length in bounds."""
    return unicodedata.normalize("NFKC", password)[:MAX_LENGTH]
