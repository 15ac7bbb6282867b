"""What waits for somebody today, as cards of the home page: one function a card, shown by what one may do."""

from collections.abc import Callable

from campaign.accounts.policy import Actor, Permission, may
from campaign.web.cards import campaigns, letters, people, shipments, steps, supply
from campaign.web.cards.card import Card

CARDS: tuple[tuple[Permission, Callable[[Actor], Card]], ...] = (
    (Permission.RECORD_ATTENDANCE, people.sessions),
    (Permission.APPROVE_PLAN, campaigns.plans_to_approve),
    (Permission.SIGN_LETTERS, letters.letters_to_sign),
    (Permission.SEE_CAMPAIGNS, steps.sop_steps),
    (Permission.USE_STOCK, shipments.shipments_to_confirm),
    (Permission.ORDER_STOCK, shipments.requests_to_answer),
    (Permission.ORDER_STOCK, supply.deliveries_to_order),
    (Permission.MOVE_STOCK, supply.campaign_needs),
    (Permission.MOVE_STOCK, supply.orders_to_issue),
    (Permission.MOVE_STOCK, shipments.differences_to_settle),
    (Permission.SEE_STOCK, supply.shipments_late),
    (Permission.SEE_STOCK, supply.items_low),
    (Permission.SEE_STOCK, supply.lots_expiring),
    (Permission.LIST_CANDIDATES, people.candidates_expected),
    (Permission.INVITE, people.invitations_in_doubt),
    (Permission.PLAN, people.candidate_lists),
    (Permission.WRITE_LETTERS, letters.letters_unconfirmed),
    (Permission.IMPORT, people.recent_imports),
    (Permission.SEE_CAMPAIGNS, campaigns.campaigns_in_work),
    (Permission.SEE_CAMPAIGNS, campaigns.results),
)


def cards(actor: Actor) -> list[Card]:
    """Return the cards of whoever asks, the most urgent subject first."""
    return [build(actor) for permission, build in CARDS if may(actor, permission)]
