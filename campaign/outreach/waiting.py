"""The waiting list: who could take a place, in the order in which they are asked.

Fitting is who wishes the method, can come that day and has no appointment under the plan. Of those the poor come first,
as in the plan itself; then whoever lives nearest; then the order of the lists.
"""

from dataclasses import dataclass
from datetime import date
from math import asin, cos, inf, radians, sin, sqrt

from sqlalchemy import select

from campaign.db import db
from campaign.outreach.models import Appointment, Candidate
from campaign.outreach.queries import COUNTED
from campaign.registry import queries as registry
from campaign.registry.models import Area, Facility

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Opening:
    """A place that somebody could take."""

    campaign_id: int
    plan_run_id: int
    method_code: str
    day: date
    facility_id: int


def in_order(opening: Opening) -> list[int]:
    """Return the candidates who could take the place, first to be asked first."""
    taken = select(Appointment.candidate_id).where(Appointment.plan_run_id == opening.plan_run_id)
    query = select(
        Candidate.candidate_id, Candidate.is_poor, Candidate.kelurahan_code, Candidate.list_key, Candidate.free_dates
    ).where(
        Candidate.campaign_id == opening.campaign_id,
        Candidate.method_code == opening.method_code,
        Candidate.state.in_(COUNTED),
        Candidate.candidate_id.not_in(taken),
    )
    fitting = [row for row in db.session.execute(query) if row.free_dates is None or opening.day in row.free_dates]
    facility = registry.facility(opening.facility_id)
    away = {code: _kilometres(registry.area(code), facility) for code in {row.kelurahan_code for row in fitting}}
    fitting.sort(key=lambda row: (not row.is_poor, away[row.kelurahan_code], row.list_key))
    return [row.candidate_id for row in fitting]


def _kilometres(area: Area, facility: Facility) -> float:
    """Return how far a kelurahan is from the place, as the crow flies; one without a position is farthest."""
    if area.lat is None or area.lon is None:
        return inf
    a = sin(radians(area.lat - facility.lat) / 2) ** 2
    a += cos(radians(facility.lat)) * cos(radians(area.lat)) * sin(radians(area.lon - facility.lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(a))
