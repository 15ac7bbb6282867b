"""Tallies: replaced as a whole by a recount of the rows, never incremented."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Reach
from campaign.attendance.models import CheckIn, CheckInAnswer, ServiceOutcome, Tally, TallyMark, TallyRun
from campaign.attendance.tallies import (
    Came,
    Cell,
    Counts,
    Ended,
    Expected,
    Person,
    Rows,
    kecamatan_of_origin,
    recount,
)
from campaign.attendance.visit_models import DaySettlement, SettledMatter
from campaign.db import db
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.jobs import JobName, enqueue
from campaign.outreach import expected as outreach


def mark_dirty(campaign_id: int) -> None:
    """Note that rows were written, and ask a worker for a recount after the commit.

    The mark is a row of its own that commits with what it marks: no desk waits for another, and a recount that began
    before it cannot take it away.
    """
    db.session.add(TallyMark(campaign_id=campaign_id, marked_at=clock.now()))
    enqueue(JobName.TALLY_CAMPAIGN, campaign_id=campaign_id)


def is_marked(campaign_id: int) -> bool:
    """Tell whether rows were written that the stored tallies do not show."""
    return bool(db.session.scalar(select(exists().where(TallyMark.campaign_id == campaign_id))))


def tally_campaign(campaign_id: int) -> bool:
    """Recount the campaign and replace its tallies; False when they were up to date. Concurrent runs take turns."""
    run = _locked_run(campaign_id)
    # Marks are read before rows: whoever's mark is seen here has committed its rows too. Later marks stay.
    marks = db.session.scalars(select(TallyMark.tally_mark_id).where(TallyMark.campaign_id == campaign_id)).all()
    if not marks and run.tallied_at is not None:
        return False
    rows = rows_of(campaign_id)
    _replace(campaign_id, recount(rows))
    db.session.execute(delete(TallyMark).where(TallyMark.tally_mark_id.in_(marks)))
    run.tallied_at = clock.now()
    run.rows_seen = rows.seen
    audit.record(SYSTEM, "tally-campaign", ("campaign", campaign_id), rows=rows.seen)
    db.session.flush()
    return True


def stale_campaigns() -> list[int]:
    """Return the campaigns whose tallies do not show all rows: what the sweep marks and puts back in the queue."""
    stale = set(db.session.scalars(select(TallyMark.campaign_id).distinct()))
    seen = dict(db.session.execute(select(TallyRun.campaign_id, TallyRun.rows_seen)).all())
    for campaign in events.campaigns(Reach(everywhere=True)):
        campaign_id = campaign.campaign_id
        if campaign.state is not CampaignState.APPROVED or campaign_id in stale:
            continue
        # Invitations that were sent leave no mark: they are outreach's rows, and only their number tells.
        if rows_of(campaign_id).seen != seen.get(campaign_id, 0):
            stale.add(campaign_id)
    return sorted(stale)


def rows_of(campaign_id: int) -> Rows:
    """Return everything that the tallies of a campaign are made of."""
    session_ids = _session_ids(campaign_id)
    expected = tuple(
        Expected(row.service_session_id, row.candidate_id, row.is_invited) for row in outreach.appointed_in(session_ids)
    )
    came = tuple(
        Came(*row)
        for row in db.session.execute(
            select(CheckIn.service_session_id, CheckIn.candidate_id, CheckIn.is_walk_in).where(
                CheckIn.service_session_id.in_(session_ids), CheckIn.answer == CheckInAnswer.ACCEPTED
            )
        )
    )
    ended = tuple(
        Ended(*row)
        for row in db.session.execute(
            select(
                ServiceOutcome.service_outcome_id,
                ServiceOutcome.replaces_id,
                ServiceOutcome.service_session_id,
                ServiceOutcome.candidate_id,
                ServiceOutcome.kind,
                ServiceOutcome.method_code,
                ServiceOutcome.ended_at,
            ).where(ServiceOutcome.service_session_id.in_(session_ids))
        )
    )
    people = {
        row.candidate_id: Person(kecamatan_of_origin(row.kelurahan_code), row.method_code, row.is_poor)
        for row in outreach.origins_of(campaign_id)
    }
    return Rows(people, expected, came, ended, _settled(people))


def _settled(candidate_ids: Iterable[int]) -> dict[int, int | None]:
    """Return what was decided last of each who was served at two sessions."""
    query = (
        select(DaySettlement.subject_id, DaySettlement.kept_outcome_id)
        .where(DaySettlement.matter == SettledMatter.DOUBLE_SERVICE, DaySettlement.subject_id.in_(list(candidate_ids)))
        .order_by(DaySettlement.day_settlement_id)
    )
    return {row.subject_id: row.kept_outcome_id for row in db.session.execute(query)}


def _locked_run(campaign_id: int) -> TallyRun:
    first = upsert(TallyRun).values(campaign_id=campaign_id, rows_seen=0)
    db.session.execute(first.on_conflict_do_nothing())
    query = select(TallyRun).where(TallyRun.campaign_id == campaign_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _session_ids(campaign_id: int) -> list[int]:
    return [row.service_session_id for row in events.sessions_of(campaign_id)]


def _replace(campaign_id: int, cells: dict[Cell, Counts]) -> None:
    db.session.execute(delete(Tally).where(Tally.service_session_id.in_(_session_ids(campaign_id))))
    if cells:
        db.session.execute(insert(Tally), [cell._asdict() | asdict(counts) for cell, counts in sorted(cells.items())])
