"""A plan as people look at it: the board adds up, and the proof claims no more than is proven."""

from dataclasses import replace

import pytest
from flask import Flask

from campaign.planning import queries
from campaign.planning.board import Board, Certificate
from campaign.planning.plan import Reason
from campaign.planning.queries import NoPlanYet
from campaign.web.plan_words import proof_in_words
from tests.builders.plans import HELD_ON, Scene, make_run, make_scene, make_solved_run

pytestmark = pytest.mark.usefixtures("open_transaction")


def _board(scene: Scene) -> Board:
    return queries.board(make_solved_run(scene))


def test_the_board_has_a_row_for_each_kecamatan_and_adds_up() -> None:
    board = _board(make_scene())
    assert [(row.name, row.count) for row in board.rows] == [("Pekalongan Barat", 3), ("Pekalongan Timur", 0)]
    assert [day for day, held in board.rows[0].days.items() if held] == [HELD_ON]


def test_a_facility_day_tells_how_full_it_is() -> None:
    scene = make_scene()
    one = _board(scene).facility_day(scene.depot.city.puskesmas.code, HELD_ON)
    assert one is not None
    assert (one.count, one.priority, one.methods) == (3, 2, (("iud", 3),))
    # Two stations of each type, open 08:00-14:00: 720 minutes; three candidates take 3 × 15 in the exam room.
    assert {row.name: (row.used, row.available) for row in one.stations}["exam_room"] == (45, 720)
    assert [(row.used, row.available) for row in one.providers] == [(60, 360)]
    assert [(visit.start, visit.end) for visit in one.visits] == [(480, 520), (500, 540), (520, 560)]
    assert [(row.lot, row.quantity) for row in one.lots] == [(scene.lot.number, 3)]


def test_a_date_without_a_session_has_no_facility_day() -> None:
    scene = make_scene()
    assert _board(scene).facility_day(scene.depot.city.hospital.code, HELD_ON) is None


def test_who_is_not_served_is_listed_with_the_reason() -> None:
    (row,) = _board(make_scene()).unserved
    assert (row.kelurahan, row.method, row.priority, row.count, row.reason) == (
        "Medono",
        "iud",
        False,
        1,
        Reason.NO_CAPACITY,
    )


def test_a_run_without_a_plan_has_no_board() -> None:
    with pytest.raises(NoPlanYet):
        queries.board(make_run(make_scene()))


PROOF = Certificate(8, 10, 9, 38, 40, 39, 0.5, 0.75, 1_000_000, 900_000, {})


@pytest.mark.parametrize(
    ("changes", "level", "words", "is_proven"),
    [
        ({}, 1, "Terlayani 38 dari 40. Tidak ada rencana lain yang dapat melayani lebih dari 39.", False),
        ({"served_bound": 38}, 1, "Tidak ada rencana lain yang dapat melayani lebih banyak.", True),
        ({"served": 40, "served_bound": 40}, 1, "Semuanya terlayani.", True),
        ({"served_bound": 40}, 1, "Belum terbukti apakah lebih banyak mungkin.", False),
        ({"priority_bound": 8}, 0, "Tidak ada rencana lain yang dapat melayani lebih banyak.", True),
        ({"coverage_bound": 0.5}, 2, "Lebih merata dari ini tidak mungkin.", True),
        ({"coverage_bound": 1.0}, 2, "Belum terbukti apakah lebih merata mungkin.", False),
        ({"cost_bound": 1_000_000}, 3, "Tidak ada rencana setara yang lebih murah.", True),
        ({"cost_bound": 0}, 3, "Belum terbukti apakah lebih murah mungkin.", False),
    ],
)
def test_the_proof_claims_what_is_proven(
    app: Flask, changes: dict[str, float], level: int, words: str, *, is_proven: bool
) -> None:
    with app.test_request_context():
        sentence = proof_in_words(replace(PROOF, **changes))[level]  # type: ignore[arg-type]
    assert sentence.text.endswith(words)
    assert sentence.is_proven is is_proven
