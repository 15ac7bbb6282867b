"""Whom to visit first, what looks wrong, and who may be on the list twice."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from campaign.outreach.field.doubles import Likeness, Person, find, plain
from campaign.outreach.field.quality import EligibilityRule, Facts, flags
from campaign.outreach.field.visits import Stop, VisitResult, in_order, is_due, lane

TODAY = date(2027, 6, 1)
AREA, OTHER = "33.75.01.1002", "33.75.02.1002"


def _person(candidate_id: int, name: str, **changes: object) -> Person:
    values: dict[str, object] = {
        "candidate_id": candidate_id, "name": name, "spouse_name": "", "birth_on": None, "kelurahan_code": AREA,
        "nik": None,
    }  # fmt: skip
    return Person(**values | changes)  # type: ignore[arg-type]


def test_poor_families_nobody_has_seen_come_first_and_lanes_are_walked_to_their_end() -> None:
    stops = [
        Stop(1, AREA, "RT 02 RW 01", is_poor=False),
        Stop(2, AREA, "RT 10 RW 01", is_poor=True),
        Stop(3, AREA, "RT 02 RW 01", is_poor=True),
        Stop(4, AREA, "RT 01 RW 02", is_poor=True),
        Stop(5, AREA, "RT 01 RW 01", True, VisitResult.THINKING, date(2027, 5, 20)),
    ]
    assert [stop.household_id for stop in in_order(stops, TODAY)] == [3, 2, 4, 1, 5]


def test_who_asked_for_time_gets_three_days_and_who_said_no_is_left_alone() -> None:
    thinking = Stop(1, AREA, "RT 01", True, VisitResult.THINKING, date(2027, 5, 30))
    assert not is_due(thinking, date(2027, 6, 1))
    assert is_due(thinking, date(2027, 6, 2))
    assert not is_due(Stop(1, AREA, "RT 01", True, VisitResult.REFUSES, date(2026, 1, 1)), TODAY)


def test_an_address_without_rt_and_rw_comes_last() -> None:
    assert lane("Jl. Contoh 5 RT.003/RW.012") == (12, 3)
    assert lane("Jalan Melati") == (999, 999)


def test_doubts_follow_the_rules_of_the_city_and_their_borders() -> None:
    facts = Facts("3375994507909001", date(1990, 7, 5), 2, 24)
    assert flags(facts, EligibilityRule(36, 36, 2, 24), date(2027, 7, 4)) == ()
    assert flags(facts, EligibilityRule(36, 36, 3, 25), date(2027, 7, 5)) == (
        "age-above-rule",
        "children-below-rule",
        "youngest-below-rule",
    )
    assert flags(Facts(None, None, None, None), EligibilityRule(20), TODAY) == ("nik-missing", "birth-date-missing")


def test_titles_and_short_forms_do_not_hide_a_name() -> None:
    assert plain("Hj. St. Aminah, S.Pd") == plain("Siti  AMINAH") == "siti aminah"


def test_pairs_are_found_by_birth_by_spouse_and_by_a_mistyped_nik() -> None:
    born = date(1990, 7, 5)
    people = [
        _person(1, "Siti Aminah", birth_on=born),
        _person(2, "St. Aminah", birth_on=born, kelurahan_code=OTHER),
        _person(3, "Dewi Lestari", spouse_name="Budi"),
        _person(4, "Dewi Lestary", spouse_name="budi "),
        _person(5, "Rina Contoh", nik="3375994507909001"),
        _person(6, "Rina Contoh", nik="3375994507909007"),
        _person(7, "Siti Amalia", birth_on=born),
        _person(8, "Dewi Lestari", spouse_name="Budi", kelurahan_code=OTHER),
    ]
    assert [(pair.first_id, pair.second_id, pair.likeness) for pair in find(people)] == [
        (5, 6, Likeness.NIK_ONE_DIGIT),
        (1, 2, Likeness.NAME_AND_BIRTH),
        (3, 4, Likeness.NAME_AND_SPOUSE),
    ]


@given(st.lists(st.sampled_from(["Siti", "Sitti", "Dewi", "Budi"]), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_change_who_is_found(names: list[str], shuffled: object) -> None:
    people = [_person(number, name, birth_on=date(1990, 1, 1)) for number, name in enumerate(names, start=1)]
    turned = list(people)
    shuffled.shuffle(turned)  # type: ignore[attr-defined]
    assert find(turned) == find(people)
