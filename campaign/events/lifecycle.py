"""Life of a campaign. Pure: which state may follow which, and what may be changed in which."""

from enum import StrEnum

from campaign.errors import Conflict


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    APPROVED = "approved"  # a plan is approved: sessions, reservations and invitations exist
    CLOSED = "closed"
    CANCELLED = "cancelled"


_NEXT = {
    CampaignState.DRAFT: frozenset({CampaignState.APPROVED, CampaignState.CANCELLED}),
    CampaignState.APPROVED: frozenset({CampaignState.CLOSED, CampaignState.CANCELLED}),
    CampaignState.CLOSED: frozenset[CampaignState](),
    CampaignState.CANCELLED: frozenset[CampaignState](),
}


class StepNotPossible(Conflict):
    """The campaign's state does not lead to the one asked for."""

    code = "campaign-step-not-possible"


class CampaignIsFixed(Conflict):
    """What a plan was made of can no longer be changed."""

    code = "campaign-is-fixed"


def advance(now: CampaignState, to: CampaignState) -> CampaignState:
    """Return `to`; raises StepNotPossible when it does not follow `now`."""
    if to not in _NEXT[now]:
        raise StepNotPossible(state=now.value, wanted=to.value)
    return to


def require_editable(now: CampaignState) -> None:
    """Raise CampaignIsFixed unless dates, facilities, rules and targets may still change."""
    if now is not CampaignState.DRAFT:
        raise CampaignIsFixed(state=now.value)
