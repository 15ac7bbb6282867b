"""One sync: take in the batch, work out what can be worked out, and say how much of the device is here."""

from dataclasses import dataclass

from campaign.accounts.policy import Actor
from campaign.attendance.device.applying import apply_waiting, results_of
from campaign.attendance.device.models import DeviceResult
from campaign.attendance.device.protocol import Sequence
from campaign.attendance.device.receiving import Answer, Batch, receive, sequence_of


@dataclass(frozen=True, slots=True)
class Synced:
    """What the device is told."""

    answers: tuple[Answer, ...]
    results: tuple[DeviceResult | None, ...]  # in the order of the answers; None: held
    sequence: Sequence


def sync(actor: Actor, batch: Batch) -> Synced:
    """Keep the events of a batch and apply what can be applied; the same batch again gives the same answers."""
    received = receive(actor, batch)
    apply_waiting(received.session_ids)
    found = results_of(one.event_id for one in received.answers if one.held is None and one.event_id is not None)
    results = tuple(None if one.held or one.event_id is None else found.get(one.event_id) for one in received.answers)
    return Synced(received.answers, results, sequence_of(batch.device_id))
