"""Small campaigns: the whole model, level by level, to one solver; what does not seat is repaired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from campaign.planning.plan import Objective
from campaign.planning.solver.bridge import fix_decisions, values_of
from campaign.planning.solver.choice import Choice, read_choice, trimmed
from campaign.planning.solver.crowds import Crowd, find_crowd, keep_apart
from campaign.planning.solver.dealing import team_of
from campaign.planning.solver.model import Model
from campaign.planning.solver.outcome import LEVELS
from campaign.planning.solver.polish import Polish
from campaign.planning.solver.program import Answer, Program
from campaign.planning.solver.racing import best_of, race
from campaign.planning.solver.search import Search, held_rows, whole_flows
from campaign.planning.solver.seating import Overfull

_TRIMS = 5
_ATTEMPTS = 6  # times a level is solved again because of what its solution showed not to fit
_SHARES = (0.45, 0.45, 0.4, 0.95)  # of the time left, by level; the first two levels together take the first
_ALONE_SECONDS = 3.0  # of HiGHS, after which a level is not an easy one
_POLISH_SHARE, _POLISH_SECONDS = 0.3, 5.0  # of a level's time, and at most, before its bound is sought
_RELATIVE_GAPS = (0.0, 0.0, 1e-6, 1e-5)


def solve_whole(search: Search, model: Model, counted: Model | None = None) -> None:
    """Go through the levels; each leaves its bound and the best plan behind.

    `counted` is a model for levels 1 to 3 in which kelurahan of a kecamatan are one: smaller, and exact.
    """
    stage = Stage(search, model, counted or model)
    settled = search.proven(0) and search.proven(1)
    first = 2 if settled or stage.both_first_levels() else 0
    for level in range(first, 4):
        if search.clock.over:
            return
        if level == 3 and model.staying:
            _keep_places(search, model)
        if level == 3:
            stage.relax(level)
        if not search.proven(level):
            stage.improve(level, search.clock.left * _SHARES[level])


@dataclass
class Stage:
    """The models that the levels are solved on: `fine` knows every kelurahan, `counted` only their kecamatan."""

    search: Search
    fine: Model
    counted: Model
    seating: float = 1.0  # seconds that it last took to make a plan of a solution: kept free for the next one

    def both_first_levels(self) -> bool:
        """Often all that the linear program promises at level 1 can be kept: then level 2 settles both.

        Returns whether it did, so that looking again would only be more of the same.
        """
        search, model = self.search, self.counted
        until = search.clock.spent + search.clock.left * _SHARES[0]
        relaxed = search.run(
            model.program, model.objectives[LEVELS[0]], search.clock.left * 0.2, maximise=True, relaxed=True
        )
        if relaxed.values is None:
            return False
        search.tighten(0, relaxed.bound)
        for _ in range(_ATTEMPTS):
            if search.proven(1) and search.proven(0):
                return True
            if search.clock.spent >= until or search.clock.over:
                break
            hoped = replace(search.plan.objective, served_priority=search.bounds[0])
            known = search.seating.lessons
            answer = self._solve(1, hoped, until)
            if answer.infeasible:  # nobody can serve so many: one fewer may be possible
                search.tighten(0, search.bounds[0] - 1)
                continue
            if search.value(0) >= search.bounds[0]:
                search.tighten(1, answer.bound)
            if search.seating.lessons == known:
                break
        return search.proven(0)

    def relax(self, level: int) -> None:
        """The linear program's bound: soon there, whatever happens to the rest of the time."""
        program = held_rows(self.fine.program, self.fine, self.search.plan.objective, level)
        seconds = max(1.0, self.search.clock.left)
        answer = self.search.run(
            program, self.fine.objectives[LEVELS[level]], seconds, maximise=level < 3, relaxed=True
        )
        if answer.optimal:
            self.search.tighten(level, answer.bound)

    def improve(self, level: int, seconds: float) -> None:
        """One level to the solvers: a bound, and a plan when what they find can be seated."""
        search = self.search
        until = search.clock.spent + seconds
        for _ in range(_ATTEMPTS):
            known = search.seating.lessons
            answer = self._solve(level, search.plan.objective, until)
            if not answer.infeasible:
                search.tighten(level, answer.bound)
            if search.proven(level) or search.seating.lessons == known:
                return
            if search.clock.over or search.clock.spent >= until:
                return

    def _solve(self, level: int, held: Objective, until: float) -> Answer:
        """A level with the levels before it held; what is found is carried to single kelurahan and seated."""
        search, model = self.search, self.fine if level == 3 else self.counted
        program = held_rows(model.program, model, held, level)
        keep_apart(model, program, search.seating.crowds)
        gaps = (_RELATIVE_GAPS[level], 0.999 if level < 2 else 0.0)
        polish = self._polish(model, program, level)
        hint = None
        if polish is not None:
            seconds = min(_ALONE_SECONDS, until - search.clock.spent)
            quick = search.run(program, polish.objective, seconds, maximise=level < 3, gaps=gaps)
            if quick.optimal or quick.infeasible:
                self._take(quick, held, level)
                return quick
            first = self._polished(polish, min(_POLISH_SECONDS, (until - search.clock.spent) * _POLISH_SHARE))
            self._take(first, held, level)
            hint = first.values
        answer = search.run(
            program,
            model.objectives[LEVELS[level]],
            max(1.0, until - search.clock.spent - self.seating),
            maximise=level < 3,
            gaps=gaps,
            hint=hint,
            priorities=branching(model),
            beside=None if polish is None else polish.run,
        )
        self._take(answer, held, level)
        return answer

    def _polish(self, model: Model, program: Program, level: int) -> Polish | None:
        """From level 3 on the plan at hand is a good start, but only by its sessions and teams."""
        if level < 2 or not self.search.planned or self.search.limits.deterministic:
            return None
        start = values_of(model, self.search.choice)
        if start is None:
            return None
        wary = program.copy()
        keep_apart(model, wary, self.search.seating.suspects)
        return Polish(model, wary, model.objectives[LEVELS[level]], level < 3, start)

    def _polished(self, polish: Polish, seconds: float) -> Answer:
        """A first round, on every worker with another seed."""
        limits = self.search.limits
        if limits.workers < 2:
            return polish.run(self.search.effort(seconds))
        efforts = [replace(self.search.effort(seconds), seed=limits.seed + k) for k in range(2)]
        answers = race([partial(polish.run, effort) for effort in efforts], seconds)
        return best_of(answers or [polish.nothing], maximise=polish.maximise)

    def _take(self, answer: Answer, held: Objective, level: int) -> None:
        """Carry what was found to single kelurahan and seat it."""
        if answer.values is None or (level >= 2 and not self._improves(answer, level)):
            return
        began = self.search.clock.spent
        values: list[float] | None = answer.values
        if level < 3 and self.counted is not self.fine:
            reached = replace(held, **{LEVELS[level]: answer.objective})
            values = self._carried(answer.values, reached, level)
        if values is not None:
            program = held_rows(self.fine.program, self.fine, held, level)
            settle(self.search, self.fine, program, values, level)
        self.seating = max(1.0, self.search.clock.spent - began)

    def _carried(self, values: list[float], reached: Objective, level: int) -> list[float] | None:
        """The same sessions, teams and packs with people from single kelurahan, who travel as little as they can."""
        fine = self.fine
        program = held_rows(fine.program, fine, reached, level + 1)
        fix_decisions(self.counted, values, fine, program)
        seconds = max(2.0, self.search.clock.left / 10)
        return self.search.run(program, fine.objectives["cost"], seconds, maximise=False, gaps=(1e-3, 0.0)).values

    def _improves(self, answer: Answer, level: int) -> bool:
        gain = (answer.objective - self.search.value(level)) * (1 if level < 3 else -1)
        return gain > 1e-9 * max(1.0, abs(answer.objective))


