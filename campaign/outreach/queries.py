"""What is known of candidates: groups that are alike for the planner, counts, and the rows themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, false, func, or_, select

from campaign.accounts.policy import Reach
from campaign.db import db
from campaign.outreach.models import Candidate, CandidateState

PAGE = 50  # candidates shown, and read, at a time
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


def candidate_by_key(campaign_id: int, list_key: str) -> int:
    """Return the candidate under a key of a campaign's list."""
    query = select(Candidate.candidate_id).where(Candidate.campaign_id == campaign_id, Candidate.list_key == list_key)
    return db.session.scalars(query).one()


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


@dataclass(frozen=True, slots=True)
class KelurahanCount:
    """How many candidates a kelurahan has for a method."""

    area_code: str
    method_code: str
    listed: int


def kelurahan_counts(campaign_id: int) -> list[KelurahanCount]:
    """Return candidates per kelurahan and method, by both."""
    query = (
        select(Candidate.kelurahan_code, Candidate.method_code, func.count())
        .where(Candidate.campaign_id == campaign_id, Candidate.state.in_(COUNTED))
        .group_by(Candidate.kelurahan_code, Candidate.method_code)
        .order_by(Candidate.kelurahan_code, Candidate.method_code)
    )
    return [KelurahanCount(*row) for row in db.session.execute(query)]


def candidates_of(which: CandidateFilter) -> list[Candidate]:
    """Return a part of a campaign's list in its order; whoever shows it audits the read."""
    return list(db.session.scalars(_listed(which).order_by(Candidate.list_key)))


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One page of a list, and how many pages there are."""

    candidates: list[Candidate]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages the list has; an empty list has one."""
        return max(1, -(-self.total // PAGE))


def candidate_page(which: CandidateFilter, seen: Reach, page: int) -> CandidatePage:
    """Return a page of what lies within reach, in the order of the lists; whoever shows it audits the read."""
    query = _listed(which)
    if not seen.everywhere:
        inside = [Candidate.kelurahan_code.startswith(code + ".", autoescape=True) for code in seen.areas]
        query = query.where(or_(false(), Candidate.kelurahan_code.in_(seen.areas), *inside))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = db.session.scalars(query.order_by(Candidate.list_key).offset((page - 1) * PAGE).limit(PAGE))
    return CandidatePage(list(rows), total, page)


def _listed(which: CandidateFilter) -> "Select[Candidate]":
    query = select(Candidate).where(Candidate.campaign_id == which.campaign_id)
    if which.area_code is not None:
        inside = Candidate.kelurahan_code.startswith(which.area_code + ".", autoescape=True)
        query = query.where(inside | (Candidate.kelurahan_code == which.area_code))
    if which.method_code is not None:
        query = query.where(Candidate.method_code == which.method_code)
    return query
