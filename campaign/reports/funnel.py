"""From the target to the service, stage by stage: how many came how far, per kecamatan; and one person's way."""

from collections import Counter
from collections.abc import Iterable, Mapping

from campaign.attendance import queries as attendance
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.tallies import counted, kecamatan_of_origin
from campaign.attendance.tallying import rows_of
from campaign.events import queries as events
from campaign.outreach.expected import origins_of
from campaign.outreach.field import journey
from campaign.outreach.field.journey import Moment, Stage

Funnel = Mapping[str, Mapping[Stage, int]]  # by kecamatan

_ENDINGS = {
    OutcomeKind.SERVED: Stage.SERVED,
    OutcomeKind.DEFERRED: Stage.DEFERRED,
    OutcomeKind.REFUSED: Stage.REFUSED,
    OutcomeKind.REFERRED: Stage.REFERRED,
    OutcomeKind.WITHDREW: Stage.CANCELLED,
}


def funnel(campaign_id: int) -> Funnel:
    """Return how many of each kecamatan reached each stage; a person counts once at a stage."""
    found: dict[str, Counter[Stage]] = {}
    for (kecamatan, _), acceptors in events.targets(campaign_id).items():
        found.setdefault(kecamatan, Counter())[Stage.TARGET] += acceptors
    for kelurahan in journey.visited(campaign_id):
        found.setdefault(kecamatan_of_origin(kelurahan), Counter())[Stage.VISITED] += 1
    home = {row.candidate_id: kecamatan_of_origin(row.kelurahan_code) for row in origins_of(campaign_id)}
    for stage, people in _people(campaign_id).items():
        for candidate_id in people:
            found.setdefault(home[candidate_id], Counter())[stage] += 1
    return found


def _people(campaign_id: int) -> dict[Stage, set[int]]:
    session_ids = [row.service_session_id for row in events.sessions_of(campaign_id)]
    rows = rows_of(campaign_id)
    reached = journey.stages(campaign_id, session_ids)
    reached[Stage.CAME] = {row.candidate_id for row in rows.came}
    reached[Stage.SCREENED] = attendance.screened(session_ids)
    for row in counted(rows):
        reached.setdefault(_ENDINGS[row.kind], set()).add(row.candidate_id)
    return reached


def way_of(candidate_id: int) -> list[Moment]:
    """Return everything that happened to one candidate, earliest first."""
    order = list(Stage)
    found: Iterable[Moment] = [*journey.moments(candidate_id), *_service_day(candidate_id)]
    return sorted(found, key=lambda moment: (moment.at, order.index(moment.stage)))


def _service_day(candidate_id: int) -> list[Moment]:
    arrivals, screenings, outcomes = attendance.rows_of_candidate(candidate_id)
    replaced = {row.replaces_id for row in outcomes}
    return [
        *(Moment(row.arrived_at, Stage.CAME, "", row.account_id) for row in arrivals),
        *(Moment(row.screened_at, Stage.SCREENED, row.finding or "", row.account_id) for row in screenings),
        *(
            Moment(row.ended_at, _ENDINGS[row.kind], row.reason or "", row.account_id)
            for row in outcomes
            if row.service_outcome_id not in replaced
        ),
    ]
