"""What each ending of a visit needs."""

from dataclasses import replace

import pytest

from campaign.attendance.outcomes import Ending, OutcomeKind, Visit, mistakes
from campaign.attendance.screening import Finding, Obstacle

SERVED = Ending(OutcomeKind.SERVED, "iud", provider_id=1, consent_number="IC-1")
VISIT = Visit(
    is_screened=True, allowed_methods=frozenset({"iud"}), needs_spouse_consent=False, is_provider_trained=True
)


def codes(ending: Ending, visit: Visit = VISIT) -> set[str]:
    return {mistake.code for mistake in mistakes(ending, visit)}


def test_a_service_with_consent_screening_and_a_trained_provider_stands() -> None:
    assert codes(SERVED) == set()


@pytest.mark.parametrize("number", [None, "", "  "])
def test_no_service_without_the_number_of_a_signed_consent(number: str | None) -> None:
    assert codes(replace(SERVED, consent_number=number)) == {"consent-missing"}


def test_no_service_before_screening() -> None:
    assert codes(SERVED, replace(VISIT, is_screened=False, allowed_methods=frozenset())) == {"not-screened"}


def test_no_service_with_a_method_that_screening_did_not_allow() -> None:
    assert codes(replace(SERVED, method_code="pill")) == {"method-not-allowed"}


def test_no_service_by_a_provider_without_the_skill() -> None:
    assert codes(SERVED, replace(VISIT, is_provider_trained=False)) == {"provider-not-trained"}


def test_the_spouse_signs_where_the_method_asks_for_it() -> None:
    visit = replace(VISIT, needs_spouse_consent=True)
    assert codes(SERVED, visit) == {"spouse-consent-missing"}
    assert codes(replace(SERVED, has_spouse_consent=True), visit) == set()


def test_all_that_is_missing_is_told_at_once() -> None:
    bare = Ending(OutcomeKind.SERVED, "iud", reason="anaemia")
    assert codes(bare) == {"provider-missing", "consent-missing", "reason-not-asked"}


@pytest.mark.parametrize("kind", [OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.REFERRED])
def test_who_is_turned_away_hears_a_coded_reason(kind: OutcomeKind) -> None:
    assert codes(Ending(kind, "iud")) == {"reason-missing"}
    assert codes(Ending(kind, "iud", reason="because")) == {"reason-unknown"}
    assert codes(Ending(kind, "iud", reason=Finding.HYPERTENSION)) == set()


def test_an_empty_shelf_defers_but_is_no_medical_refusal() -> None:
    assert codes(Ending(OutcomeKind.DEFERRED, "iud", reason=Obstacle.METHOD_OUT_OF_STOCK)) == set()
    assert codes(Ending(OutcomeKind.REFUSED, "iud", reason=Obstacle.METHOD_OUT_OF_STOCK)) == {"reason-unknown"}


def test_who_withdraws_is_not_asked_why() -> None:
    assert codes(Ending(OutcomeKind.WITHDREW, "iud")) == set()
    assert codes(Ending(OutcomeKind.WITHDREW, "iud", reason=Finding.ANAEMIA)) == {"reason-not-asked"}


def test_what_was_not_given_has_neither_provider_nor_consent() -> None:
    assert codes(Ending(OutcomeKind.WITHDREW, "iud", provider_id=1)) == {"nothing-was-given"}
