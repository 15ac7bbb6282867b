"""Who goes elsewhere: as many as can be, and no further than needed."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.planning.solver.relief import Haven, Passage, Stranded, relieve


def test_as_many_as_can_find_a_place_and_the_nearest_one() -> None:
    stranded = [Stranded("a", "iud", 2), Stranded("b", "iud", 1)]
    havens = [Haven(1, 1, {"iud": 9}), Haven(2, 5, {"iud": 9})]
    km = {("a", 1): 1.0, ("a", 2): 2.0, ("b", 1): 1.0, ("b", 2): 9.0}
    assert relieve(stranded, havens, km) == [Passage("a", 2, 2), Passage("b", 1, 1)]


def test_nobody_is_sent_too_far_or_to_an_empty_shelf() -> None:
    havens = [Haven(1, 9, {"pill": 9}), Haven(2, 9, {"iud": 0})]
    assert relieve([Stranded("a", "iud", 3)], havens, {("a", 1): 1.0, ("a", 2): 1.0}) == []
    assert relieve([Stranded("a", "iud", 3)], [Haven(1, 9, {"iud": 9})], {}) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=2),
    st.lists(st.integers(1, 5), min_size=6, max_size=6),
)
def test_brute_force_finds_nothing_better(people: list[int], rooms: list[tuple[int, int]], far: list[int]) -> None:
    stranded = [Stranded(str(number), "iud", count) for number, count in enumerate(people)]
    havens = [Haven(number, places, {"iud": stock}) for number, (places, stock) in enumerate(rooms)]
    pairs = [(one.group, haven.site) for one in stranded for haven in havens]
    km = dict(zip(pairs, map(float, far), strict=False))
    found = relieve(stranded, havens, km)
    flows = product(*(range(people[int(group)] + 1) for group, _ in pairs))
    best = max(_value(dict(zip(pairs, flow, strict=True)), people, rooms, km) for flow in flows)
    mine = {(one.group, one.site): one.count for one in found}
    assert _value(mine, people, rooms, km) == best


def _value(
    flow: dict[tuple[str, int], int], people: list[int], rooms: list[tuple[int, int]], km: dict[tuple[str, int], float]
) -> tuple[int, float]:
    """Return people served and minus their travel; nothing at all for what cannot be."""
    for group, count in enumerate(people):
        if sum(n for (one, _), n in flow.items() if one == str(group)) > count:
            return (-1, 0.0)
    for site, (places, stock) in enumerate(rooms):
        if sum(n for (_, to), n in flow.items() if to == site) > min(places, stock):
            return (-1, 0.0)
    return sum(flow.values()), -sum(km[pair] * n for pair, n in flow.items())
