"""Whatever service Apprise speaks. It answers yes or no and gives no reference.

A no may mean that nothing left, or that the answer got lost: the message is in doubt, and a person decides.
"""

from dataclasses import dataclass
from urllib.parse import quote

from campaign import clock
from workers.gateways import Outgoing, Rejected, TryLater, Unclear
from workers.gateways.journal import Journal

BLANK = "{to}"


@dataclass(slots=True)
class Other:
    """Sends through one Apprise address."""

    address: str  # {to} stands for the telephone number
    journal: Journal

    def send(self, message: Outgoing) -> str:
        """Hand one message over; there is no reference."""
        from apprise import Apprise, NotifyFormat  # takes a second to load: only workers that use it pay

        if not self.address:
            raise TryLater("gateway-not-set")
        service = Apprise()
        if not service.add(self.address.replace(BLANK, quote(message.to, safe=""))):
            raise Rejected("bad-address")
        if message.until is not None and clock.now() >= message.until:
            raise TryLater("worker-died")
        self.journal.hand(message.invitation_id)
        if not service.notify(body=message.body, title=message.subject, body_format=NotifyFormat.TEXT):
            raise Unclear("gateway-said-no")
        return ""
