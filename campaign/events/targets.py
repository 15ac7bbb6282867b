"""Split a city's targets over its kecamatan. Pure: whole numbers that add up to what was asked.

Largest remainder: everybody gets the whole part of their share, and what is left goes, one each, to the largest
fractions; equal fractions go by code, so that the same figures always give the same split.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What a kecamatan's share is measured by."""

    unmet_need: int  # couples who want no child now and use nothing
    couples: int  # all couples of fertile age


def split_by_need(totals: Mapping[str, int], needs: Mapping[str, Need]) -> dict[tuple[str, str], int]:
    """Return acceptors per (kecamatan, method) that add up to `totals` per method.

    Shares follow unmet need; where nobody reported any, couples; where those are unknown too, all share alike.
    """
    weights = _weights(needs)
    return {
        (kecamatan, method): acceptors
        for method, total in totals.items()
        for kecamatan, acceptors in split(total, weights).items()
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


def _weights(needs: Mapping[str, Need]) -> dict[str, int]:
    for weights in (
        {code: need.unmet_need for code, need in needs.items()},
        {code: need.couples for code, need in needs.items()},
    ):
        if any(weights.values()):
            return weights
    return dict.fromkeys(needs, 1)
