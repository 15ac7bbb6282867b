"""Two solvers on one program, each in a process of its own: the first to finish ends the race.

Neither HiGHS nor SCIP can be interrupted from outside, and which of them is the faster one shows only afterwards.
A fork and not multiprocessing: the solve may run inside a worker that may not have children of that kind.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from campaign.planning.solver.program import Answer, Effort, Engine, Program, solve_program

_ALONE_SECONDS = 1.0
_GRACE_SECONDS = 1.0  # beyond the limit, before a runner is killed


@dataclass
class _Runner:
    process: int
    pipe: int
    heard: bytes = b""


def race(runners: Sequence[Callable[[], Answer]], seconds: float) -> list[Answer]:
    """The answers that came before one was final or time was up; the other runners are killed."""
    until = time.monotonic() + seconds + _GRACE_SECONDS
    started = [_start(run) for run in runners]
    answers: list[Answer] = []
    try:
        with selectors.DefaultSelector() as ready:
            for runner in started:
                ready.register(runner.pipe, selectors.EVENT_READ, runner)
            while ready.get_map() and not any(answer.optimal or answer.infeasible for answer in answers):
                events = ready.select(max(0.0, until - time.monotonic()))
                if not events:
                    break
                for key, _ in events:
                    answers += _hear(key.data, ready)
    finally:
        for runner in started:
            _end(runner)
    return answers


def solve_by_race(
    program: Program,
    objective: Mapping[int, float],
    effort: Effort,
    *,
    maximise: bool,
    hint: list[float] | None = None,
    beside: Callable[[Effort], Answer] | None = None,
) -> Answer:
    """HiGHS for a moment; what it has not settled by then goes to SCIP, and beside it to HiGHS or to what is given."""
    first = replace(effort, seconds=min(_ALONE_SECONDS, effort.seconds))
    answer = solve_program(program, objective, first, maximise=maximise, hint=hint)
    seconds = effort.seconds - first.seconds
    if answer.optimal or answer.infeasible or seconds <= 0:
        return answer
    rest = replace(effort, seconds=seconds)

    def runner(engine: Engine) -> Callable[[], Answer]:
        return lambda: solve_program(program, objective, rest, maximise=maximise, engine=engine, hint=hint)

    other = runner(Engine.HIGHS) if beside is None else lambda: beside(rest)
    answers = race([runner(Engine.SCIP), other], seconds)
    return best_of([answer, *answers], maximise=maximise)


def best_of(answers: Sequence[Answer], *, maximise: bool) -> Answer:
    """The best values and the best bound of several answers to one question."""
    for answer in answers:
        if answer.infeasible:
            return answer
    sign = 1 if maximise else -1
    bound = sign * min(sign * answer.bound for answer in answers)
    found = [answer for answer in answers if answer.values is not None]
    best = max(found, key=lambda answer: sign * answer.objective, default=answers[0])
    optimal = any(answer.optimal for answer in answers)
    return Answer(best.values, best.objective, bound, optimal, infeasible=False)


def _start(run: Callable[[], Answer]) -> _Runner:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return _Runner(process, reading)
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(run(), pipe)
    finally:
        os._exit(0)  # nothing of the parent's may be flushed or closed twice


def _hear(runner: _Runner, ready: selectors.BaseSelector) -> list[Answer]:
    part = os.read(runner.pipe, 1 << 20)
    runner.heard += part
    if part:
        return []
    ready.unregister(runner.pipe)
    return [pickle.loads(runner.heard)] if runner.heard else []  # noqa: S301 - our own child's


def _end(runner: _Runner) -> None:
    os.close(runner.pipe)
    os.kill(runner.process, signal.SIGKILL)
    os.waitpid(runner.process, 0)
