"""Planning several districts that share depots: plan-set and check-set. Files in, files out."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from campaign.planning.plan import UnreadablePlan
from campaign.planning.problem import InvalidProblem
from campaign.planning.sets.answer import read_answer, write_answer
from campaign.planning.sets.check import set_violations
from campaign.planning.sets.document import ProblemSet, load_set, mistake_lines
from campaign.planning.solver import LEVELS, Limits

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXIT_BROKEN, EXIT_UNREADABLE = 1, 2


def read_set(path: Path) -> ProblemSet:
    """The set; ends the command with every mistake when it is not one."""
    try:
        return load_set(path)
    except InvalidProblem as error:
        for line in mistake_lines(error):
            click.echo(line, err=True)
        click.echo(f"{len(error.mistakes)} mistakes in {path}", err=True)
        sys.exit(EXIT_UNREADABLE)


@click.command("plan-set")
@click.argument("problems", type=_FILE)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
def plan_set_command(problems: Path, output: Path, seconds: float, workers: int, seed: int) -> None:
    """Plan all districts of PROBLEMS (a campaign-problem-set/1) and share their depots' lots among them.

    Writes a plan for each district and set.json. Exit code 0: written; 2: a file is unreadable.
    """
    from campaign.planning.sets.solving import plan_set

    began = time.monotonic()
    given = read_set(problems)
    answer = plan_set(given, problems, Limits(seconds, workers, seed), lambda text: click.echo(text, err=True))
    write_answer(answer, output)
    for name, value, bound in zip(LEVELS, answer.objective.levels, answer.bounds.levels, strict=True):
        gap = 100 * abs(value - bound) / max(abs(value), abs(bound), 1e-9)
        click.echo(f"{name:16} {value:>16g}  limit {bound:g}  gap {gap:.3f} %", err=True)
    click.echo(f"{len(answer.plans)} districts in {time.monotonic() - began:.1f} s: {output}", err=True)


@click.command("check-set")
@click.argument("problems", type=_FILE)
@click.argument("answer", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_set_command(problems: Path, answer: Path) -> None:
    """Check the directory ANSWER against the set PROBLEMS. Exit code 0: valid; 1: broken; 2: unreadable."""
    given = read_set(problems)
    try:
        found = set_violations(given, read_answer(given, answer))
    except UnreadablePlan as error:
        click.echo(f"unreadable: {error}", err=True)
        sys.exit(EXIT_UNREADABLE)
    for row in found:
        click.echo(str(row))
    if found:
        click.echo(f"{len(found)} violations")
        sys.exit(EXIT_BROKEN)
    click.echo("valid")


COMMANDS: list[click.Command] = [plan_set_command, check_set_command]
