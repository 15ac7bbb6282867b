"""A plan as people look at it: kecamatan by date, one facility's day, who is not served, and the proof. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaign.planning.plan import Plan, Reason, Session, Unserved
from campaign.planning.problem import Problem
from campaign.planning.shelves import LotKey, shelves_by_day


@dataclass(frozen=True, slots=True)
class Load:
    """How much of something is taken: minutes of those there are."""

    name: str
    used: int
    available: int


@dataclass(frozen=True, slots=True)
class LotUse:
    """What a session takes from the shelf."""

    item: str
    unit: str
    lot: str
    quantity: int
    available: int  # on the shelf that morning, with what had arrived


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment without a person: when, for which method, who serves."""

    start: int | None  # minutes after midnight; None: the timetable has no room
    end: int | None
    method: str
    provider: str | None
    priority: bool


@dataclass(frozen=True, slots=True)
class FacilityDay:
    """One facility on one date."""

    facility_id: str
    facility: str
    kecamatan: str
    day: date
    windows: tuple[tuple[int, int], ...]
    visits: tuple[Visit, ...]
    methods: tuple[tuple[str, int], ...]
    stations: tuple[Load, ...]  # name is the station type
    providers: tuple[Load, ...]
    lots: tuple[LotUse, ...]

    @property
    def count(self) -> int:
        """Return how many candidates are expected."""
        return len(self.visits)

    @property
    def priority(self) -> int:
        """Return how many of them are served first."""
        return sum(visit.priority for visit in self.visits)

    @property
    def without_time(self) -> int:
        """Return how many the timetable has no room for."""
        return sum(visit.start is None for visit in self.visits)

    @property
    def fullest(self) -> Load | None:
        """Return the station type or provider that is used most."""
        rows = [row for row in (*self.stations, *self.providers) if row.available]
        return max(rows, key=lambda row: row.used / row.available, default=None)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One kecamatan: its facilities' days, by date."""

    name: str
    days: Mapping[date, tuple[FacilityDay, ...]]

    @property
    def count(self) -> int:
        """Return how many candidates its facilities expect."""
        return sum(one.count for ones in self.days.values() for one in ones)


@dataclass(frozen=True, slots=True)
class UnservedRow:
    """Candidates who are not served, and the constraint that binds."""

    kecamatan: str
    kelurahan: str
    method: str
    priority: bool
    count: int
    reason: Reason | None  # None: nobody has looked, the plan was changed by hand
    group: str  # the largest of the groups that the row stands for


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a plan achieves, what there is to achieve, and the proven limit at each level."""

    priority: int
    priority_of: int
    priority_bound: int
    served: int
    served_of: int
    served_bound: int
    coverage: float
    coverage_bound: float
    cost: float
    cost_bound: float
    papers: Mapping[str, object]  # the solver's own account: seed, versions, seconds


@dataclass(frozen=True, slots=True)
class Board:
    """The whole plan."""

    days: tuple[date, ...]
    rows: tuple[BoardRow, ...]
    unserved: tuple[UnservedRow, ...]
    certificate: Certificate
    deliveries: int

    def facility_day(self, facility_id: str, day: date) -> FacilityDay | None:
        """Return one facility's day; None when no session is held."""
        found = (one for row in self.rows for one in row.days.get(day, ()) if one.facility_id == facility_id)
        return next(found, None)


def board(problem: Problem, plan: Plan) -> Board:
    """Arrange a plan for people to look at."""
    shelves = shelves_by_day(problem, plan)
    held = [
        _facility_day(problem, row, shelves[row.facility, row.date])
        for row in sorted(plan.sessions, key=lambda row: (row.date, row.facility))
    ]
    rows = tuple(
        BoardRow(
            area.name,
            {day: tuple(one for one in held if (one.kecamatan, one.day) == (area.id, day)) for day in problem.dates},
        )
        for area in problem.kecamatan
    )
    return Board(problem.dates, rows, _unserved(problem, plan), certificate(problem, plan), len(plan.deliveries))


