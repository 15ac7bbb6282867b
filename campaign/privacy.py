"""Seal what identifies a person, and find it again without opening every row.

NIK and phone numbers are stored as ciphertext (Fernet, from the cryptography package) beside a keyed fingerprint
(HMAC-SHA256) that a look-up compares. Both keys come from SEREMPAK_PRIVACY_KEY; alone the database opens nothing.
"""

import base64
import hmac
import traceback
from dataclasses import dataclass

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import String, TypeDecorator
from sqlalchemy.engine import Dialect


@dataclass(frozen=True, slots=True)
class Vault:
    """The two keys of one deployment."""

    fernet: Fernet
    index_key: bytes

    @classmethod
    def from_key(cls, key: bytes) -> "Vault":
        """Derive both keys from the one that the operator keeps (32 bytes)."""
        return cls(Fernet(base64.urlsafe_b64encode(_derive(key, b"seal"))), _derive(key, b"index"))

    def seal(self, text: str) -> str:
        """Return ciphertext of `text`; never the same twice."""
        return self.fernet.encrypt(text.encode()).decode()

    def unseal(self, token: str) -> str:
        """Return the text that was sealed; raises InvalidToken under another key."""
        return self.fernet.decrypt(token.encode()).decode()

    def fingerprint(self, text: str) -> str:
        """Return 64 hex digits, the same for the same text, useless without the key."""
        return hmac.digest(self.index_key, text.encode(), "sha256").hex()

    def token(self, purpose: str, salt: str) -> str:
        """Return 22 characters for a link, the same for the same salt, not to be had without the key."""
        secret = hmac.digest(self.index_key, f"\0{purpose}\0{salt}".encode(), "sha256")
        return base64.urlsafe_b64encode(secret[:16]).decode().rstrip("=")


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"serempak " + purpose).derive(key)


def traced(error: BaseException) -> str:
    """Return where an error came from and of what kind it is, for a log: without its words.

    The words may hold a person: PostgreSQL quotes the failing row, int() what it could not read.
    """
    before = error.__cause__ or error.__context__
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    parts = [traced(before)] if before is not None else []
    parts.append("".join(traceback.format_tb(error.__traceback__)))
    parts.append(" ".join(part for part in (type(error).__qualname__, constraint) if part))
    return "\n".join(parts)


class Untold(Exception):
    """Stands in a log for an error whose words are left out."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(traced(error))


_vault: Vault | None = None


def configure(key: bytes) -> None:
    """Set the vault of this process; create_app calls it once."""
    global _vault  # noqa: PLW0603 - column types cannot be handed an argument
    _vault = Vault.from_key(key)


def vault() -> Vault:
    """Return the vault of this process."""
    if _vault is None:
        raise RuntimeError("privacy.configure() was not called")
    return _vault


class Sealed(TypeDecorator[str]):
    """A text column that is ciphertext in the database and plain text in Python."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else vault().seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Unseal on the way out."""
        return None if value is None else vault().unseal(value)
