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


class Look(StrEnum):
    """How a condition looks at an answer."""

    YES = "yes"
    FROM = "from"  # at least the value
    BELOW = "below"
    MISSING = "missing"  # not examined


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to one answer."""

    field: str  # of Answers
    test: Look = Look.YES
    value: int = 0

    def holds(self, answers: Answers) -> bool:
        """Tell whether the answers are so."""
        answer = getattr(answers, self.field)
        if self.test is Look.MISSING:
            return answer is None
        if self.test is Look.YES:
            return answer is True
        return answer is not None and (answer >= self.value if self.test is Look.FROM else answer < self.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """When any of the conditions holds, these methods may not be given, for this reason."""

    any_of: tuple[Condition, ...]
    stops: frozenset[Kind]
    finding: Finding
    advice: Advice


def _rule(fields: str, stops: frozenset[Kind], finding: Finding, advice: Advice, test: Look = Look.YES) -> Rule:
    return Rule(tuple(Condition(field, test) for field in fields.split()), stops, finding, advice)


_HYPERTENSIVE = (
    Condition("systolic", Look.FROM, HYPERTENSION_SYSTOLIC),
    Condition("diastolic", Look.FROM, HYPERTENSION_DIASTOLIC),
)
_ANAEMIC = (Condition("haemoglobin", Look.BELOW, ANAEMIA_BELOW),)
_PELVIC_EXAM = "has_pelvic_inflammation has_gynaecological_tumour"
_SURGICAL_EXAM = "has_diabetes has_clotting_disorder systolic diastolic"

# Data, so that a device without a network judges by the very same rules: referrals first, missing examinations last.
RULES: tuple[Rule, ...] = (
    _rule("has_tumour", _HERS, Finding.TUMOUR, Advice.REFER),
    _rule("has_unexplained_bleeding", _HERS, Finding.UNEXPLAINED_BLEEDING, Advice.REFER),
    _rule("has_jaundice", _HERS, Finding.JAUNDICE, Advice.REFER),
    _rule("has_long_discharge", _HERS, Finding.LONG_DISCHARGE, Advice.REFER),
    _rule("has_comorbidity", _ALL - {Kind.CONDOM}, Finding.COMORBIDITY, Advice.REFER),
    _rule("has_gynaecological_tumour", _PELVIC, Finding.GYNAECOLOGICAL_TUMOUR, Advice.REFER),
    _rule("has_clotting_disorder", _SURGERY, Finding.CLOTTING_DISORDER, Advice.REFER),
    _rule("has_diabetes", _SURGERY, Finding.DIABETES, Advice.REFER),
    _rule("has_orchitis", frozenset({Kind.VASECTOMY}), Finding.ORCHITIS, Advice.REFER),
    _rule("may_be_pregnant", _HERS, Finding.PREGNANCY_NOT_EXCLUDED, Advice.DEFER),
    _rule("has_pelvic_inflammation", _PELVIC, Finding.PELVIC_INFLAMMATION, Advice.DEFER),
    Rule(_HYPERTENSIVE, _SURGERY, Finding.HYPERTENSION, Advice.DEFER),
    Rule(_HYPERTENSIVE, _COMBINED, Finding.HYPERTENSION, Advice.OTHER_METHOD),
    Rule(_ANAEMIC, frozenset({Kind.TUBECTOMY}), Finding.ANAEMIA, Advice.DEFER),
    _rule("is_breastfeeding", _COMBINED, Finding.BREASTFEEDING, Advice.OTHER_METHOD),
    _rule("injection_not_due", _INJECTED, Finding.INJECTION_NOT_DUE, Advice.DEFER),
    _rule(_PELVIC_EXAM, _PELVIC, Finding.PELVIC_EXAM_MISSING, Advice.EXAMINE, Look.MISSING),
    _rule(_SURGICAL_EXAM, _SURGERY, Finding.SURGICAL_EXAM_MISSING, Advice.EXAMINE, Look.MISSING),
)


def verdicts(answers: Answers, kinds: Iterable[int]) -> dict[int, Verdict]:
    """Return the verdict on each method; the gravest finding that stops it is named."""
    broken = [rule for rule in RULES if any(condition.holds(answers) for condition in rule.any_of)]
    return {kind: _verdict(Kind(kind), broken) for kind in kinds}


def _verdict(kind: Kind, broken: list[Rule]) -> Verdict:
    for rule in broken:
        if kind in rule.stops:
            return Verdict(may_proceed=False, finding=rule.finding, advice=rule.advice)
    return MAY
