"""The search: the four levels one after the other, each held while the next is improved."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from campaign.planning.check import violations
from campaign.planning.plan import Bounds, Objective, Plan
from campaign.planning.solver.choice import Choice
from campaign.planning.solver.dealing import deal, team_of
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS, Limits, Progress
from campaign.planning.solver.program import Answer, Effort, Program, solve_program
from campaign.planning.solver.racing import solve_by_race
from campaign.planning.solver.reasons import with_reasons
from campaign.planning.solver.replan import Held, who_sits_where
from campaign.planning.solver.seating import Overfull, Seating
from campaign.planning.solver.timetable import Team, Visit

_WHOLE = 1e-6
_NODES_A_SECOND = 20
_LARGE_PLAN = 20_000  # people served


@dataclass
class Clock:
    """Seconds since the solve began, and whether it is time to stop."""

    limits: Limits
    stop: Callable[[], bool] | None = None
    began: float = field(default_factory=time.monotonic)
    charged: float = 0.0  # in deterministic mode: the work allotted so far, as if it were seconds

    @property
    def spent(self) -> float:
        """Seconds since the solve began; in deterministic mode those charged."""
        return self.charged if self.limits.deterministic else time.monotonic() - self.began

    def charge(self, allotted: float, *, finished: bool) -> None:
        """Deterministic mode: a call that ended by itself counts a tenth of what it was allotted."""
        self.charged += allotted / 10 if finished else allotted

    @property
    def left(self) -> float:
        """Seconds left, below 0 when overspent."""
        return self.limits.seconds - self.spent

    @property
    def over(self) -> bool:
        """Whether the time is up or a stop was asked for."""
        return self.left <= 0 or (self.stop is not None and self.stop())


class Search:
    """What every stage shares: the layout, the seating memory, the clock, the best plan and its bounds."""

    def __init__(
        self,
        layout: Layout,
        limits: Limits,
        clock: Clock,
        report: Callable[[Progress], None] | None = None,
        publish: Callable[[Plan], None] | None = None,
    ) -> None:
        self.layout = layout
        self.limits = limits
        self.clock = clock
        self.report = report
        self.publish = publish
        self.seating = Seating(seed=limits.seed)
        self.repairs = 8  # times a solution whose sessions do not seat is solved again with fewer there
        everybody = layout.problem.candidates
        self.bounds = [
            float(sum(group.count for group in everybody if group.priority)),
            float(sum(group.count for group in everybody)),
            1.0,
            0.0,
        ]
        self.choice = Choice()
        self.seats: dict[int, tuple[Team, list[Visit]]] = {}
        self.held: Held | None = None  # when re-planning: what must stay
        self.planned = False  # whether any plan but the empty one was found
        self.rejected: list[str] = []  # what the checker held against plans that were built: our mistakes
        self.plan = replace_bounds(deal(layout, self.choice, {}), self.bounds)

    def effort(self, seconds: float) -> Effort:
        """So many seconds, or the work they stand for."""
        exact = self.limits.deterministic
        nodes = max(1, round(seconds * _NODES_A_SECOND)) if exact else None
        return Effort(1e5 if exact else max(0.2, seconds), seed=self.limits.seed, nodes=nodes)

    def run(
        self,
        program: Program,
        objective: dict[int, float],
        seconds: float,
        *,
        maximise: bool,
        relaxed: bool = False,
        hint: list[float] | None = None,
        gaps: tuple[float, float] = (0.0, 0.0),
        priorities: Mapping[int, int] | None = None,
        beside: Callable[[Effort], Answer] | None = None,
    ) -> Answer:
        """Send a program to HiGHS for so many seconds or the work they stand for. Gaps: relative, absolute.

        With priorities and a second worker, what is not done soon is raced, SCIP against HiGHS or `beside`."""
        exact = self.limits.deterministic
        effort = replace(self.effort(seconds), relative_gap=gaps[0], absolute_gap=gaps[1], priorities=priorities)
        if priorities is not None and self.limits.workers > 1 and not exact:
            return solve_by_race(program, objective, effort, maximise=maximise, hint=hint, beside=beside)
        answer = solve_program(program, objective, effort, maximise=maximise, relaxed=relaxed, hint=hint)
        if exact:
            self.clock.charge(max(0.1, seconds), finished=answer.optimal or answer.infeasible or relaxed)
        return answer

    def value(self, level: int) -> float:
        """What the best plan reaches at a level, 0 to 3."""
        return self.plan.objective.levels[level]

    def proven(self, level: int) -> bool:
        """Whether nothing better exists at the level, to the format's precision."""
        value, bound = self.value(level), self.bounds[level]
        return abs(bound - value) <= 1e-6 * max(1.0, abs(value)) or (level < 2 and bound < value + 1)

    def tighten(self, level: int, bound: float) -> None:
        """Take over a proven bound of a level, given the levels before."""
        if not math.isfinite(bound):
            return
        if level < 2:
            bound = math.floor(bound + _WHOLE)
        if level == 2:
            bound = self.reachable_coverage(bound)
        slack = 1e-9 * max(1.0, abs(bound))
        better = bound > self.bounds[level] if level == 3 else bound < self.bounds[level]
        if better:
            self.bounds[level] = bound - slack if level == 3 else bound + (slack if level == 2 else 0)
            self.tell(level)

    def reachable_coverage(self, bound: float) -> float:
        """The largest coverage not above the bound that whole people can give some kecamatan."""
        totals = {sum(row.target.values()) for row in self.layout.problem.kecamatan} - {0}
        if not totals:
            return bound
        return max(math.floor(bound * total + _WHOLE * max(1, total)) / total for total in totals)

    def tell(self, level: int) -> None:
        """Report value, bound and seconds of a level, where anyone listens."""
        if self.report is not None:
            self.report(Progress(LEVELS[level], self.value(level), self.bounds[level], self.clock.spent))

    def seat(self, model: Model, choice: Choice) -> tuple[dict[int, tuple[Team, list[Visit]]], dict[int, Overfull]]:
        """Timetables of the sessions of a choice, and the sessions that hold too many."""
        seats: dict[int, tuple[Team, list[Visit]]] = {}
        overfull: dict[int, Overfull] = {}
        for cell, counts in sorted(choice.loads(self.layout).items()):
            team = team_of(self.layout, cell, model.timing[cell], self.needed(choice, cell, counts))
            if self._unchanged(cell, team, counts):
                seats[cell] = self.seats[cell]
                continue
            kept = None if self.held is None else self.held.visits(cell)
            found = kept if kept is not None else self.seating.seat(team, counts)
            if isinstance(found, Overfull):
                overfull[cell] = found
            else:
                seats[cell] = (_without_idle(team, found), _renumber(team, found))
        return seats, overfull

    def _unchanged(self, cell: int, team: Team, counts: dict[int, int]) -> bool:
        """Whether the best plan has this session with these people, and nobody it needs is away."""
        if cell not in self.seats:
            return False
        before, visits = self.seats[cell]
        seated = Counter(method for method, _, _ in visits)
        return seated == Counter(counts) and set(before.providers) <= set(team.providers)

    def needed(self, choice: Choice, cell: int, counts: dict[int, int]) -> tuple[int, ...]:
        """The chosen providers with a skill that the session needs."""
        methods = self.layout.problem.methods
        skills = {step.skill for m, n in counts.items() if n for step in methods[m].timed_steps}
        team = choice.teams.get(cell, ())
        return tuple(p for p in team if skills & set(self.layout.problem.providers[p].skills))

    def adopt(self, model: Model, choice: Choice) -> dict[int, Overfull]:
        """Seat a choice and take it over when it is better; returns the sessions that could not be seated."""
        seats, overfull = self.seat(model, choice)
        if not overfull:
            self.take_over(choice, seats)
        return overfull

    def _forget_bounds(self, reached: Objective) -> None:
        """A bound holds for plans no worse on the levels before it: where the new plan is worse, it is given up."""
        loosest = [self.bounds[0], float(sum(row.count for row in self.layout.problem.candidates)), 1.0, 0.0]
        for level in range(3):
            if reached.levels[level] < self.plan.objective.levels[level] - 1e-9:
                self.bounds[level + 1 :] = loosest[level + 1 :]
                return

    def wishes(self) -> dict[tuple[str, int], int]:
        """Who should sit where when people are dealt out: the pinned first, else where they sat before."""
        if self.held is None:
            return {}
        found: dict[tuple[str, int], int] = {}
        for rows in (self.held.seated, self.held.people):
            for (group, place, day), number in rows.items():
                cell = self.layout.cell_number.get(
                    (self.layout.facility_number.get(place, -1), self.held.days.get(day, -1))
                )
                if cell is not None:
                    found[group, cell] = max(number, found.get((group, cell), 0))
        return found

    def better(self, plan: Plan) -> bool:
        """Level by level; when re-planning, who keeps facility and date counts before cost."""
        mine, best = plan.objective, self.plan.objective
        if self.held is None:
            return mine.better_than(best)
        if not self.planned:
            return True
        first = (replace(mine, cost=0.0), replace(best, cost=0.0))
        if first[0].better_than(first[1]) or first[1].better_than(first[0]):
            return first[0].better_than(first[1])
        stay, stayed = self.staying(plan), self.staying(self.plan)
        return stay > stayed or (stay == stayed and mine.cost < best.cost - 1e-6)

    def staying(self, plan: Plan) -> int:
        """People who keep facility and date of the previous plan."""
        return 0 if self.held is None else (who_sits_where(plan) & self.held.seated).total()

    def take_over(self, choice: Choice, seats: dict[int, tuple[Team, list[Visit]]]) -> None:
        """Make the plan of a seated choice the best one, if it is better and the checker finds nothing."""
        plan = replace_bounds(deal(self.layout, choice, seats, self.wishes()), self.bounds)
        if not self.better(plan):
            return
        broken = violations(self.layout.problem, plan)
        if broken:
            self.rejected.extend(str(row) for row in broken[:5])
            return
        self._forget_bounds(plan.objective)
        plan = replace_bounds(plan, self.bounds)
        self.plan, self.choice, self.planned = plan, choice, True
        self.seats = dict(seats)
        for level in range(4):
            self.tell(level)
        # a plan of tens of thousands costs seconds to write: only once half the time is gone
        small = plan.objective.served < _LARGE_PLAN or self.clock.left < self.limits.seconds / 2
        if self.publish is not None and small:
            self.publish(with_reasons(self.layout, plan))


