"""What happens to each candidate on a replayed service day. Pure and seeded: the same ids, the same day.

Rates are those of real campaigns: a fifth of those listed for long-acting methods stays away, fewer for operations
and for pills; nine in a hundred are stopped by screening; one or two change their mind.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from campaign.attendance.screening import Answers, Kind

NO_SHOW = {
    Kind.TUBECTOMY: 0.08,
    Kind.VASECTOMY: 0.12,
    Kind.IUD: 0.22,
    Kind.IMPLANT_1: 0.22,
    Kind.IMPLANT_2: 0.22,
}
NO_SHOW_OTHERS = 0.15
STOPPED = 0.09
CHANGES_METHOD = 0.02
WITHDRAWS = 0.015

WELL = Answers(
    systolic=118,
    diastolic=76,
    haemoglobin=121,
    has_pelvic_inflammation=False,
    has_gynaecological_tumour=False,
    has_diabetes=False,
    has_clotting_disorder=False,
    has_orchitis=False,
)
HYPERTENSIVE = replace(WELL, systolic=165, diastolic=104)
PREGNANT = replace(WELL, may_be_pregnant=True)
COMBINED = (HYPERTENSIVE, replace(WELL, is_breastfeeding=True))
# What stops the wished method, by method; whoever wishes condoms is stopped by nothing.
STOPPING: dict[Kind, tuple[Answers, ...]] = {
    Kind.INJECTION_1_MONTH: (*COMBINED, replace(WELL, injection_not_due=True)),
    Kind.INJECTION_3_COMBINED: (*COMBINED, replace(WELL, injection_not_due=True)),
    Kind.INJECTION_3_PROGESTIN: (replace(WELL, injection_not_due=True), PREGNANT),
    Kind.PILL_COMBINED: COMBINED,
    Kind.PILL_PROGESTIN: (PREGNANT,),
    Kind.IMPLANT_1: (PREGNANT, replace(WELL, has_unexplained_bleeding=True)),
    Kind.IMPLANT_2: (PREGNANT, replace(WELL, has_unexplained_bleeding=True)),
    Kind.IUD: (replace(WELL, has_pelvic_inflammation=True), PREGNANT, replace(WELL, has_long_discharge=True)),
    Kind.VASECTOMY: (HYPERTENSIVE, replace(WELL, has_diabetes=True)),
    Kind.TUBECTOMY: (HYPERTENSIVE, replace(WELL, haemoglobin=92), replace(WELL, has_comorbidity=True)),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """One candidate's day: when they come, what screening finds, what they decide."""

    arrived_at: datetime
    answers: Answers
    screened_at: datetime
    ended_at: datetime
    withdraws: bool
    changes_method: bool
    is_refused_outright: bool  # where screening refers: the staff record a refusal instead


def comes(rng: Random, kind: Kind) -> bool:
    """Tell whether somebody expected comes at all."""
    return rng.random() >= NO_SHOW.get(kind, NO_SHOW_OTHERS)


def fate_of(rng: Random, kind: Kind, expected_at: datetime) -> Fate:
    """Return the day of somebody who comes around `expected_at`."""
    arrived_at = expected_at + timedelta(minutes=round(rng.gauss(-4, 8)))
    screened_at = arrived_at + timedelta(minutes=rng.randint(8, 25))
    is_stopped = kind in STOPPING and rng.random() < STOPPED
    return Fate(
        arrived_at=arrived_at,
        answers=rng.choice(STOPPING[kind]) if is_stopped else WELL,
        screened_at=screened_at,
        ended_at=screened_at + timedelta(minutes=rng.randint(10, 45)),
        withdraws=rng.random() < WITHDRAWS,
        changes_method=rng.random() < CHANGES_METHOD,
        is_refused_outright=rng.random() < 0.3,
    )


def seeded(*parts: int | str) -> Random:
    """Return a generator that these ids always start alike."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - a replay, not a secret
