"""How a visit may end, and what each ending needs. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from campaign.attendance.consent import NOBODY_YET, Agreement
from campaign.attendance.screening import Finding, Obstacle
from campaign.errors import Mistake


class OutcomeKind(StrEnum):
    """How a visit ended."""

    SERVED = "served"
    DEFERRED = "deferred"  # ditunda: another day
    REFUSED = "refused"  # ditolak medis
    REFERRED = "referred"  # dirujuk
    WITHDREW = "withdrew"  # batal: the candidate's own choice, no reason asked


REASONS: dict[OutcomeKind, tuple[str, ...]] = {
    OutcomeKind.SERVED: (),
    OutcomeKind.DEFERRED: (*Obstacle, *Finding),
    OutcomeKind.REFUSED: tuple(Finding),
    OutcomeKind.REFERRED: (*Finding, Obstacle.NO_PROVIDER),
    OutcomeKind.WITHDREW: (),  # nobody is asked why
}


def reason_of(code: str) -> Finding | Obstacle:
    """Return the reason that a stored code names."""
    return Obstacle(code) if code in tuple(Obstacle) else Finding(code)


@dataclass(frozen=True, slots=True)
class Ending:
    """How the staff say that a visit ended."""

    kind: OutcomeKind
    method_code: str  # given; or wished, when nothing was given
    reason: str | None = None
    provider_id: int | None = None
    # Signed on paper and told together with the service; None and False: recorded before, or not at all.
    consent_number: str | None = None
    has_spouse_consent: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of the visit before it ends."""

    is_screened: bool
    allowed_methods: frozenset[str]  # by the latest screening
    needs_spouse_consent: bool  # the method asks for it
    is_provider_trained: bool  # for the method, on the day
    agreed: Agreement = NOBODY_YET  # what client and spouse have signed for the method until now


def mistakes(ending: Ending, visit: Visit) -> tuple[Mistake, ...]:
    """Return everything that forbids this ending, each with the field where it is seen."""
    rules = _of_a_service(ending, visit) if ending.kind is OutcomeKind.SERVED else _of_another_ending(ending)
    return tuple(Mistake(where, code) for where, code, is_broken in rules if is_broken)


def _of_a_service(ending: Ending, visit: Visit) -> list[tuple[str, str, bool]]:
    has_provider = ending.provider_id is not None
    return [
        ("kind", "not-screened", not visit.is_screened),
        ("method_code", "method-not-allowed", visit.is_screened and ending.method_code not in visit.allowed_methods),
        ("provider_id", "provider-missing", not has_provider),
        ("provider_id", "provider-not-trained", has_provider and not visit.is_provider_trained),
        ("consent_number", "consent-missing", not ((ending.consent_number or "").strip() or visit.agreed.client)),
        (
            "has_spouse_consent",
            "spouse-consent-missing",
            visit.needs_spouse_consent and not (ending.has_spouse_consent or visit.agreed.spouse),
        ),
        ("reason", "reason-not-asked", ending.reason is not None),
    ]


def _of_another_ending(ending: Ending) -> list[tuple[str, str, bool]]:
    allowed = REASONS[ending.kind]
    service_fields = (ending.provider_id, ending.consent_number)
    return [
        ("reason", "reason-missing", bool(allowed) and not ending.reason),
        ("reason", "reason-unknown", bool(allowed and ending.reason) and ending.reason not in allowed),
        ("reason", "reason-not-asked", not allowed and ending.reason is not None),
        ("kind", "nothing-was-given", service_fields != (None, None) or ending.has_spouse_consent),
    ]
