"""Planners side by side: ours, the whole model to HiGHS, SCIP and CP-SAT, and a greedy spreadsheet.

    python bench/plan.py FOLDER... --judge path/to/check_plan.py [--seconds 60] [--engines ours,greedy,highs,scip,cpsat]
                         [--results runs.json] [--output docs/bench-plan.md]

Every plan is checked with the judge given by its path. The table says what each planner reaches at the four levels,
its own proven limit as a gap, and the seconds it took; bold is best, level by level: a level is compared among those
who were best at the levels before it. With --results, runs are kept, and only engines asked for are run again.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import queue
import signal
import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import peers
from campaign.planning.plan import Plan
from campaign.planning.solver import LEVELS, Limits, solve_in_process

ENGINES = ("ours", "greedy", "highs", "scip", "cpsat")
NAMES = {
    "ours": "serempak",
    "greedy": "greedy spreadsheet",
    "highs": "HiGHS, whole model",
    "scip": "SCIP, whole model",
    "cpsat": "CP-SAT, whole model",
}
Run = dict[str, Any]
_ABOUT = (
    "`python bench/plan.py FOLDER --judge check_plan.py --seconds {seconds:g}`, {workers} workers, OR-Tools {ortools}.",
    "Every plan is judged by the independent checker. In brackets: the gap to the planner's own proven limit. Bold:",
    "nobody is better at this level, among those who are best at the levels before it. The whole model is our",
    "aggregated one, built once and sent level by level to the solver, the time shared equally; our timetable seats",
    "what it answers.",
)


def plan_with(engine: str, document: bytes, seconds: float, workers: int) -> Plan | None:
    """One planner's plan."""
    if engine == "ours":
        return solve_in_process(document, Limits(seconds, workers)).plan
    if engine == "greedy":
        return peers.greedy(document, seconds, workers)
    return peers.whole(document, seconds, workers, engine)


def _run(engine: str, document: bytes, limit: tuple[float, int], answer: Any) -> None:
    os.setsid()
    plan = plan_with(engine, document, *limit)
    answer.put(None if plan is None else plan.to_json())


def timed(engine: str, document: bytes, limit: tuple[float, int]) -> tuple[Run | None, float]:
    """A planner in a process group of its own, ended at twice its limit."""
    context = multiprocessing.get_context("spawn")
    answer: Any = context.Queue()
    worker = context.Process(target=_run, args=(engine, document, limit, answer))
    began = time.monotonic()
    worker.start()
    plan = None
    while time.monotonic() - began < 2 * limit[0] + 20:
        try:
            plan = answer.get(timeout=0.2)
            break
        except queue.Empty:
            if not worker.is_alive():
                break
    spent = time.monotonic() - began
    if worker.pid is not None and worker.is_alive():
        worker.join(1)
    if worker.is_alive() and worker.pid is not None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.join()
    return plan, spent


def judge_of(path: Path) -> Any:
    """The checker as a module."""
    spec = importlib.util.spec_from_file_location("judge", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(engine: str, document: bytes, limit: tuple[float, int], judge: Any) -> Run:
    """One run: what was reached and proven, how long it took, and what the judge says."""
    plan, seconds = timed(engine, document, limit)
    broken = ["no plan"] if plan is None else judge.check(document, plan)[0]
    return {
        "seconds": seconds,
        "reached": None if plan is None else [plan["objective"][level] for level in LEVELS],
        "limits": None if plan is None else [plan["bounds"][level] for level in LEVELS],
        "verdict": "valid" if not broken else broken[0],
    }


def winners(runs: dict[str, Run]) -> dict[str, set[int]]:
    """For each planner the levels at which nobody is better, among those best at the levels before."""
    best: dict[str, set[int]] = {engine: set() for engine in runs}
    left = [engine for engine, run in runs.items() if run["verdict"] == "valid"]
    for level in range(len(LEVELS)):
        if not left:
            break
        sign = 1 if level < 3 else -1
        top = max(sign * runs[engine]["reached"][level] for engine in left)
        slack = 1e-6 * max(1.0, abs(top))
        left = [engine for engine in left if sign * runs[engine]["reached"][level] >= top - slack]
        for engine in left:
            best[engine].add(level)
    return best


def table(results: dict[str, dict[str, Run]]) -> Iterable[str]:
    """The table in Markdown."""
    yield "| case | planner | s | served_priority | served | min_coverage | cost | check |"
    yield "|---|---|---|---|---|---|---|---|"
    for case, runs in results.items():
        best = winners(runs)
        for engine in [name for name in ENGINES if name in runs]:
            run = runs[engine]
            cells = [case, NAMES[engine], f"{run['seconds']:.0f}"]
            for level in range(len(LEVELS)):
                cells.append(_cell(run, level, wins=level in best[engine]))
            yield "| " + " | ".join([*cells, run["verdict"]]) + " |"


def _cell(run: Run, level: int, *, wins: bool) -> str:
    if run["reached"] is None:
        return "-"
    value, bound = run["reached"][level], run["limits"][level]
    gap = 100 * abs(value - bound) / max(abs(value), abs(bound), 1e-9)
    text = f"{value:,.0f}" if level != 2 else f"{value:.4f}"
    return f"**{text}** ({gap:.2f} %)" if wins else f"{text} ({gap:.2f} %)"


def report(results: dict[str, dict[str, Run]], seconds: float, workers: int) -> str:
    """What goes to docs/."""
    won = dict.fromkeys(ENGINES, 0)
    for runs in results.values():
        for engine, levels in winners(runs).items():
            won[engine] += len(levels) == len(LEVELS)
    ranks = ", ".join(f"{NAMES[key]} {number}" for key, number in won.items())
    lines = ["# Planners side by side", ""]
    lines += [line.format(seconds=seconds, workers=workers, ortools=version("ortools")) for line in _ABOUT]
    lines += ["", *table(results), "", f"Best at all four levels, of {len(results)} cases: {ranks}.", ""]
    lines.append("Timefold has not been run: its Python solver is discontinued and the fork needs a Java runtime.")
    return "\n".join(lines) + "\n"


def _files(folders: list[Path]) -> Iterable[Path]:
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.glob("*.json")):
            if json.loads(path.read_bytes()).get("format") == "campaign-problem/1":
                yield path


def main() -> None:
    """Run, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--results", type=Path)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    judge = judge_of(given.judge)
    results: dict[str, dict[str, Run]] = {}
    if given.results is not None and given.results.exists():
        results = json.loads(given.results.read_text())
    for path in _files(given.folders):
        document = path.read_bytes()
        for engine in filter(None, given.engines.split(",")):
            run = measured(engine, document, (given.seconds, given.workers), judge)
            results.setdefault(path.stem, {})[engine] = run
            print(
                path.stem,
                engine,
                f"{run['seconds']:.1f} s",
                run["reached"],
                run["limits"],
                run["verdict"],
                file=sys.stderr,
            )
            if given.results is not None:
                given.results.write_text(json.dumps(results, indent=1))
    for line in table(results):
        print(line)
    if given.output is not None:
        given.output.write_text(report(results, given.seconds, given.workers), encoding="utf-8")


if __name__ == "__main__":
    main()