def _without_idle(team: Team, visits: list[Visit]) -> Team:
    """The team less the providers whom no visit needs: they cost a day for nothing."""
    used = sorted({p for _, _, chosen in visits for p in chosen if p is not None})
    return replace(team, providers=tuple(team.providers[p] for p in used))


def _renumber(team: Team, visits: list[Visit]) -> list[Visit]:
    used = sorted({p for _, _, chosen in visits for p in chosen if p is not None})
    place = {p: number for number, p in enumerate(used)}
    return [(m, starts, [None if p is None else place[p] for p in chosen]) for m, starts, chosen in visits]


def replace_bounds(plan: Plan, bounds: list[float]) -> Plan:
    """The plan with these bounds, never on the wrong side of what it achieves."""
    real = plan.objective
    told = [max(bound, value) for bound, value in zip(bounds[:3], real.levels[:3], strict=True)]
    return replace(plan, bounds=Bounds(told[0], told[1], told[2], min(bounds[3], real.cost)))


def held_rows(program: Program, model: Model, objective: Objective, level: int) -> Program:
    """A copy of the program in which the levels before this one are no worse than the objective."""
    held = program.copy()
    for earlier in range(level):
        least = objective.levels[earlier]
        if earlier == 2:
            least = max(0.0, least - 1e-9)
        held.row(model.objectives[LEVELS[earlier]].items(), least=least)
    return held


def whole_flows(
    search: Search, model: Model, program: Program, values: list[float], objective: dict[int, float], *, maximise: bool
) -> list[float] | None:
    """Make the people on the arcs whole while sessions, teams and packs stay as they are."""
    loose = [*model.arcs.values(), *model.spread.values(), *model.priority.values()]
    if all(abs(values[column] - round(values[column])) < _WHOLE for column in loose):
        return values
    fixed = program.copy()
    free = {*model.covered.values(), *model.visited.values()}
    for column, whole in enumerate(program.whole):
        if whole and column not in free:
            fixed.least[column] = fixed.most[column] = round(values[column])
    fixed.whole = [True] * len(fixed.whole)
    fixed.whole[model.coverage] = False
    return search.run(fixed, objective, 10, maximise=maximise, gaps=(1e-6, 0.0)).values
