"""What is known of candidates: groups that are alike for the planner, counts, and the rows themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from campaign.db import db
from campaign.outreach.models import Candidate, CandidateState

COUNTED = (CandidateState.LISTED, CandidateState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class CandidateGroup:
    """Candidates that are alike for the planner: same kelurahan, method, priority and free dates."""

    group_id: str  # made of what its members share, so that the same group has the same id in every run
    kelurahan_code: str
    method_code: str
    is_poor: bool
    free_dates: tuple[date, ...] | None  # None: any
    candidate_ids: tuple[int, ...]  # in the order of the lists


@dataclass(frozen=True, slots=True)
class CandidateCount:
    """How many candidates a kecamatan has for a method."""

    kecamatan_code: str
    method_code: str
    listed: int
    poor: int


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """Which part of a campaign's list; None means all."""

    campaign_id: int
    area_code: str | None = None  # a kelurahan, or a kecamatan with all below it
    method_code: str | None = None


def candidate_groups(campaign_id: int) -> list[CandidateGroup]:
    """Return the groups that a plan of the campaign serves, by id; withdrawn candidates are left out."""
    query = select(
        Candidate.kelurahan_code,
        Candidate.method_code,
        Candidate.is_poor,
        Candidate.free_dates,
        Candidate.list_key,
        Candidate.candidate_id,
    ).where(Candidate.campaign_id == campaign_id, Candidate.state.in_(COUNTED))
    alike: dict[tuple[str, str, bool, tuple[date, ...] | None], list[tuple[str, int]]] = {}
    for kelurahan, method, is_poor, free, list_key, candidate_id in db.session.execute(query):
        dates = None if free is None else tuple(sorted(set(free)))
        alike.setdefault((kelurahan, method, is_poor, dates), []).append((list_key, candidate_id))
    groups = (
        CandidateGroup(_group_id(*shared), *shared, tuple(candidate_id for _, candidate_id in sorted(members)))
        for shared, members in alike.items()
    )
    return sorted(groups, key=lambda group: group.group_id)


def _group_id(kelurahan: str, method: str, is_poor: bool, dates: tuple[date, ...] | None) -> str:
    parts = [kelurahan, method, "poor" if is_poor else "other"]
    return "/".join(parts if dates is None else [*parts, "+".join(day.isoformat() for day in dates)])


def candidates_by_ids(ids: Iterable[int]) -> dict[int, Candidate]:
    """Return these candidates by id; whoever shows them audits the read."""
    found = db.session.scalars(select(Candidate).where(Candidate.candidate_id.in_(list(ids))))
    return {candidate.candidate_id: candidate for candidate in found}


def candidate_counts(campaign_id: int) -> list[CandidateCount]:
    """Return candidates per kecamatan and method, by both."""
    kecamatan = func.left(Candidate.kelurahan_code, 8)  # 33.75.01 of 33.75.01.1002
    query = (
        select(kecamatan, Candidate.method_code, func.count(), func.count().filter(Candidate.is_poor))
        .where(Candidate.campaign_id == campaign_id, Candidate.state.in_(COUNTED))
        .group_by(kecamatan, Candidate.method_code)
        .order_by(kecamatan, Candidate.method_code)
    )
    return [CandidateCount(*row) for row in db.session.execute(query)]


def candidates_of(which: CandidateFilter) -> list[Candidate]:
    """Return a part of a campaign's list in its order; whoever shows it audits the read."""
    query = select(Candidate).where(Candidate.campaign_id == which.campaign_id).order_by(Candidate.list_key)
    if which.area_code is not None:
        inside = Candidate.kelurahan_code.startswith(which.area_code + ".", autoescape=True)
        query = query.where(inside | (Candidate.kelurahan_code == which.area_code))
    if which.method_code is not None:
        query = query.where(Candidate.method_code == which.method_code)
    return list(db.session.scalars(query))
