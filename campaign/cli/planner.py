"""The planner's commands: plan and check. They read and write files; no database, no web."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from campaign.planning.check import violations
from campaign.planning.plan import Plan, UnreadablePlan
from campaign.planning.problem import InvalidProblem, Problem, load
from campaign.planning.solver import Limits, Outcome, Pins, Progress, SolveStatus, UnreadablePins, solve_in_process
from campaign.planning.values import printable

EXIT_BROKEN = 1  # the plan breaks a rule, or nothing was found
EXIT_UNREADABLE = 2  # a file is not what it should be
EXIT_PINS = 3  # a pin cannot be kept

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_problem(path: Path) -> tuple[bytes, Problem]:
    """The bytes and the problem; ends the command with every mistake when it is not one."""
    document = path.read_bytes()
    try:
        return document, load(document)
    except InvalidProblem as error:
        for mistake in error.mistakes:
            click.echo(f"{mistake.path}: {mistake.reason}", err=True)
        click.echo(f"{len(error.mistakes)} mistakes in {path}", err=True)
        sys.exit(EXIT_UNREADABLE)


def read_plan(path: Path) -> Plan:
    """The plan of a file; raises UnreadablePlan. Whether it is valid is for `violations`."""
    return Plan.from_json(read_json(path))


def read_json(path: Path) -> Any:
    """Whatever a JSON file holds; raises UnreadablePlan."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadablePlan(f"{path}: {error}") from error


def refuse(error: Exception) -> None:
    """End the command over a file that is not what it should be."""
    click.echo(f"unreadable: {error}", err=True)
    sys.exit(EXIT_UNREADABLE)


def _show(row: Progress) -> None:
    click.echo(f"{row.seconds:7.1f} s  {row.level:16} {row.incumbent:>14g}  limit {row.bound:g}", err=True)


def _show_levels(outcome: Outcome) -> None:
    for level in outcome.levels:
        proven = "proven" if level.proven else f"gap {100 * level.gap:.3f} %"
        click.echo(f"{level.name:16} {level.value:>16g}  limit {level.bound:g}  {proven}", err=True)


@click.command("plan")
@click.argument("problem", type=_FILE)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--deterministic", is_flag=True, help="Count work, not time: one worker, same seed, same plan.")
@click.option("--previous", type=_FILE, help="A plan of this campaign: who can keep facility and date keeps them.")
@click.option("--pin", type=_FILE, help="Sessions and appointments that must stay.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="What lies before is frozen as in --previous.")
def plan_command(
    problem: Path,
    output: Path,
    seconds: float,
    workers: int,
    seed: int,
    deterministic: bool,
    previous: Path | None,
    pin: Path | None,
    start: datetime | None,
) -> None:
    """Plan a campaign: PROBLEM is a campaign-problem/1 file.

    Exit code 0: a plan was written; 1: none was found; 2: a file is unreadable; 3: a pin cannot be kept.
    """
    document, _ = read_problem(problem)
    try:
        before = None if previous is None else read_plan(previous)
        pins = None if pin is None else Pins.from_json(read_json(pin))
    except (UnreadablePlan, UnreadablePins) as error:
        refuse(error)
        return
    if start is not None:
        if before is None:
            raise click.UsageError("--from needs --previous: the plan whose past is frozen")
        pins = replace(pins or Pins(), frozen_before=start.date())
    limits = Limits(seconds, workers, seed, deterministic)
    outcome = solve_in_process(document, limits, progress=_show, previous=before, pins=pins)
    for clash in outcome.clashes:
        click.echo(f"pin: {clash}", err=True)
    if outcome.status is SolveStatus.INFEASIBLE:
        sys.exit(EXIT_PINS)
    if outcome.plan is None:
        click.echo(outcome.status.value, err=True)
        sys.exit(EXIT_BROKEN)
    text = json.dumps(outcome.plan.to_json(), ensure_ascii=False, indent=1) + "\n"
    output.write_text(text, encoding="utf-8")
    _show_levels(outcome)
    click.echo(f"{outcome.status.value} in {outcome.seconds:.1f} s: {output}", err=True)


@click.command("check")
@click.argument("problem", type=_FILE)
@click.argument("plan", type=_FILE)
def check_command(problem: Path, plan: Path) -> None:
    """Check PLAN against PROBLEM. Exit code 0: valid; 1: broken, a line for each violation; 2: unreadable."""
    _, case = read_problem(problem)
    try:
        found = violations(case, read_plan(plan))
    except UnreadablePlan as error:
        refuse(error)
        return
    for row in found:
        click.echo(printable(str(row)))  # what is wrong may be a text that no terminal can show
    if found:
        click.echo(f"{len(found)} violations")
        sys.exit(EXIT_BROKEN)
    click.echo("valid")


COMMANDS: list[click.Command] = [plan_command, check_command]
