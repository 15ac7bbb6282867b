"""Planners side by side: ours, the whole model to HiGHS, SCIP and CP-SAT, and a greedy spreadsheet.

    python bench/plan.py FOLDER --judge path/to/check_plan.py [--seconds 60] [--engines ours,greedy,highs,scip,cpsat]

Every plan is checked with the judge given by its path; the table says what each reaches, its proven limit and the gap.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, load
from campaign.planning.solver import LEVELS, Limits, solve_in_process
from campaign.planning.solver.building import build
from campaign.planning.solver.greedy import Greedy
from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model
from campaign.planning.solver.program import Effort, Engine, solve_program
from campaign.planning.solver.sat import improve_by_sat
from campaign.planning.solver.search import Clock, Search, held_rows, replace_bounds
from campaign.planning.solver.whole import settle

ENGINES = ("ours", "greedy", "highs", "scip", "cpsat")


def ours(document: bytes, seconds: float) -> Plan | None:
    return solve_in_process(document, Limits(seconds)).plan


def greedy(document: bytes, seconds: float) -> Plan | None:
    search = _search(load(document), seconds)
    first = Greedy(search.layout)
    first.run()
    search.take_over(first.choice, first.seats)
    return replace_bounds(search.plan, search.bounds)


def whole(document: bytes, seconds: float, engine: str) -> Plan | None:
    """The aggregated model level by level to one solver, the time shared equally; our timetable repairs."""
    search = _search(load(document), seconds)
    model = build(search.layout, search.layout.single_pools())
    for level, name in enumerate(LEVELS):
        program = held_rows(model.program, model, search.plan.objective, level)
        share = max(1.0, search.clock.left / (4 - level))
        values = _send(model, program, model.objectives[name], share, level, engine, search)
        if values is not None:
            settle(search, model, program, values, level)
    return replace_bounds(search.plan, search.bounds)


def _send(
    model: Model, program: Any, objective: dict[int, float], seconds: float, level: int, engine: str, search: Search
) -> list[float] | None:
    if engine == "cpsat":
        shares = frozenset({model.coverage})
        return improve_by_sat(
            program, objective, maximise=level < 3, hint=None, shares=shares, seconds=seconds, workers=2, seed=1
        )
    kind = Engine.HIGHS if engine == "highs" else Engine.SCIP
    gap = 0.999 if level < 2 else 0.0
    effort = Effort(seconds, threads=2, absolute_gap=gap)
    answer = solve_program(program, objective, effort, maximise=level < 3, engine=kind)
    if not answer.infeasible:
        search.tighten(level, answer.bound)
    return answer.values


def _search(problem: Problem, seconds: float) -> Search:
    limits = Limits(seconds)
    return Search(Layout(problem), limits, Clock(limits))


def _run(engine: str, document: bytes, seconds: float, answer: Any) -> None:
    if engine == "ours":
        plan = ours(document, seconds)
    elif engine == "greedy":
        plan = greedy(document, seconds)
    else:
        plan = whole(document, seconds, engine)
    answer.put(None if plan is None else plan.to_json())


def timed(engine: str, document: bytes, seconds: float) -> tuple[dict[str, Any] | None, float]:
    """A planner in a process of its own, killed at twice its limit."""
    answer: Any = multiprocessing.Queue()
    worker = multiprocessing.Process(target=_run, args=(engine, document, seconds, answer))
    began = time.monotonic()
    worker.start()
    try:
        plan = answer.get(timeout=2 * seconds + 20)
    except Exception:  # the queue's Empty: whatever the planner did, it gave no plan in time
        plan = None
    spent = time.monotonic() - began
    worker.kill()
    return plan, spent


def judge_of(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("judge", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(name: str, engine: str, plan: dict[str, Any] | None, seconds: float, verdict: str) -> str:
    cells = [name, engine, f"{seconds:.0f}"]
    for level in LEVELS:
        if plan is None:
            cells.append("-")
            continue
        value, bound = plan["objective"][level], plan["bounds"][level]
        gap = 100 * abs(value - bound) / max(abs(value), abs(bound), 1e-9)
        cells.append(f"{value:.6g} ({gap:.2f} %)")
    return "| " + " | ".join([*cells, verdict]) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--engines", default=",".join(ENGINES))
    given = parser.parse_args()
    judge = judge_of(given.judge)
    print("| case | planner | s | served_priority | served | min_coverage | cost | check |")
    print("|---|---|---|---|---|---|---|---|")
    files = [given.folder] if given.folder.is_file() else sorted(given.folder.glob("*.json"))
    for path in files:
        document = path.read_bytes()
        if json.loads(document).get("format") != "campaign-problem/1":
            continue
        for engine in given.engines.split(","):
            plan, seconds = timed(engine, document, given.seconds)
            broken = judge.check(document, plan)[0] if plan is not None else ["no plan"]
            print(row(path.stem, engine, plan, seconds, "valid" if not broken else broken[0]), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
