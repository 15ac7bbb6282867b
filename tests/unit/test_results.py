"""Sums of a report agree with one another, from whichever side one adds."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from campaign.attendance.tallies import COUNTS, Cell, Counts, total
from campaign.reports.results import (
    FacilityRow,
    ResultRow,
    SessionFact,
    StockRow,
    by_facility,
    by_kecamatan_and_method,
    sum_of,
    sum_of_facilities,
)

KECAMATAN, METHODS = ("33.75.01", "33.75.02", "33.75.03"), ("iud", "pill", "condom")
SESSIONS = [SessionFact(1, 10, is_closed=True), SessionFact(2, 10, is_closed=False), SessionFact(3, 20, is_closed=True)]

counts = st.builds(Counts, *[st.integers(0, 50)] * len(COUNTS))
cells = st.dictionaries(
    st.builds(Cell, st.integers(1, 3), st.sampled_from(KECAMATAN), st.sampled_from(METHODS)), counts, max_size=20
)
targets = st.dictionaries(
    st.tuples(st.sampled_from(KECAMATAN), st.sampled_from(METHODS)), st.integers(0, 500), max_size=9
)


@given(cells, targets)
def test_kecamatan_methods_and_facilities_add_up_to_the_same_total(
    cells: dict[Cell, Counts], targets: dict[tuple[str, str], int]
) -> None:
    rows = by_kecamatan_and_method(cells, targets)
    whole = sum_of(rows)
    assert whole.counts == total(cells.values())
    assert whole.target == sum(targets.values())
    for parts in ([sum_of(rows, kecamatan_code=code) for code in KECAMATAN], [sum_of(rows, "", m) for m in METHODS]):
        assert total(part.counts for part in parts) == whole.counts
        assert sum(part.target for part in parts) == whole.target
    assert sum_of_facilities(by_facility(cells, SESSIONS)).counts == whole.counts


@given(cells)
def test_a_facility_s_row_is_the_naive_sum_of_its_sessions(cells: dict[Cell, Counts]) -> None:
    rows = {row.facility_id: row for row in by_facility(cells, SESSIONS)}
    assert (rows[10].sessions, rows[10].open_sessions, rows[20].open_sessions) == (2, 1, 0)
    for facility_id, session_ids in ((10, {1, 2}), (20, {3})):
        naive = dict.fromkeys(COUNTS, 0)
        for cell, count in cells.items():
            if cell.service_session_id in session_ids:
                naive = {name: naive[name] + getattr(count, name) for name in COUNTS}
        assert asdict(rows[facility_id].counts) == naive


def test_a_target_that_nobody_met_has_a_row() -> None:
    (row,) = by_kecamatan_and_method({}, {("33.75.01", "iud"): 5})
    assert (row.target, row.counts, row.achievement) == (5, Counts(), 0)


def test_what_was_served_without_a_target_has_a_row_and_no_achievement() -> None:
    (row,) = by_kecamatan_and_method({Cell(1, "33.75.01", "iud"): Counts(served=2)}, {})
    assert (row.target, row.achievement) == (0, None)


def test_more_than_the_target_is_more_than_all_of_it() -> None:
    assert ResultRow("33.75.01", "iud", 4, Counts(served=6)).achievement == 1.5


def test_stock_is_settled_when_used_is_issued_less_returned() -> None:
    assert StockRow(1, issued=10, used=7, used_own=2, returned=3).is_settled
    open_row = StockRow(1, issued=10, used=7, used_own=0, returned=2)
    assert (open_row.is_settled, open_row.remaining) == (False, 1)


def test_no_facility_is_a_sum_of_nothing() -> None:
    assert sum_of_facilities([]) == FacilityRow(None, 0, 0, Counts())
