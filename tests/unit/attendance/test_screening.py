"""Part XIV of the card: a finding stops methods, and only those it must."""

from dataclasses import replace

import pytest

from campaign.attendance.screening import Advice, Answers, Finding, Kind, verdicts

WELL = Answers(
    systolic=120,
    diastolic=80,
    haemoglobin=120,
    has_pelvic_inflammation=False,
    has_gynaecological_tumour=False,
    has_diabetes=False,
    has_clotting_disorder=False,
    has_orchitis=False,
)
COMBINED = {Kind.INJECTION_1_MONTH, Kind.INJECTION_3_COMBINED, Kind.PILL_COMBINED}
HERS = set(Kind) - {Kind.CONDOM, Kind.VASECTOMY}


def stopped(answers: Answers) -> set[int]:
    return {kind for kind, verdict in verdicts(answers, Kind).items() if not verdict.may_proceed}


def test_all_answers_no_allows_every_method() -> None:
    assert stopped(WELL) == set()


@pytest.mark.parametrize(
    ("change", "methods"),
    [
        ({"may_be_pregnant": True}, HERS),
        ({"has_jaundice": True}, HERS),
        ({"has_unexplained_bleeding": True}, HERS),
        ({"has_long_discharge": True}, HERS),
        ({"has_tumour": True}, HERS),
        ({"has_comorbidity": True}, set(Kind) - {Kind.CONDOM}),
        ({"is_breastfeeding": True}, COMBINED),
        ({"injection_not_due": True}, {1, 2, 3}),
        ({"has_pelvic_inflammation": True}, {Kind.IUD, Kind.TUBECTOMY}),
        ({"has_gynaecological_tumour": True}, {Kind.IUD, Kind.TUBECTOMY}),
        ({"has_diabetes": True}, {Kind.VASECTOMY, Kind.TUBECTOMY}),
        ({"has_clotting_disorder": True}, {Kind.VASECTOMY, Kind.TUBECTOMY}),
        ({"has_orchitis": True}, {Kind.VASECTOMY}),
    ],
)
def test_a_finding_stops_exactly_its_methods(change: dict[str, bool], methods: set[int]) -> None:
    assert stopped(replace(WELL, **change)) == methods


def test_without_a_pelvic_examination_everything_but_iud_and_tubectomy_may_proceed() -> None:
    answers = replace(WELL, has_pelvic_inflammation=None, has_gynaecological_tumour=None)
    assert stopped(answers) == {Kind.IUD, Kind.TUBECTOMY}
    assert verdicts(answers, [Kind.IUD])[Kind.IUD].advice is Advice.EXAMINE


def test_without_the_examination_before_surgery_only_surgery_waits() -> None:
    assert stopped(replace(WELL, has_diabetes=None)) == {Kind.VASECTOMY, Kind.TUBECTOMY}


def test_nobody_is_operated_without_a_blood_pressure() -> None:
    assert stopped(replace(WELL, systolic=None)) == {Kind.VASECTOMY, Kind.TUBECTOMY}


@pytest.mark.parametrize(("systolic", "diastolic"), [(160, 80), (120, 100)])
def test_blood_pressure_at_the_limit_stops_combined_hormones_and_surgery(systolic: int, diastolic: int) -> None:
    answers = replace(WELL, systolic=systolic, diastolic=diastolic)
    assert stopped(answers) == COMBINED | {Kind.VASECTOMY, Kind.TUBECTOMY}


def test_blood_pressure_just_below_the_limit_stops_nothing() -> None:
    assert stopped(replace(WELL, systolic=159, diastolic=99)) == set()


def test_haemoglobin_of_100_allows_a_tubectomy_and_99_does_not() -> None:
    assert stopped(replace(WELL, haemoglobin=100)) == set()
    assert stopped(replace(WELL, haemoglobin=99)) == {Kind.TUBECTOMY}


def test_a_referral_is_named_before_a_deferral() -> None:
    both = replace(WELL, has_tumour=True, may_be_pregnant=True)
    assert verdicts(both, [Kind.IUD])[Kind.IUD].finding is Finding.TUMOUR


def test_a_known_contraindication_is_named_before_a_missing_examination() -> None:
    answers = replace(WELL, has_pelvic_inflammation=True, has_gynaecological_tumour=None)
    assert verdicts(answers, [Kind.IUD])[Kind.IUD].finding is Finding.PELVIC_INFLAMMATION
