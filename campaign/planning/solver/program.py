"""A mixed-integer program in plain lists, and the solvers it is sent to."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

INFINITY = math.inf
Terms = Iterable[tuple[int, float]]  # (column, coefficient)


class Engine(StrEnum):
    """A solver that programs can be sent to."""

    HIGHS = "highs"
    SCIP = "gscip"
    GLOP = "glop"


_TYPES = {
    Engine.HIGHS: mathopt.SolverType.HIGHS,
    Engine.SCIP: mathopt.SolverType.GSCIP,
    Engine.GLOP: mathopt.SolverType.GLOP,
}


@dataclass(slots=True)
class Row:
    """A constraint: the sum of coefficient times column (`terms`, by column number) lies from least to most."""

    least: float
    most: float
    terms: dict[int, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said. `bound` is its proven bound on the objective; values is None when it found nothing."""

    values: list[float] | None
    objective: float
    bound: float
    optimal: bool
    infeasible: bool
    duals: list[float] = field(default_factory=list)
    reduced: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Program:
    """Columns with bounds and integrality, rows as sparse terms. Objectives are given per solve."""

    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, most: float = INFINITY, *, least: float = 0.0, whole: bool = False) -> int:
        """Add a column, continuous unless `whole`. Returns its number."""
        self.least.append(least)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.least) - 1

    def row(self, terms: Terms, *, least: float = -INFINITY, most: float = INFINITY) -> int:
        """Add a row; repeated columns are summed. Returns its number."""
        summed: dict[int, float] = {}
        for column, coefficient in terms:
            summed[column] = summed.get(column, 0.0) + coefficient
        self.rows.append(Row(least, most, {c: v for c, v in summed.items() if v}))
        return len(self.rows) - 1

    def copy(self) -> Program:
        """A program that can be given columns and rows of its own; the rows so far are shared."""
        return Program(list(self.least), list(self.most), list(self.whole), list(self.rows))

    def proto(self, objective: Mapping[int, float], *, maximise: bool, relaxed: bool) -> model_pb2.ModelProto:
        """The model as MathOpt reads it."""
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(len(self.least)))
        proto.variables.lower_bounds.extend(self.least)
        proto.variables.upper_bounds.extend(self.most)
        proto.variables.integers.extend([False] * len(self.whole) if relaxed else self.whole)
        proto.linear_constraints.ids.extend(range(len(self.rows)))
        proto.linear_constraints.lower_bounds.extend(row.least for row in self.rows)
        proto.linear_constraints.upper_bounds.extend(row.most for row in self.rows)
        matrix = proto.linear_constraint_matrix
        for number, row in enumerate(self.rows):
            columns = sorted(row.terms)
            matrix.row_ids.extend([number] * len(columns))
            matrix.column_ids.extend(columns)
            matrix.coefficients.extend([row.terms[column] for column in columns])
        proto.objective.maximize = maximise
        kept = sorted(column for column, value in objective.items() if value)
        proto.objective.linear_coefficients.ids.extend(kept)
        proto.objective.linear_coefficients.values.extend(objective[column] for column in kept)
        return proto


@dataclass(frozen=True, slots=True)
class Effort:
    """How long one solver call may take and how close is close enough."""

    seconds: float
    threads: int = 1
    seed: int = 1
    relative_gap: float = 0.0
    absolute_gap: float = 0.0
    nodes: int | None = None
    verbose: bool = False
    priorities: Mapping[int, int] | None = None  # columns to branch on first, highest first; only SCIP listens


def solve_program(
    program: Program,
    objective: Mapping[int, float],
    effort: Effort,
    *,
    maximise: bool,
    engine: Engine = Engine.HIGHS,
    hint: list[float] | None = None,
    relaxed: bool = False,
) -> Answer:
    """Solve the program for one objective; a solver's failure is an empty answer, never an exception."""
    worst = Answer(None, math.nan, INFINITY if maximise else -INFINITY, optimal=False, infeasible=False)
    model = mathopt.Model.from_model_proto(program.proto(objective, maximise=maximise, relaxed=relaxed))
    parameters = _parameters(effort, engine, relaxed=relaxed)
    model_parameters = mathopt.ModelSolveParameters()
    if hint is not None and not relaxed:
        values = {variable: hint[variable.id] for variable in model.variables()}
        model_parameters.solution_hints.append(mathopt.SolutionHint(variable_values=values))
    if effort.priorities and engine is Engine.SCIP and not relaxed:
        first = effort.priorities
        model_parameters.branching_priorities = {v: first[v.id] for v in model.variables() if v.id in first}
    try:
        result = mathopt.solve(model, _TYPES[engine], params=parameters, model_params=model_parameters)
    except (RuntimeError, ValueError, AttributeError):
        return worst
    return _answer(result, len(program.least), worst, relaxed=relaxed)


def _parameters(effort: Effort, engine: Engine, *, relaxed: bool) -> mathopt.SolveParameters:
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=max(effort.seconds, 0.01)),
        random_seed=effort.seed,
        relative_gap_tolerance=effort.relative_gap,
        absolute_gap_tolerance=effort.absolute_gap,
        enable_output=effort.verbose,
    )
    if engine is Engine.HIGHS and relaxed:
        parameters.highs.string_options["solver"] = "ipm"
    elif engine is Engine.HIGHS and effort.nodes is not None:
        parameters.highs.int_options["mip_max_nodes"] = effort.nodes
    elif engine is Engine.SCIP:
        parameters.threads = effort.threads
        parameters.node_limit = effort.nodes
    return parameters


def _answer(result: mathopt.SolveResult, columns: int, worst: Answer, *, relaxed: bool) -> Answer:
    reason = result.termination.reason
    if reason in (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED):
        return Answer(None, math.nan, worst.bound, optimal=False, infeasible=True)
    bound = result.termination.objective_bounds.dual_bound
    optimal = reason == mathopt.TerminationReason.OPTIMAL
    if not result.has_primal_feasible_solution():
        return Answer(None, math.nan, bound, optimal=False, infeasible=False)
    found = result.variable_values()
    values = [0.0] * columns
    for variable, value in found.items():
        values[variable.id] = value
    duals: list[float] = []
    reduced: list[float] = []
    if relaxed and result.has_dual_feasible_solution():
        duals = [value for _, value in sorted((c.id, v) for c, v in result.dual_values().items())]
        reduced = [value for _, value in sorted((c.id, v) for c, v in result.reduced_costs().items())]
    return Answer(values, result.objective_value(), bound, optimal, infeasible=False, duals=duals, reduced=reduced)
