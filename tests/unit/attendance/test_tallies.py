"""Counting from rows."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.tallies import BOTH, Came, Cell, Counts, Ended, Expected, Person, Rows, recount, total

PEOPLE = {
    1: Person("33.75.01", "iud", is_poor=True),
    2: Person("33.75.01", "iud", is_poor=False),
    3: Person("33.75.02", "pill", is_poor=False),
}
HERE = 7
IUD = Cell(HERE, "33.75.01", "iud")
NOTHING = Rows(PEOPLE, (), (), ())


def served(outcome_id: int, candidate_id: int, method_code: str, replaces_id: int | None = None) -> Ended:
    return Ended(outcome_id, replaces_id, HERE, candidate_id, OutcomeKind.SERVED, method_code)


def test_appointments_count_as_planned_and_those_told_as_invited() -> None:
    rows = replace(NOTHING, expected=(Expected(HERE, 1, is_invited=True), Expected(HERE, 2, is_invited=False)))
    assert recount(rows) == {IUD: Counts(planned=2, invited=1)}


def test_a_walk_in_came_as_well() -> None:
    rows = replace(NOTHING, came=(Came(HERE, 1, is_walk_in=False), Came(HERE, 2, is_walk_in=True)))
    assert recount(rows) == {IUD: Counts(came=2, walk_ins=1)}


def test_the_poor_are_a_part_of_the_served() -> None:
    rows = replace(NOTHING, ended=(served(1, 1, "iud"), served(2, 2, "iud")))
    assert recount(rows) == {IUD: Counts(served=2, served_poor=1)}


def test_a_service_counts_under_the_method_given() -> None:
    rows = replace(NOTHING, came=(Came(HERE, 1, is_walk_in=False),), ended=(served(1, 1, "pill"),))
    assert recount(rows) == {IUD: Counts(came=1), Cell(HERE, "33.75.01", "pill"): Counts(served=1, served_poor=1)}


def test_a_correction_counts_instead_of_what_it_replaces() -> None:
    first = served(1, 2, "iud")
    second = replace(served(2, 2, "iud", replaces_id=1), kind=OutcomeKind.DEFERRED)
    third = replace(served(3, 2, "iud", replaces_id=2), kind=OutcomeKind.WITHDREW)
    assert recount(replace(NOTHING, ended=(first, second, third))) == {IUD: Counts(withdrew=1)}


_candidates = st.sampled_from(sorted(PEOPLE))
_came = st.builds(Came, st.integers(1, 3), _candidates, st.booleans())
_ended = st.builds(
    Ended,
    st.just(0),
    st.none(),
    st.integers(1, 3),
    _candidates,
    st.sampled_from(OutcomeKind),
    st.sampled_from(["iud", "pill"]),
)


@given(st.lists(_came), st.lists(_ended), st.randoms())
def test_totals_agree_with_a_naive_count_in_any_order(came, ended, random) -> None:
    ended = [replace(row, service_outcome_id=number) for number, row in enumerate(ended)]
    shuffled = list(ended)
    random.shuffle(shuffled)
    rows = replace(NOTHING, came=tuple(came), ended=tuple(ended))
    cells = recount(rows)
    assert cells == recount(replace(rows, ended=tuple(shuffled)))
    naive = {kind.value: sum(row.kind is kind for row in ended) for kind in OutcomeKind}
    naive["served"] = len({row.candidate_id for row in ended if row.kind is OutcomeKind.SERVED})  # twice counts once
    naive |= {"came": len(came), "walk_ins": sum(row.is_walk_in for row in came)}
    sums = asdict(total(cells.values()))
    assert {name: sums[name] for name in naive} == naive


def test_somebody_served_twice_counts_where_it_was_first_until_it_is_settled() -> None:
    early, late = datetime(2027, 6, 15, 2, tzinfo=UTC), datetime(2027, 6, 15, 3, tzinfo=UTC)
    first = replace(served(2, 1, "iud"), ended_at=early)
    second = replace(served(1, 1, "pill"), ended_at=late, service_session_id=HERE + 1)
    rows = replace(NOTHING, ended=(second, first))
    assert recount(rows) == {IUD: Counts(served=1, served_poor=1)}
    there = Cell(HERE + 1, "33.75.01", "pill")
    assert recount(replace(rows, settled={1: 1})) == {there: Counts(served=1, served_poor=1)}
    assert total(recount(replace(rows, settled={1: BOTH})).values()).served == 2
    assert recount(replace(rows, settled={1: 99})) == {IUD: Counts(served=1, served_poor=1)}  # it was corrected since
