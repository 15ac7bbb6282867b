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
    campaign_id = campaign.campaign_id
    listed, aimed = sum(row.listed for row in counts), sum(events.targets(campaign_id).values())
    solved = [run for run in runs if run.state in (PlanState.SOLVED, PlanState.APPROVED)]
    approved = campaign.state in (CampaignState.APPROVED, CampaignState.CLOSED)
    sent, waiting = _invitations(campaign_id)
    current = _current(runs)
    return [
        Step(
            gettext("Target"),
            gettext("%(number)s akseptor", number=i18n.number(aimed)) if aimed else gettext("belum diisi"),
            bool(aimed),
            guard.address("campaigns.targets", campaign_id=campaign_id),
        ),
        Step(
            gettext("Daftar calon"),
            gettext("%(number)s calon", number=i18n.number(listed)) if listed else gettext("belum ada"),
            bool(listed),
            guard.address("imports.page"),
        ),
        Step(gettext("Rencana"), _plan_note(current), bool(solved), _plan_address(current)),
        Step(
            gettext("Persetujuan"),
            gettext("disetujui") if approved else gettext("oleh kepala dinas"),
            approved,
            guard.address("plans.page", plan_run_id=solved[0].plan_run_id) if solved else None,
        ),
        Step(
            gettext("Undangan"),
            gettext("%(sent)s terkirim, %(waiting)s belum", sent=i18n.number(sent), waiting=i18n.number(waiting)),
            bool(sent) and not waiting,
            guard.address("invitations.page", campaign_id=campaign_id),
        ),
        Step(
            gettext("Pelayanan"),
            i18n.word(campaign.state),
            campaign.state is CampaignState.CLOSED,
            guard.address("tally.page", campaign_id=campaign_id),
        ),
    ]


def _current(runs: Sequence[PlanRun]) -> PlanRun | None:
    """Return the run that counts: the approved one, or the newest."""
    approved = [run for run in runs if run.state is PlanState.APPROVED]
    return next(iter([*approved, *runs]), None)


def _plan_note(run: PlanRun | None) -> str:
    return i18n.word(run.state) if run else str(gettext("belum ada"))


def _plan_address(run: PlanRun | None) -> str | None:
    return guard.address("plans.page", plan_run_id=run.plan_run_id) if run else None


def _invitations(campaign_id: int) -> tuple[int, int]:
    """Return how many invitations were sent and how many were not yet."""
    counts = settling.counts(campaign_id)
    sent = sum(number for (_, state), number in counts.items() if state is InvitationState.SENT)
    return sent, sum(counts.values()) - sent
