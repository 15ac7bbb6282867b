"""What completes a step by itself: one small question a proof, asked of the feature that knows.

A probe takes a campaign and returns how far the thing has come; nothing while there is nothing to count. Facts are
read each time and never stored: when an SBBK is reversed, its step is open again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaign.documents.papers import PaperKind, papers_of
from campaign.events import queries as events
from campaign.events.meetings import queries as meetings
from campaign.events.meetings.models import MeetingKind
from campaign.events.sop.template import Proof
from campaign.letters import queries as letters
from campaign.logistics.supplied import supply_of
from campaign.outreach.received import lists_received
from campaign.planning import queries as planning
from campaign.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Finding:
    """How much of something is there, and since when all of it."""

    done: int
    all: int
    completed_at: datetime | None  # None: not complete


def plan_approved(campaign_id: int) -> Finding | None:
    """Tell when the campaign's plan was approved."""
    run = planning.approved_run(campaign_id)
    return Finding(1, 1, run.approved_at) if run else None


def lists_of_all_kelurahan(campaign_id: int) -> Finding | None:
    """Tell since when every kelurahan of the city has at least one name on its list."""
    wanted = {area.code for area in registry.kelurahan_of(events.campaign(campaign_id).district_code)}
    received = {code: at for code, at in lists_received(campaign_id).items() if code in wanted}
    return _finding(len(received), len(wanted), max(received.values(), default=None))


def alokon_issued(campaign_id: int) -> Finding | None:
    """Tell since when every delivery of the approved plan has its SBBK."""
    supply = supply_of(campaign_id)
    return _finding(supply.issued, supply.planned, supply.last_issued_at)


def sessions_closed(campaign_id: int) -> Finding | None:
    """Tell since when every session of the approved plan has closed its day."""
    sessions = events.sessions_of(campaign_id)
    closed = [row.closed_at for row in sessions if row.closed_at is not None]
    return _finding(len(closed), len(sessions), max(closed, default=None))


def report_ready(campaign_id: int) -> Finding | None:
    """Tell when the first campaign report after the last closed session was made: earlier ones are provisional."""
    closed = sessions_closed(campaign_id)
    if closed is None or closed.completed_at is None:
        return None
    papers = papers_of(PaperKind.CAMPAIGN_REPORT, campaign_id)
    final = [paper.ready_at for paper in papers if paper.ready_at is not None and paper.asked_at >= closed.completed_at]
    return Finding(1, 1, min(final)) if final else None


def _finding(done: int, whole: int, last: datetime | None) -> Finding | None:
    return Finding(done, whole, last if done == whole else None) if whole else None


def letters_sent(campaign_id: int) -> Finding | None:
    """Tell since when everybody has confirmed the letters that tell others of the campaign."""
    told = letters.given_out(campaign_id)
    return _finding(told.confirmed, told.addressees, told.last_at)


def meetings_held(campaign_id: int) -> Finding | None:
    """Tell when the first coordination meeting with minutes was closed."""
    held = [
        row.held_at
        for row in meetings.meetings_of(campaign_id)
        if row.kind is MeetingKind.COORDINATION and row.held_at is not None
    ]
    return Finding(1, 1, min(held)) if held else None


PROBES: dict[Proof, Callable[[int], Finding | None]] = {
    Proof.PLAN_APPROVED: plan_approved,
    Proof.LISTS_RECEIVED: lists_of_all_kelurahan,
    Proof.ALOKON_ISSUED: alokon_issued,
    Proof.SESSIONS_CLOSED: sessions_closed,
    Proof.LETTERS_SENT: letters_sent,
    Proof.MEETINGS_HELD: meetings_held,
    Proof.REPORT_READY: report_ready,
}