def certificate(problem: Problem, plan: Plan) -> Certificate:
    """Return what the plan achieves beside the proven limits; counts are whole, so a bound is rounded towards truth."""
    real, bound = plan.objective, plan.bounds
    return Certificate(
        priority=round(real.served_priority),
        priority_of=sum(group.count for group in problem.candidates if group.priority),
        priority_bound=int(bound.served_priority + 1e-6),
        served=round(real.served),
        served_of=sum(group.count for group in problem.candidates),
        served_bound=int(bound.served + 1e-6),
        coverage=real.min_coverage,
        coverage_bound=bound.min_coverage,
        cost=real.cost,
        cost_bound=bound.cost,
        papers=plan.solver,
    )


def _facility_day(problem: Problem, session: Session, shelf: Counter[LotKey]) -> FacilityDay:
    facility = problem.facility[session.facility]
    windows = tuple(sorted(facility.hours.get(session.date, ())))
    open_minutes = sum(close - start for start, close in windows)
    stations, providers = _minutes(problem, session)
    methods = Counter(problem.group[who.candidate].method for who in session.appointments)
    return FacilityDay(
        facility_id=facility.id,
        facility=facility.name,
        kecamatan=facility.kecamatan,
        day=session.date,
        windows=windows,
        visits=_visits(problem, session),
        methods=tuple((row.name, methods[row.id]) for row in problem.methods if methods[row.id]),
        stations=tuple(
            Load(kind, stations[kind], number * open_minutes)
            for kind, number in facility.stations.items()
            if stations[kind]
        ),
        providers=tuple(
            Load(problem.provider[key].name, providers[key], problem.provider[key].minutes_per_day)
            for key in session.providers
        ),
        lots=tuple(
            LotUse(
                problem.item[line.item].name,
                problem.item[line.item].unit,
                line.lot,
                line.quantity,
                shelf[line.item, line.lot],
            )
            for line in session.usage
        ),
    )


def _minutes(problem: Problem, session: Session) -> tuple[Counter[str], Counter[str]]:
    """Return the minutes taken of each station type and of each provider."""
    stations: Counter[str] = Counter()
    providers: Counter[str] = Counter()
    for who in session.appointments:
        steps = problem.method[problem.group[who.candidate].method].timed_steps
        for slot, step in zip(who.steps, steps, strict=False):  # by hand: perhaps no room, and no steps
            stations[step.station] += step.minutes
            if slot.provider is not None:
                providers[slot.provider] += step.minutes
    return stations, providers


def _visits(problem: Problem, session: Session) -> tuple[Visit, ...]:
    visits = []
    for who in session.appointments:
        group = problem.group[who.candidate]
        method = problem.method[group.method]
        start = who.steps[0].start if who.steps else None
        end = who.steps[-1].start + method.timed_steps[-1].minutes if who.steps else None
        serves = next((slot.provider for slot in who.steps if slot.provider is not None), None)
        name = None if serves is None else problem.provider[serves].name
        visits.append(Visit(start, end, method.name, name, group.priority))
    return tuple(sorted(visits, key=lambda visit: (visit.start is None, visit.start or 0, visit.method)))


def _unserved(problem: Problem, plan: Plan) -> tuple[UnservedRow, ...]:
    """Return who is not served; groups that differ only in the dates on which they can come are one row."""
    names = {row.id: row.name for row in problem.kecamatan}
    unchecked = set(plan.solver.get("unchecked", ()))
    rows: dict[tuple[str, str, bool, str, str], list[Unserved]] = defaultdict(list)
    for one in plan.unserved:
        group = problem.group[one.candidate]
        place = problem.kelurahan_by_id[group.kelurahan]
        reason = "" if one.candidate in unchecked else one.reason.value
        rows[names[place.kecamatan], place.name, not group.priority, problem.method[group.method].name, reason].append(
            one
        )
    return tuple(
        UnservedRow(
            kecamatan,
            kelurahan,
            method,
            not is_other,
            sum(one.count for one in ones),
            Reason(reason) if reason else None,
            max(ones, key=lambda one: (one.count, one.candidate)).candidate,
        )
        for (kecamatan, kelurahan, is_other, method, reason), ones in sorted(rows.items())
    )
