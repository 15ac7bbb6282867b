"""A telephone without a telephone: makes sealed events as the device's script does."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from campaign import clock
from campaign.accounts.policy import Actor
from campaign.attendance.device import protocol
from campaign.attendance.device.protocol import GENESIS, Envelope
from campaign.attendance.device.receiving import Batch, Image
from campaign.attendance.device.registering import register_device
from tests.builders.attendance import NINE, ServiceDay, staff_of

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
WELL = {
    "systolic": 120,
    "diastolic": 80,
    "has_pelvic_inflammation": False,
    "has_gynaecological_tumour": False,
    "has_diabetes": False,
}


@dataclass(slots=True)
class Phone:
    """One device and everything that it has recorded."""

    actor: Actor
    device_id: int
    key: bytes
    session_id: int
    made: list[Envelope] = field(default_factory=list)
    at: datetime = NINE  # what its clock says

    def tell(self, kind: str, person: dict[str, Any], /, **data: Any) -> UUID:
        """Record one event a second later; return its id."""
        self.at += timedelta(seconds=1)
        event_id = uuid4()
        body = json.dumps(
            {
                "id": str(event_id),
                "device": self.device_id,
                "counter": len(self.made) + 1,
                "made_at": self.at.isoformat(),
                "kind": kind,
                "session": self.session_id,
                "person": person,
                "data": data,
            },
            separators=(",", ":"),
        )
        previous = self.made[-1].seal if self.made else GENESIS
        self.made.append(Envelope(body, previous, protocol.seal(self.key, previous, body)))
        return event_id

    def batch(self, *envelopes: Envelope, sent_at: datetime | None = None) -> Batch:
        """Return a batch of these events, or of all, sent now."""
        return Batch(
            self.device_id, sent_at or clock.now(), envelopes or tuple(self.made), (Image("image/png", PIXEL),)
        )

    def serve(self, person: dict[str, Any], provider_id: int, method: str = "iud") -> UUID:
        """Record a whole visit after the arrival: screening, consent on paper, service."""
        self.tell("screened", person, answers=WELL)
        self.tell("consented", person, method=method, signer="client", decision="given", way="paper", number="IC-7")
        return self.tell("ended", person, kind="served", method=method, provider=provider_id)


def make_phone(day: ServiceDay, actor: Actor | None = None) -> Phone:
    """Register a device of the service day's staff, or of somebody else."""
    actor = actor or staff_of(day.city.puskesmas.facility_id)
    known = register_device(actor, uuid4(), day.session.facility_id)
    return Phone(actor, known.device_id, protocol.chain_key(known.storage_key), day.session_id)
