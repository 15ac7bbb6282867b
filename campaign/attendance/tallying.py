"""Tallies: replaced as a whole by a recount of the rows, never incremented."""

from dataclasses import asdict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from campaign import audit, clock
from campaign.accounts.policy import SYSTEM, Reach
from campaign.attendance.models import CheckIn, CheckInAnswer, ServiceOutcome, Tally, TallyRun
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
from campaign.db import db
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.jobs import JobName, enqueue
from campaign.outreach import expected as outreach


def mark_dirty(campaign_id: int) -> None:
    """Note that rows were written, and ask a worker for a recount after the commit."""
    if _mark(campaign_id):
        enqueue(JobName.TALLY_CAMPAIGN, campaign_id=campaign_id)


def _mark(campaign_id: int) -> bool:
    """Mark the campaign; False when it was marked before, and a recount is on its way already."""
    if db.session.scalar(select(TallyRun.dirty_since).where(TallyRun.campaign_id == campaign_id)) is not None:
        return False
    first = upsert(TallyRun).values(campaign_id=campaign_id, dirty_since=clock.now(), rows_seen=0)
    if db.session.scalar(first.on_conflict_do_nothing().returning(TallyRun.campaign_id)) is not None:
        return True
    # Locked: somebody else is marking, or a recount is under way and may miss us. Waiting would put all desks of a
    # campaign in one queue, so go on and let our own recount find the row; it compares numbers, not marks.
    free = (
        select(TallyRun.campaign_id)
        .where(TallyRun.campaign_id == campaign_id, TallyRun.dirty_since.is_(None))
        .with_for_update(skip_locked=True)
    )
    db.session.execute(
        update(TallyRun)
        .where(TallyRun.campaign_id.in_(free.scalar_subquery()))
        .values(dirty_since=clock.now())
        .execution_options(synchronize_session=False)
    )
    return True


def tally_campaign(campaign_id: int) -> bool:
    """Recount the campaign and replace its tallies; False when they were up to date. Concurrent runs take turns."""
    run = _locked_run(campaign_id)
    rows = rows_of(campaign_id)
    if run.dirty_since is None and run.tallied_at is not None and run.rows_seen == rows.seen:
        return False
    _replace(campaign_id, recount(rows))
    run.dirty_since = None
    run.tallied_at = clock.now()
    run.rows_seen = rows.seen
    audit.record(SYSTEM, "tally-campaign", ("campaign", campaign_id), rows=rows.seen)
    db.session.flush()
    return True


def stale_campaigns() -> list[int]:
    """Return the campaigns whose tallies do not show all rows: what the sweep puts back in the queue."""
    runs = {run.campaign_id: run for run in db.session.scalars(select(TallyRun))}
    stale = {campaign_id for campaign_id, run in runs.items() if run.dirty_since is not None}
    for campaign in events.campaigns(Reach(everywhere=True)):
        if campaign.state is CampaignState.APPROVED and campaign.campaign_id not in stale:
            run = runs.get(campaign.campaign_id)
            if rows_of(campaign.campaign_id).seen != (run.rows_seen if run else 0):
                stale.add(campaign.campaign_id)
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
            ).where(ServiceOutcome.service_session_id.in_(session_ids))
        )
    )
    people = {
        row.candidate_id: Person(kecamatan_of_origin(row.kelurahan_code), row.method_code, row.is_poor)
        for row in outreach.origins_of(campaign_id)
    }
    return Rows(people, expected, came, ended)


def _locked_run(campaign_id: int) -> TallyRun:
    first = upsert(TallyRun).values(campaign_id=campaign_id, dirty_since=clock.now(), rows_seen=0)
    db.session.execute(first.on_conflict_do_nothing())
    query = select(TallyRun).where(TallyRun.campaign_id == campaign_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _session_ids(campaign_id: int) -> list[int]:
    return [row.service_session_id for row in events.sessions_of(campaign_id)]


def _replace(campaign_id: int, cells: dict[Cell, Counts]) -> None:
    db.session.execute(delete(Tally).where(Tally.service_session_id.in_(_session_ids(campaign_id))))
    if cells:
        db.session.execute(insert(Tally), [cell._asdict() | asdict(counts) for cell, counts in sorted(cells.items())])
