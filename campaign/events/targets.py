"""Split a city's targets over its kecamatan, and theirs over kelurahan. Pure: whole numbers that add up.

Largest remainder: everybody gets the whole part of their share, and what is left goes, one each, to the largest
fractions; equal fractions go by code, so that the same figures always give the same split.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a share is measured by."""

    UNMET_NEED = "unmet_need"
    COUPLES = "couples"
    HISTORY = "history"  # who was served in campaigns before, of the same method


@dataclass(frozen=True, slots=True)
class Need:
    """What an area's share is measured by."""

    unmet_need: int  # couples who want no child now and use nothing
    couples: int  # all couples of fertile age

    def __add__(self, other: "Need") -> "Need":
        return Need(self.unmet_need + other.unmet_need, self.couples + other.couples)


def split_by_need(totals: Mapping[str, int], needs: Mapping[str, Need]) -> dict[tuple[str, str], int]:
    """Return acceptors per (area, method) that add up to `totals` per method.

    Shares follow unmet need; where nobody reported any, couples; where those are unknown too, all share alike.
    """
    weights = weights_by_need(needs)
    return {
        (area, method): acceptors
        for method, total in totals.items()
        for area, acceptors in split(total, weights).items()
    }


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return whole numbers per key of `weights`, in proportion, that add up to `total`."""
    whole = sum(weights.values())
    shares = {key: total * weight // whole for key, weight in weights.items()}
    # Fractions are compared as integer remainders: floats would break ties by their rounding.
    order = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in order[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def weights_by_need(needs: Mapping[str, Need], basis: Basis = Basis.UNMET_NEED) -> dict[str, int]:
    """Return the first figures that anybody reported: what `basis` asks for, then couples, then 1 for each."""
    figures = {code: need.couples if basis is Basis.COUPLES else need.unmet_need for code, need in needs.items()}
    for weights in (figures, {code: need.couples for code, need in needs.items()}):
        if any(weights.values()):
            return weights
    return dict.fromkeys(needs, 1)


def inside(parent: str, codes: Iterable[str]) -> list[str]:
    """Return the codes of the areas below `parent`, in order."""
    return sorted(code for code in codes if code.startswith(parent + "."))
