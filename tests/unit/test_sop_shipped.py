"""The SOPs that we ship say what the sheets say, letter by letter, and every step can be reached."""

import csv
from dataclasses import astuple
from pathlib import Path

import pytest

from campaign.events.sop.schedule import cycle_in
from campaign.events.sop.shipped import SHIPPED
from campaign.events.sop.template import Duty, Proof, Template

SHEETS = Path(__file__).parents[1] / "data" / "sop"
BY_CODE = {template.code: template for template in SHIPPED}
every_template = pytest.mark.parametrize("template", SHIPPED, ids=lambda template: template.code)


def _rows(template: Template) -> list[list[str]]:
    """Return the rows of the sheet: number, activity, role cells, inputs, time, output, note."""
    with (SHEETS / f"{template.code}.tsv").open(newline="") as sheet:
        return list(csv.reader(sheet, delimiter="\t", quoting=csv.QUOTE_NONE))


@every_template
def test_every_row_of_the_sheet_is_there_letter_by_letter(template: Template) -> None:
    says = [list(astuple(step.printed)) for step in template.steps]
    assert says == [[*row[:2], *row[-4:]] for row in _rows(template)]


@every_template
def test_every_role_column_has_its_party_and_what_its_cells_still_show(template: Template) -> None:
    columns = [party.code for party in template.parties if party.printed]
    for step, row in zip(template.steps, _rows(template), strict=True):
        cells = dict(zip(columns, row[2:-4], strict=True))
        shown = {duty.party: duty.printed for duty in step.duties}
        assert {code: shown.get(code, "") for code in columns} == cells


def test_tangerang_prints_five_twice_and_no_six() -> None:
    steps = BY_CODE["tangerang-momentum"].steps
    assert [step.printed.number for step in steps] == ["1", "2", "3", "4", "5", "5", "7", "8"]
    assert len({step.code for step in steps}) == 8


@every_template
def test_a_standard_time_is_read_as_the_sheet_prints_it(template: Template) -> None:
    units = {"minutes": "menit", "hours": "jam", "days": "hari"}
    persons = {"process": ("", "/tabel"), "candidate": ("/calon",), "acceptor": ("/akseptor",)}
    persons["participant"] = ("/peserta",)
    for step in template.steps:
        if step.standard is None:
            assert step.printed.time == ""
            continue
        start = f"{step.standard.value} {units[step.standard.unit]}"
        assert step.printed.time.lower() in {start + end for end in persons[step.standard.per]}


@every_template
def test_steps_wait_for_steps_that_exist_and_not_in_a_ring(template: Template) -> None:
    codes = {step.code for step in template.steps}
    assert {code for step in template.steps for code in step.waits_for} <= codes
    assert cycle_in({step.code: step.waits_for for step in template.steps}) == ()


@every_template
def test_every_step_has_somebody_who_does_it_and_signs_in_here(template: Template) -> None:
    roles = {party.code: party.roles for party in template.parties}
    for step in template.steps:
        doers = [duty.party for duty in step.duties if duty.duty is Duty.DOES]
        assert any(roles[party] for party in doers), step.code


def test_every_proof_completes_some_step() -> None:
    assert {step.proof for template in SHIPPED for step in template.steps} >= set(Proof)
