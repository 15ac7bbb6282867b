"""How far a campaign is, as steps with the next one marked: for the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from campaign import i18n
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.events.models import Campaign
from campaign.outreach import settling
from campaign.outreach.models import InvitationState
from campaign.outreach.queries import CandidateCount
from campaign.planning.models import PlanRun, PlanState
from campaign.web import guard


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a campaign: done, next, or still to come."""

    title: str
    note: str
    is_done: bool
    address: str | None = None  # where it is done, for whoever may


def progress_of(campaign: Campaign, counts: Sequence[CandidateCount], runs: Sequence[PlanRun]) -> list[Step]:
    """Return the steps of a campaign; the first that is not done is the next one."""
    return [*_before(campaign, counts), *_planned(campaign, runs), *_carried_out(campaign)]


def _before(campaign: Campaign, counts: Sequence[CandidateCount]) -> list[Step]:
    aimed, listed = sum(events.targets(campaign.campaign_id).values()), sum(row.listed for row in counts)
    return [
        Step(
            gettext("Target"),
            gettext("%(number)s akseptor", number=i18n.number(aimed)) if aimed else gettext("belum diisi"),
            bool(aimed),
            guard.address("targets.page", campaign_id=campaign.campaign_id),
        ),
        Step(
            gettext("Daftar calon"),
            gettext("%(number)s calon", number=i18n.number(listed)) if listed else gettext("belum ada"),
            bool(listed),
            guard.address("imports.page"),
        ),
    ]


def _planned(campaign: Campaign, runs: Sequence[PlanRun]) -> list[Step]:
    current = _current(runs)
    address = guard.address("plans.page", plan_run_id=current.plan_run_id) if current else None
    note = i18n.word(current.state) if current else gettext("belum ada")
    has_plan = any(run.state in (PlanState.SOLVED, PlanState.APPROVED) for run in runs)
    is_approved = campaign.state in (CampaignState.APPROVED, CampaignState.CLOSED)
    return [
        Step(gettext("Rencana"), note, has_plan, address),
        Step(
            gettext("Persetujuan"),
            gettext("disetujui") if is_approved else gettext("oleh kepala dinas"),
            is_approved,
            address if has_plan else None,
        ),
    ]


def _carried_out(campaign: Campaign) -> list[Step]:
    sent, waiting = _invitations(campaign.campaign_id)
    note = gettext("%(sent)s terkirim, %(waiting)s belum", sent=i18n.number(sent), waiting=i18n.number(waiting))
    return [
        Step(
            gettext("Undangan"),
            note,
            bool(sent) and not waiting,
            guard.address("invitations.page", campaign_id=campaign.campaign_id),
        ),
        Step(
            gettext("Pelayanan"),
            i18n.word(campaign.state),
            campaign.state is CampaignState.CLOSED,
            guard.address("tally.page", campaign_id=campaign.campaign_id),
        ),
    ]


def _current(runs: Sequence[PlanRun]) -> PlanRun | None:
    """Return the run that counts: the approved one, or the newest."""
    approved = [run for run in runs if run.state is PlanState.APPROVED]
    return next(iter([*approved, *runs]), None)


def _invitations(campaign_id: int) -> tuple[int, int]:
    """Return how many invitations were sent and how many were not yet."""
    counts = settling.counts(campaign_id)
    sent = sum(number for (_, state), number in counts.items() if state is InvitationState.SENT)
    return sent, sum(counts.values()) - sent
