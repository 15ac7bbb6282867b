"""CP-SAT on a whole program: strong at improving a plan it is given. Its proofs are not used."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from ortools.sat.python import cp_model

from campaign.planning.solver.program import Program, Row

_COVERAGE_STEPS = 10**6  # a share between 0 and 1 in whole numbers
_LARGEST_SCALE = 2520


def improve_by_sat(
    program: Program,
    objective: Mapping[int, float],
    *,
    maximise: bool,
    hint: list[float] | None,
    shares: frozenset[int],
    seconds: float,
    workers: int,
    seed: int,
    deterministic: bool = False,
    stop: Callable[[], bool] | None = None,
) -> list[float] | None:
    """The best whole solution found. `shares` are the columns between 0 and 1 that are not whole."""
    model = cp_model.CpModel()
    columns = [
        model.new_int_var(0, _COVERAGE_STEPS, "")
        if number in shares
        else model.new_int_var(math.ceil(least - 1e-6), math.floor(most + 1e-6), "")
        for number, (least, most) in enumerate(zip(program.least, program.most, strict=True))
    ]
    for row in program.rows:
        _add(model, row, columns, shares)
    _aim(model, columns, objective, maximise=maximise)
    if hint is not None:
        for number, column in enumerate(columns):
            model.add_hint(column, round(hint[number] * (_COVERAGE_STEPS if number in shares else 1)))
    solver = _solver(seconds, workers, seed, deterministic=deterministic)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [
        solver.value(column) / (_COVERAGE_STEPS if number in shares else 1) for number, column in enumerate(columns)
    ]


def _aim(
    model: cp_model.CpModel, columns: list[cp_model.IntVar], objective: Mapping[int, float], *, maximise: bool
) -> None:
    """The objective in whole numbers; fractions are kept to a hundredth."""
    scale = 1 if all(float(value).is_integer() for value in objective.values()) else 100
    terms = [(columns[c], round(value * scale)) for c, value in objective.items()]
    total = cp_model.LinearExpr.weighted_sum([c for c, _ in terms], [v for _, v in terms])
    if maximise:
        model.maximize(total)
    else:
        model.minimize(total)


def _solver(seconds: float, workers: int, seed: int, *, deterministic: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    if deterministic:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = seconds
    solver.parameters.catch_sigint_signal = False
    return solver


def _add(model: cp_model.CpModel, row: Row, columns: list[cp_model.IntVar], shares: frozenset[int]) -> None:
    """A row in whole numbers; what must be rounded is rounded to the safe side."""
    scale = _scale([value for column, value in row.terms.items() if column not in shares])
    if any(column in shares for column in row.terms):
        scale = _COVERAGE_STEPS
    variables, factors = [], []
    for column, value in row.terms.items():
        factor = value * scale / (_COVERAGE_STEPS if column in shares else 1)
        variables.append(columns[column])
        factors.append(_safe(factor, up=row.most < math.inf))
    total = cp_model.LinearExpr.weighted_sum(variables, factors)
    if row.most < math.inf:
        model.add(total <= math.floor(row.most * scale + 1e-6))
    if row.least > -math.inf:
        model.add(total >= math.ceil(row.least * scale - 1e-6))


def _safe(value: float, *, up: bool) -> int:
    nearest = round(value)
    if abs(nearest - value) < 1e-6:
        return nearest
    return math.ceil(value) if up else math.floor(value)


def _scale(values: list[float]) -> int:
    """What turns the coefficients into whole numbers, held to a size CP-SAT adds up safely."""
    scale = 1
    for value in values:
        if not float(value).is_integer():
            scale = math.lcm(scale, Fraction(value).limit_denominator(64).denominator)
            if scale > _LARGEST_SCALE:
                return _LARGEST_SCALE
    return scale