def branching(model: Model) -> dict[int, int]:
    """What to decide first: the dates of a kecamatan, then sessions, trips and mobile teams, then who is in."""
    providers = model.layout.problem.providers
    first = {column: 2 if providers[p].mobile else 1 for (p, _), column in model.works.items()}
    first |= dict.fromkeys((*model.held.values(), *model.trips.values()), 2)
    return first | dict.fromkeys(model.dated.values(), 3)


def _keep_places(search: Search, model: Model) -> None:
    """Between levels 3 and 4: as many as possible keep facility and date; what is reached is held from here on."""
    program = held_rows(model.program, model, search.plan.objective, 3)
    answer = search.run(program, model.staying, search.clock.left * 0.5, maximise=True, gaps=(0.0, 0.999))
    if answer.values is not None:
        settle(search, model, program, answer.values, 2, model.staying)
    model.program.row(model.staying.items(), least=search.staying(search.plan))


def keep_pins(search: Search, model: Model) -> bool:
    """A first plan that keeps every pin; False when there is none."""
    objective = model.objectives["served"]
    answer = search.run(model.program, objective, search.clock.left * 0.3, maximise=True, gaps=(0.02, 0.0))
    if answer.values is not None:
        settle(search, model, model.program, answer.values, 1)
    return search.planned


