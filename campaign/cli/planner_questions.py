"""Questions to a plan: why is a group not served, and what would a change be worth. Files in, words out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.planner import EXIT_BROKEN, read_json, read_plan, read_problem, refuse
from campaign.planning.check import violations
from campaign.planning.plan import Plan, UnreadablePlan
from campaign.planning.problem import InvalidProblem, Problem
from campaign.planning.solver import Limits, Outcome, solve_in_process

if TYPE_CHECKING:
    from campaign.planning.explain import Why
    from campaign.planning.whatif import Worth

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_BINDINGS = 8  # lines: the nearest places say enough
_LEVELS = (("prioritas", "+g"), ("terlayani", "+g"), ("cakupan", "+.4f"), ("rupiah", "+,.0f"))


@click.command("why")
@click.argument("problem", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option("--candidate", required=True, help="The group's id.")
@click.option(
    "--seconds", default=30.0, show_default=True, type=click.FloatRange(min=1), help="For all solves together."
)
@click.option("--seed", default=1, show_default=True)
def why_command(problem: Path, plan: Path, candidate: str, seconds: float, seed: int) -> None:
    """Say why (some of) a group is not served, and which single changes would help; each is verified by a solve.

    Exit code 0: answered; 1: no such group; 2: a file is unreadable.
    """
    _, case = read_problem(problem)
    try:
        made = _valid_plan(case, plan)
    except UnreadablePlan as error:
        refuse(error)
        return
    if candidate not in case.group:
        click.echo(f"no such group: {candidate}", err=True)
        sys.exit(EXIT_BROKEN)
    from campaign.cli.planner_words import change_words
    from campaign.planning.explain import why

    def tell(change: Mapping[str, Any] | None, left: float) -> None:
        what = "tanpa perubahan" if change is None else change_words(change, case)
        click.echo(
            f"menghitung: {what} ({left:.0f} detik lagi)" if change is not None else f"menghitung: {what}", err=True
        )

    _show_why(why(case, made, candidate, Limits(seconds, 1, seed), tell), case)


def _valid_plan(problem: Problem, path: Path) -> Plan:
    """The plan of a file; raises UnreadablePlan where it is none of this problem's, or an invalid one."""
    plan = read_plan(path)
    found = violations(problem, plan)
    if found:
        raise UnreadablePlan(f"{path}: not a valid plan of this problem: {found[0]} (of {len(found)}; see check)")
    return plan


def _show_why(answer: Why, problem: Problem) -> None:
    """The answer in Indonesian, as the planners speak."""
    from campaign.cli.planner_words import REASONS, binding_words, change_words

    click.echo(f"{answer.group}: terlayani {answer.served} dari {answer.count}")
    if answer.reason is None:
        return
    click.echo(f"Sebab: {REASONS[answer.reason]} ({answer.reason.value})")
    for row in answer.bindings[:_MOST_BINDINGS]:
        click.echo(f"  - {binding_words(row)}")
    for short in answer.shortages:
        missing = short.needed - short.on_shelves - short.in_warehouses
        if missing > 0:
            click.echo(
                f"  - {problem.item[short.item].name}: perlu {short.needed}, sisa di fasilitas terjangkau "
                f"{short.on_shelves}, sisa di gudang {short.in_warehouses}, kurang {missing}"
            )
    if answer.could_be_served > answer.served:
        click.echo(f"Tanpa perubahan pun {answer.could_be_served} dapat dilayani, dengan menggeser orang lain.")
    for help_ in answer.helps:
        what = change_words(help_.change, problem)
        click.echo(f"Dengan {what}: terlayani {help_.served} dari {answer.count} (sudah dihitung ulang)")
    if not answer.helps:
        click.echo(f"Dari {answer.tried} perubahan kecil yang dihitung ulang, tidak ada yang terbukti membantu.")
    if answer.untried:
        click.echo(f"{answer.untried} perubahan lain belum sempat dihitung; beri waktu lebih dengan --seconds.")


@click.command("whatif")
@click.argument("problem", type=_FILE)
@click.argument("plan", type=_FILE)
@click.argument("changes", required=False, type=_FILE)
@click.option("--seconds", default=20.0, show_default=True, type=click.FloatRange(min=1), help="For each solve.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--seed", default=1, show_default=True)
def whatif_command(problem: Path, plan: Path, changes: Path | None, seconds: float, workers: int, seed: int) -> None:
    """Say what each of CHANGES (a JSON list) would be worth at the four levels; without it, the standard list.

    Exit code 0: answered; 2: a file is unreadable or a change cannot be made.
    """
    _, case = read_problem(problem)
    from campaign.planning.changes import UnknownChange
    from campaign.planning.whatif import standard_changes, what_if

    try:
        made = _valid_plan(case, plan)
        wanted = standard_changes(case) if changes is None else read_json(changes)
        if not isinstance(wanted, list) or not all(isinstance(row, dict) for row in wanted):
            raise UnreadablePlan(f"{changes}: not a list of changes")
        click.echo(f"menghitung: rencana sekarang, lalu {len(wanted)} perubahan", err=True)
        found = what_if(
            case, made, wanted, Limits(seconds, workers, seed), _apart, at_once=min(workers, len(wanted) or 1)
        )
        click.echo(f"{'prioritas':>10} {'terlayani':>10} {'cakupan':>9} {'rupiah':>14}  perubahan")
        for row in found:
            _show_worth(row, case)
    except (UnreadablePlan, UnknownChange, InvalidProblem) as error:
        refuse(error)


def _apart(problem: Problem, limits: Limits, start: Plan) -> Outcome:
    return solve_in_process(problem.to_bytes(), limits, start=start)


def _show_worth(row: Worth, problem: Problem) -> None:
    """A line of the price table, and one of what is proven of it."""
    from campaign.cli.planner_words import change_words, range_words

    first, second, third, fourth = row.difference
    click.echo(f"{first:>+10g} {second:>+10g} {third:>+9.4f} {fourth:>+14,.0f}  {change_words(row.change, problem)}")
    ranges = zip(_LEVELS, row.difference, row.ranges, strict=True)
    said = [
        f"{name} {range_words(found, range_, unit)}" for (name, unit), found, range_ in ranges if range_ is not None
    ]
    if len(said) < len(_LEVELS):
        said.append("selebihnya belum terbukti")
    click.echo(f"{'':46}  {'; '.join(said)}")


COMMANDS: list[click.Command] = [why_command, whatif_command]
