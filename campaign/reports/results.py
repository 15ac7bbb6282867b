"""The figures of a campaign's results, summed from counts. Pure: totals are computed here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campaign.attendance.tallies import Cell, Counts, total


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One kecamatan and method, or a sum over some of them: what was aimed at and what came of it."""

    kecamatan_code: str  # of origin; empty in a sum over all
    method_code: str  # empty in a sum over all
    target: int
    counts: Counts

    @property
    def achievement(self) -> float | None:
        """Return served as a part of the target, above 1 when it was exceeded; None without a target."""
        return self.counts.served / self.target if self.target else None


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One facility, or the sum of all: how many sessions, and what came of them."""

    facility_id: int | None
    sessions: int
    open_sessions: int  # not closed yet: their counts may still change
    counts: Counts


@dataclass(frozen=True, slots=True)
class StockRow:
    """One item over all facilities, in the item's unit."""

    item_id: int
    issued: int
    used: int  # of what the campaign brought
    used_own: int  # taken off the facilities' own shelves beside it
    returned: int

    @property
    def remaining(self) -> int:
        """Return what is still at facilities and has to come back."""
        return self.issued - self.used - self.returned

    @property
    def is_settled(self) -> bool:
        """Tell whether used = issued - returned."""
        return self.used == self.issued - self.returned


@dataclass(frozen=True, slots=True)
class SessionFact:
    """What a report needs to know of a session."""

    service_session_id: int
    facility_id: int
    is_closed: bool


def by_kecamatan_and_method(cells: Mapping[Cell, Counts], targets: Mapping[tuple[str, str], int]) -> list[ResultRow]:
    """Return a row for every kecamatan and method that has a target or a count, by both codes."""
    grouped: dict[tuple[str, str], list[Counts]] = {key: [] for key in targets}
    for cell, counts in cells.items():
        grouped.setdefault((cell.kecamatan_code, cell.method_code), []).append(counts)
    return [
        ResultRow(kecamatan, method, targets.get((kecamatan, method), 0), total(found))
        for (kecamatan, method), found in sorted(grouped.items())
    ]


def by_facility(cells: Mapping[Cell, Counts], sessions: Iterable[SessionFact]) -> list[FacilityRow]:
    """Return a row for every facility that holds a session, by id."""
    held: dict[int, list[SessionFact]] = {}
    for session in sessions:
        held.setdefault(session.facility_id, []).append(session)
    facility_of = {fact.service_session_id: facility_id for facility_id, facts in held.items() for fact in facts}
    grouped: dict[int, list[Counts]] = {facility_id: [] for facility_id in held}
    for cell, counts in cells.items():
        grouped[facility_of[cell.service_session_id]].append(counts)
    return [
        FacilityRow(
            facility_id, len(held[facility_id]), sum(not fact.is_closed for fact in held[facility_id]), total(found)
        )
        for facility_id, found in sorted(grouped.items())
    ]


def sum_of(rows: Iterable[ResultRow], kecamatan_code: str = "", method_code: str = "") -> ResultRow:
    """Return the sum of the rows of a kecamatan, of a method, or of all."""
    chosen = [
        row for row in rows if kecamatan_code in ("", row.kecamatan_code) and method_code in ("", row.method_code)
    ]
    return ResultRow(kecamatan_code, method_code, sum(row.target for row in chosen), total(r.counts for r in chosen))


def sum_of_facilities(rows: Iterable[FacilityRow]) -> FacilityRow:
    """Return the sum over all facilities."""
    every = list(rows)
    sessions, still_open = sum(row.sessions for row in every), sum(row.open_sessions for row in every)
    return FacilityRow(None, sessions, still_open, total(row.counts for row in every))