def settle(
    search: Search,
    model: Model,
    program: Program,
    values: list[float],
    level: int,
    aim: dict[int, float] | None = None,
) -> None:
    """Turn a solution into a plan: seat it; where a session is overfull, serve fewer there and ask again."""
    objective = aim or model.objectives[LEVELS[level]]
    limited = program.copy()
    for _ in range(search.repairs):
        whole = whole_flows(search, model, limited, values, objective, maximise=level < 3)
        if whole is None:
            return
        choice = read_choice(model, whole)
        overfull = search.adopt(model, choice)
        if not overfull:
            return
        adopt_trimmed(search, model, choice, overfull)
        if search.clock.over or search.repairs == 1:
            return
        _remember_crowds(search, model, choice, overfull)
        again = _with_fewer(search, model, limited, whole, objective, maximise=level < 3)
        if again is None:
            return
        values = again


def adopt_trimmed(search: Search, model: Model, choice: Choice, overfull: dict[int, Overfull]) -> None:
    """Serve fewer where it must be, so that a plan comes of it in any case; smaller teams may need a second look."""
    for _ in range(_TRIMS):
        loads = choice.loads(search.layout)
        fits = {cell: _fewer_than(loads[cell], full.fits) for cell, full in overfull.items()}
        choice = trimmed(search.layout, choice, fits)
        overfull = search.adopt(model, choice)
        if not overfull:
            return


def _fewer_than(load: dict[int, int], fits: dict[int, int]) -> dict[int, int]:
    """What fits; one less where that is all of it, and only a smaller team is to blame."""
    if sum(fits.values()) < sum(load.values()) or not fits:
        return fits
    most = max(fits, key=lambda method: (fits[method], method))
    return {**fits, most: fits[most] - 1}


def _remember_crowds(search: Search, model: Model, choice: Choice, overfull: dict[int, Overfull]) -> None:
    """What is proven too much for a session is kept out of every later program; what is not, is avoided."""
    loads = choice.loads(search.layout)
    for cell in sorted(overfull):
        crew = search.needed(choice, cell, loads[cell])
        team = team_of(search.layout, cell, model.timing[cell], crew)
        crowd = find_crowd(search.layout, cell, team, crew, loads[cell]) if overfull[cell].proven else None
        if crowd is not None and crowd not in search.seating.crowds:
            search.seating.crowds.append(crowd)
        if crowd is None:
            kinds = tuple((frozenset({m}), n) for m, n in sorted(loads[cell].items()) if n)
            search.seating.suspects.append(Crowd(cell, kinds, frozenset(crew)))


def _with_fewer(
    search: Search,
    model: Model,
    limited: Program,
    values: list[float],
    objective: dict[int, float],
    *,
    maximise: bool,
) -> list[float] | None:
    """Solve again with the same teams and without what did not fit."""
    fixed = limited.copy()
    keep_apart(model, fixed, [*search.seating.crowds, *search.seating.suspects])
    for column in model.works.values():
        fixed.least[column] = fixed.most[column] = round(values[column])
    seconds = max(1.0, min(10.0, search.clock.left / 5))
    return search.run(fixed, objective, seconds, maximise=maximise, gaps=(1e-4, 0.0)).values
