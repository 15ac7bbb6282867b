"""One replayed visit: screen, then serve, or end it as screening advises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaign import clock
from campaign.accounts.policy import Actor
from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.recording import OutcomeRecord, is_trained, record_outcome
from campaign.attendance.screening import Advice, Kind, Obstacle, verdicts
from campaign.attendance.screenings import ScreeningRecord, ScreeningResult, record_screening
from campaign.demo.script import Fate
from campaign.events import queries as events
from campaign.logistics.ledger import InsufficientStock
from campaign.registry import queries as registry
from campaign.transaction import savepoint

_SURGERY = (Kind.TUBECTOMY, Kind.VASECTOMY)  # nobody changes to an operation on the spot


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is where, and what they came for."""

    session_id: int
    candidate_id: int
    method_code: str  # wished
    provider_ids: tuple[int | None, ...]  # the planned one first, then whoever works at the session
    held_on: date


def finish(staff: Actor, visit: Visit, fate: Fate, keys: tuple[UUID, UUID]) -> None:
    """Screen and record how the visit ends; an empty shelf makes it end otherwise. Keys: screening, outcome."""
    hands = _Hands(visit)
    screening = ScreeningRecord(keys[0], visit.session_id, visit.candidate_id, fate.answers, fate.screened_at)
    result = record_screening(staff, screening)
    for ending in _endings(hands, fate, result):
        record = OutcomeRecord(keys[1], visit.session_id, visit.candidate_id, ending, min(fate.ended_at, clock.now()))
        try:
            with savepoint():
                record_outcome(staff, record)
        except InsufficientStock:
            continue
        return


class _Hands:
    """Who works at the session, and what they may do; read once a visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.session = events.session(visit.session_id)  # held: the use-cases below find it without asking again
        self.methods = {method.code: method for method in registry.methods()}
        wanted = dict.fromkeys(who for who in visit.provider_ids if who is not None)
        found = registry.providers_by_ids(wanted)
        self.providers = [found[who] for who in wanted]

    def trained(self, method_code: str) -> int | None:
        """Return the first provider who may give the method."""
        method = self.methods[method_code]
        trained = (who for who in self.providers if is_trained(who, method, self.visit.held_on))
        return next((who.provider_id for who in trained), None)

    def services(self, method_codes: Iterable[str]) -> Iterator[Ending]:
        """Return how each method would be recorded as given, where somebody may give it."""
        for code in method_codes:
            provider_id = self.trained(code)
            if provider_id is not None:
                yield Ending(
                    OutcomeKind.SERVED,
                    code,
                    provider_id=provider_id,
                    consent_number=f"IC-{self.visit.session_id}-{self.visit.candidate_id}",
                    has_spouse_consent=self.methods[code].needs_spouse_consent,
                )


def _endings(hands: _Hands, fate: Fate, result: ScreeningResult) -> Iterator[Ending]:
    """Return how the visit may end, best first; the last needs nothing from a shelf."""
    wished = hands.visit.method_code
    kind = hands.methods[wished].register_code
    advice = verdicts(fate.answers, [kind])[kind].advice
    if fate.withdraws:
        yield Ending(OutcomeKind.WITHDREW, wished)
    if (result.is_eligible and fate.changes_method) or advice is Advice.OTHER_METHOD:
        yield from hands.services(_others(hands, result))
    if result.is_eligible:
        yield from hands.services([wished])
        obstacle = Obstacle.METHOD_OUT_OF_STOCK if hands.trained(wished) else Obstacle.NO_PROVIDER
        yield Ending(OutcomeKind.DEFERRED, wished, reason=obstacle)
    elif advice is Advice.REFER:
        outcome = OutcomeKind.REFUSED if fate.is_refused_outright else OutcomeKind.REFERRED
        yield Ending(outcome, wished, reason=result.finding)
    else:
        yield Ending(OutcomeKind.DEFERRED, wished, reason=result.finding)


def _others(hands: _Hands, result: ScreeningResult) -> list[str]:
    return [
        code
        for code, method in hands.methods.items()
        if code in result.allowed_methods and code != hands.visit.method_code and method.register_code not in _SURGERY
    ]
