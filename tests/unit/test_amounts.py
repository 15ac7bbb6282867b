"""Amounts in words."""

import pytest

from campaign.documents.amounts import in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (2001, "dua ribu satu"),
        (1_000_000, "satu juta"),
        (1_250_300, "satu juta dua ratus lima puluh ribu tiga ratus"),
        (
            3_950_576_493_840,
            (  # as long as it gets
                "tiga triliun sembilan ratus lima puluh miliar lima ratus tujuh puluh enam juta empat ratus"
                " sembilan puluh tiga ribu delapan ratus empat puluh"
            ),
        ),
    ],
)
def test_an_amount_is_said_as_on_a_receipt(number: int, words: str) -> None:
    assert in_words(number) == words


def test_nothing_below_zero_is_said() -> None:
    with pytest.raises(ValueError, match="below zero"):
        in_words(-1)
