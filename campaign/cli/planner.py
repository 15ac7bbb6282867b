"""The planner's commands: plan, check, why, whatif. They read and write files; no database, no web."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.planning.check import violations
from campaign.planning.plan import Plan, Reason, UnreadablePlan
from campaign.planning.problem import InvalidProblem, Problem, load
from campaign.planning.solver import Limits, Outcome, Pins, Progress, SolveStatus, UnreadablePins, solve_in_process

EXIT_BROKEN = 1  # the plan breaks a rule, or nothing was found
EXIT_UNREADABLE = 2  # a file is not what it should be
EXIT_PINS = 3  # a pin cannot be kept

if TYPE_CHECKING:
    from campaign.planning.explain import Why

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
    return Plan.from_json(_json(path))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadablePlan(f"{path}: {error}") from error


def _refuse(error: Exception) -> None:
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
        pins = None if pin is None else Pins.from_json(_json(pin))
    except (UnreadablePlan, UnreadablePins) as error:
        _refuse(error)
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
        _refuse(error)
        return
    for row in found:
        click.echo(str(row))
    if found:
        click.echo(f"{len(found)} violations")
        sys.exit(EXIT_BROKEN)
    click.echo("valid")


@click.command("why")
@click.argument("problem", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option("--candidate", required=True, help="The group's id.")
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1), help="For all solves together."
)
@click.option("--seed", default=1, show_default=True)
def why_command(problem: Path, plan: Path, candidate: str, seconds: float, seed: int) -> None:
    """Say why (some of) a group is not served, and which single changes would help; each is verified by a solve.

    Exit code 0: answered; 1: no such group; 2: a file is unreadable.
    """
    _, case = read_problem(problem)
    try:
        made = read_plan(plan)
    except UnreadablePlan as error:
        _refuse(error)
        return
    if candidate not in case.group:
        click.echo(f"no such group: {candidate}", err=True)
        sys.exit(EXIT_BROKEN)
    from campaign.planning.explain import why

    _show_why(why(case, made, candidate, Limits(max(2.0, seconds / 12), 1, seed)))


def _show_why(answer: Why) -> None:
    """The answer in Indonesian, as the planners speak."""
    click.echo(f"{answer.group}: terlayani {answer.served} dari {answer.count}")
    if answer.reason is None:
        return
    click.echo(f"Sebab: {REASONS[answer.reason]} ({answer.reason.value})")
    for row in answer.shortages:
        missing = max(0, row.needed - row.on_shelves - row.in_warehouses)
        click.echo(
            f"{row.item}: perlu {row.needed}, sisa di fasilitas terjangkau {row.on_shelves}, "
            f"sisa di gudang {row.in_warehouses}, kurang {missing}"
        )
    if answer.could_be_served > answer.served:
        click.echo(f"Tanpa perubahan pun {answer.could_be_served} dapat dilayani, dengan menggeser orang lain.")
    for help_ in answer.helps:
        click.echo(f"Dengan {words(help_.change)}: terlayani {help_.served} dari {answer.count} (sudah dihitung ulang)")
    if not answer.helps:
        click.echo("Tidak ada satu perubahan kecil yang terbukti membantu.")


REASONS = {
    Reason.TOO_FAR: "semua fasilitas yang mampu terlalu jauh",
    Reason.NO_CAPABILITY: "tidak ada tenaga, ruang atau alat yang mampu pada tanggal mereka bisa datang",
    Reason.NO_STOCK: "persediaan habis",
    Reason.NO_CAPACITY: "tempat atau jam pelayanan penuh",
    Reason.NO_DELIVERY: "barang ada di gudang tetapi tidak dapat tiba tepat waktu",
    Reason.SESSION_TOO_SMALL: "peserta terlalu sedikit untuk membuka pelayanan",
    Reason.NO_OUTREACH: "kelurahan tidak dapat dikunjungi siaran keliling tepat waktu",
}

_CHANGES = {
    "team": "satu tim lagi",
    "hours": "jam buka lebih panjang",
    "stock": "tambahan persediaan",
    "travel": "batas jarak lebih jauh",
    "date": "satu tanggal lagi",
    "ill": "tenaga berhalangan",
    "trips": "tambahan pengiriman per hari",
    "stops": "tambahan kunjungan siaran keliling per hari",
    "station": "tambahan tempat",
    "rule": "aturan lain",
}


def words(change: Mapping[str, Any]) -> str:
    """A change in words, its particulars behind it."""
    facts = ", ".join(f"{key} {value}" for key, value in change.items() if key != "change")
    return f"{_CHANGES.get(str(change.get('change')), change.get('change'))} ({facts})"


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
        made = read_plan(plan)
        wanted = standard_changes(case) if changes is None else _json(changes)
        if not isinstance(wanted, list) or not all(isinstance(row, dict) for row in wanted):
            raise UnreadablePlan(f"{changes}: not a list of changes")
        click.echo(f"{'prioritas':>10} {'terlayani':>10} {'cakupan':>9} {'rupiah':>14}  perubahan")
        for row in what_if(case, made, wanted, Limits(seconds, workers, seed)):
            first, second, third, fourth = row.difference
            click.echo(f"{first:>+10g} {second:>+10g} {third:>+9.4f} {fourth:>+14,.0f}  {words(row.change)}")
    except (UnreadablePlan, UnknownChange, InvalidProblem) as error:
        _refuse(error)


COMMANDS: list[click.Command] = [plan_command, check_command, why_command, whatif_command]
