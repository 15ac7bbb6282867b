"""Part XIV of the card K/IV/KB: which methods anamnesis and examination allow. Pure.

A contraindication stops a method, never the person: every method gets its own verdict, so that the staff can offer
another one, another day, or a referral. The answers stay on the card at the facility; only the verdict is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(IntEnum):
    """Kinds of method, by their code in the service register R/I/KB edition 2020."""

    INJECTION_1_MONTH = 1
    INJECTION_3_COMBINED = 2
    INJECTION_3_PROGESTIN = 3
    PILL_COMBINED = 4
    PILL_PROGESTIN = 5
    CONDOM = 6
    IMPLANT_1 = 7
    IMPLANT_2 = 8
    IUD = 9
    VASECTOMY = 10
    TUBECTOMY = 11


class Finding(StrEnum):
    """Medical reasons that keep a person from a method today, for reports: free text is not enough."""

    PREGNANCY_NOT_EXCLUDED = "pregnancy-not-excluded"
    JAUNDICE = "jaundice"
    UNEXPLAINED_BLEEDING = "unexplained-bleeding"
    LONG_DISCHARGE = "long-discharge"
    TUMOUR = "tumour"  # of breast, womb or ovary
    BREASTFEEDING = "breastfeeding"
    INJECTION_NOT_DUE = "injection-not-due"
    HYPERTENSION = "hypertension"
    ANAEMIA = "anaemia"
    COMORBIDITY = "comorbidity"
    PELVIC_EXAM_MISSING = "pelvic-exam-missing"
    PELVIC_INFLAMMATION = "pelvic-inflammation"
    GYNAECOLOGICAL_TUMOUR = "gynaecological-tumour"
    SURGICAL_EXAM_MISSING = "surgical-exam-missing"
    DIABETES = "diabetes"
    CLOTTING_DISORDER = "clotting-disorder"
    ORCHITIS = "orchitis"
    AGE_OR_PARITY = "age-or-parity"  # the city's rule for a permanent method; judged by the staff


class Obstacle(StrEnum):
    """Reasons to defer that lie with us or at home, not in the body."""

    METHOD_OUT_OF_STOCK = "method-out-of-stock"
    NO_PROVIDER = "no-provider"
    SPOUSE_CONSENT_MISSING = "spouse-consent-missing"


class Advice(StrEnum):
    """What to offer when a method is not possible today."""

    EXAMINE = "examine"  # the answer is not known yet
    OTHER_METHOD = "other-method"
    DEFER = "defer"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the staff asked and saw. None: not examined. Numbers are those of the card's items."""

    may_be_pregnant: bool = False  # 2
    is_breastfeeding: bool = False  # 4
    has_jaundice: bool = False  # 5a
    has_unexplained_bleeding: bool = False  # 5b
    has_long_discharge: bool = False  # 5c
    has_tumour: bool = False  # 5d
    injection_not_due: bool = False  # the last injection still works
    has_comorbidity: bool = False  # in the record
    systolic: int | None = None  # 8, mmHg
    diastolic: int | None = None
    haemoglobin: int | None = None  # g/l
    has_pelvic_inflammation: bool | None = None  # 9a, before IUD and tubectomy
    has_gynaecological_tumour: bool | None = None  # 9b
    has_diabetes: bool | None = None  # 11a, before vasectomy and tubectomy
    has_clotting_disorder: bool | None = None  # 11b
    has_orchitis: bool | None = None  # 11c


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one method may be given today, and if not, why and what to offer."""

    may_proceed: bool
    finding: Finding | None = None
    advice: Advice | None = None


MAY = Verdict(may_proceed=True)
HYPERTENSION_SYSTOLIC, HYPERTENSION_DIASTOLIC = 160, 100  # mmHg, from here on
ANAEMIA_BELOW = 100  # g/l

_ALL = frozenset(Kind)
_HERS = _ALL - {Kind.CONDOM, Kind.VASECTOMY}  # items 1 to 5 ask about the woman; a condom harms nobody
_COMBINED = frozenset({Kind.INJECTION_1_MONTH, Kind.INJECTION_3_COMBINED, Kind.PILL_COMBINED})
_INJECTED = frozenset({Kind.INJECTION_1_MONTH, Kind.INJECTION_3_COMBINED, Kind.INJECTION_3_PROGESTIN})
_PELVIC = frozenset({Kind.IUD, Kind.TUBECTOMY})  # item 9
_SURGERY = frozenset({Kind.VASECTOMY, Kind.TUBECTOMY})  # item 11

Rule = tuple[bool, frozenset[Kind], Finding, Advice]


def verdicts(answers: Answers, kinds: Iterable[int]) -> dict[int, Verdict]:
    """Return the verdict on each method; the gravest finding that stops it is named."""
    rules = [rule for rule in _rules(answers) if rule[0]]
    return {kind: _verdict(Kind(kind), rules) for kind in kinds}


def _verdict(kind: Kind, broken: list[Rule]) -> Verdict:
    for _, stopped, finding, advice in broken:
        if kind in stopped:
            return Verdict(may_proceed=False, finding=finding, advice=advice)
    return MAY


def _rules(a: Answers) -> list[Rule]:
    """Return what holds, which methods it stops, and what to offer: referrals first, missing examinations last."""
    return [
        (a.has_tumour, _HERS, Finding.TUMOUR, Advice.REFER),
        (a.has_unexplained_bleeding, _HERS, Finding.UNEXPLAINED_BLEEDING, Advice.REFER),
        (a.has_jaundice, _HERS, Finding.JAUNDICE, Advice.REFER),
        (a.has_long_discharge, _HERS, Finding.LONG_DISCHARGE, Advice.REFER),
        (a.has_comorbidity, _ALL - {Kind.CONDOM}, Finding.COMORBIDITY, Advice.REFER),
        (a.has_gynaecological_tumour is True, _PELVIC, Finding.GYNAECOLOGICAL_TUMOUR, Advice.REFER),
        (a.has_clotting_disorder is True, _SURGERY, Finding.CLOTTING_DISORDER, Advice.REFER),
        (a.has_diabetes is True, _SURGERY, Finding.DIABETES, Advice.REFER),
        (a.has_orchitis is True, frozenset({Kind.VASECTOMY}), Finding.ORCHITIS, Advice.REFER),
        (a.may_be_pregnant, _HERS, Finding.PREGNANCY_NOT_EXCLUDED, Advice.DEFER),
        (a.has_pelvic_inflammation is True, _PELVIC, Finding.PELVIC_INFLAMMATION, Advice.DEFER),
        (_is_hypertensive(a), _SURGERY, Finding.HYPERTENSION, Advice.DEFER),
        (_is_hypertensive(a), _COMBINED, Finding.HYPERTENSION, Advice.OTHER_METHOD),
        (_is_anaemic(a), frozenset({Kind.TUBECTOMY}), Finding.ANAEMIA, Advice.DEFER),
        (a.is_breastfeeding, _COMBINED, Finding.BREASTFEEDING, Advice.OTHER_METHOD),
        (a.injection_not_due, _INJECTED, Finding.INJECTION_NOT_DUE, Advice.DEFER),
        (_lacks_pelvic_exam(a), _PELVIC, Finding.PELVIC_EXAM_MISSING, Advice.EXAMINE),
        (_lacks_surgical_exam(a), _SURGERY, Finding.SURGICAL_EXAM_MISSING, Advice.EXAMINE),
    ]


def _is_hypertensive(a: Answers) -> bool:
    return (a.systolic or 0) >= HYPERTENSION_SYSTOLIC or (a.diastolic or 0) >= HYPERTENSION_DIASTOLIC


def _is_anaemic(a: Answers) -> bool:
    return a.haemoglobin is not None and a.haemoglobin < ANAEMIA_BELOW


def _lacks_pelvic_exam(a: Answers) -> bool:
    return a.has_pelvic_inflammation is None or a.has_gynaecological_tumour is None


def _lacks_surgical_exam(a: Answers) -> bool:
    return None in (a.has_diabetes, a.has_clotting_disorder, a.systolic, a.diastolic)
