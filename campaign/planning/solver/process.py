"""A solve in a process of its own: it can be stopped, it is killed when it overruns, its best plan survives.

A subprocess and not multiprocessing: queue workers are daemons and may not have children of that kind.
Lines of JSON go both ways; the child's first line in is the task, each line out is progress, a plan, or the end.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from campaign.planning.plan import Bounds, Plan
from campaign.planning.problem import InvalidProblem, Problem, load
from campaign.planning.solver.outcome import LEVELS, Level, Limits, Outcome, Progress, SolveStatus
from campaign.planning.solver.pins import Pins

_GRACE = 1.04  # of the limit, before the child is killed
_START_SECONDS = 1.5  # the child's own start counts against its limit
_POLL_SECONDS = 0.1
_ROOT = str(Path(__file__).resolve().parents[3])  # where the child finds this package


def solve_in_process(
    document: bytes,
    limits: Limits | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    previous: Plan | None = None,
    pins: Pins | None = None,
    start: Plan | None = None,
) -> Outcome:
    """Solve a problem file's bytes; never raises for what the child does, and never lasts much beyond the limit."""
    limits = limits or Limits()
    began = time.monotonic()
    try:
        load(document)
    except InvalidProblem as error:
        return Outcome(SolveStatus.INVALID, mistakes=error.mistakes)
    inner = replace(limits, seconds=max(0.5, limits.seconds - _START_SECONDS))
    task = {
        "problem": document.decode(),
        "limits": asdict(inner),
        "previous": None if previous is None else previous.to_json(),
        "pins": None if pins is None else pins.to_json(),
        "start": None if start is None else start.to_json(),
    }
    child = _Child(task)
    try:
        return _watch(child, limits, began, progress, stop)
    finally:
        child.end()


class _Child:
    def __init__(self, task: dict[str, Any]) -> None:
        start = f"import sys; sys.path[:0] = {[_ROOT]!r}; from campaign.planning.solver.process import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            process_group=0,  # with the solvers it races against each other it is ended as a group
        )
        self.lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.say(task)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                self.lines.put(json.loads(line))
            except ValueError:
                continue  # a killed child may leave half a line; what a library prints is not for us
        self.lines.put(None)

    def say(self, message: dict[str, Any]) -> None:
        """Send a message, one line of JSON; lost without an error when the child is gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except OSError:
            pass  # the child is gone; its end is seen where lines are read

    def end(self) -> None:
        """Kill the child and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _watch(
    child: _Child,
    limits: Limits,
    began: float,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Outcome:
    best: Plan | None = None
    bounds: dict[str, float] = {}
    limit = limits.seconds * (10 if limits.deterministic else _GRACE)
    while time.monotonic() - began < limit and not (stop is not None and stop()):
        try:
            message = child.lines.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            continue
        if message is None:
            break
        if "progress" in message:
            row = Progress(**message["progress"])
            bounds[row.level] = row.bound
            if progress is not None:
                progress(row)
        elif "plan" in message:
            best = Plan.from_json(message["plan"])
        elif "outcome" in message:
            return _outcome(message["outcome"])
    return _cut_short(best, bounds, time.monotonic() - began)


def _cut_short(best: Plan | None, bounds: dict[str, float], seconds: float) -> Outcome:
    """What is known when the child was stopped or killed."""
    if best is None:
        return Outcome(SolveStatus.UNDECIDED, seconds=seconds)
    real = best.objective.levels
    told = [bounds.get(name, limit) for name, limit in zip(LEVELS, best.bounds.levels, strict=True)]
    kept = [max(bound, value) for bound, value in zip(told[:3], real[:3], strict=True)]
    plan = replace(best, bounds=Bounds(kept[0], kept[1], kept[2], min(told[3], real[3])))
    levels = tuple(
        Level(name, value, bound, proven=value == bound)
        for name, value, bound in zip(LEVELS, real, plan.bounds.levels, strict=True)
    )
    return Outcome(SolveStatus.FEASIBLE, plan, levels, seconds)


def _outcome(raw: dict[str, Any]) -> Outcome:
    return Outcome(
        SolveStatus(raw["status"]),
        None if raw["plan"] is None else Plan.from_json(raw["plan"]),
        tuple(Level(**row) for row in raw["levels"]),
        raw["seconds"],
        clashes=tuple(raw["clashes"]),
        notes=tuple(raw["notes"]),
    )


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write("\n" + json.dumps(message) + "\n")  # a library may have left half a line of its own
    sys.stdout.flush()


def main() -> None:
    """The child: read the task, solve it, tell what happens."""
    from campaign.planning.solver.engine import solve

    task = json.loads(sys.stdin.readline())
    problem: Problem = load(task["problem"].encode())
    outcome = solve(
        problem,
        Limits(**task["limits"]),
        progress=lambda row: _say({"progress": asdict(row)}),
        publish=lambda plan: _say({"plan": plan.to_json()}),
        previous=None if task["previous"] is None else Plan.from_json(task["previous"]),
        pins=None if task["pins"] is None else Pins.from_json(task["pins"]),
        start=None if task["start"] is None else Plan.from_json(task["start"]),
    )
    _say(
        {
            "outcome": {
                "status": outcome.status.value,
                "plan": None if outcome.plan is None else outcome.plan.to_json(),
                "levels": [asdict(level) for level in outcome.levels],
                "seconds": outcome.seconds,
                "clashes": list(outcome.clashes),
                "notes": list(outcome.notes),
            }
        }
    )
    os._exit(0)  # all has been told; solver threads must not keep the parent waiting
