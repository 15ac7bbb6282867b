"""What identifies a person is sealed, and found again without opening every row."""

import pytest
from cryptography.fernet import InvalidToken

from campaign.privacy import Vault, traced

VAULT = Vault.from_key(b"k" * 32)
OTHER = Vault.from_key(b"o" * 32)


def test_sealing_twice_gives_two_ciphertexts_of_the_same_text() -> None:
    first, second = VAULT.seal("3375990101900001"), VAULT.seal("3375990101900001")
    assert first != second
    assert VAULT.unseal(first) == VAULT.unseal(second) == "3375990101900001"


def test_another_key_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        OTHER.unseal(VAULT.seal("3375990101900001"))


def test_a_fingerprint_is_the_same_for_the_same_text_and_key_only() -> None:
    assert VAULT.fingerprint("081") == VAULT.fingerprint("081")
    assert VAULT.fingerprint("081") != VAULT.fingerprint("082")
    assert VAULT.fingerprint("081") != OTHER.fingerprint("081")


def test_ciphertext_does_not_contain_the_text() -> None:
    assert "3375990101900001" not in VAULT.seal("3375990101900001")


def test_the_trace_of_an_error_holds_none_of_its_words() -> None:
    name = " ".join(("Siti", "Contoh"))  # not in one piece in this source, which a trace quotes

    def fail() -> None:
        try:
            int(name)
        except ValueError as error:
            raise RuntimeError(name) from error

    with pytest.raises(RuntimeError) as caught:
        fail()
    told = traced(caught.value)
    assert name not in told
    assert [line for line in told.splitlines() if line in ("ValueError", "RuntimeError")] == [
        "ValueError",
        "RuntimeError",
    ]
