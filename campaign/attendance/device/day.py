"""What a device takes along for one day: its own session's list, shelf and rules, and nothing else.

NIK and telephone numbers do not leave the server: the device gets a fingerprint of each under its own key, and finds a
person by the fingerprint of what is typed.
"""

import base64
import hmac
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission
from campaign.attendance import screening
from campaign.attendance.aftercare import NEXT_VISIT_DAYS, NOT_WATCHED, WATCHED_MINUTES
from campaign.attendance.cards import card_code
from campaign.attendance.device.models import Device
from campaign.attendance.device.registering import own_device
from campaign.attendance.device.visits import visits_now
from campaign.attendance.outcomes import REASONS
from campaign.attendance.recording import is_trained
from campaign.attendance.screening import Kind
from campaign.attendance.services import open_desk
from campaign.attendance.stations import STANDARD_MINUTES, Complication
from campaign.attendance.visit_models import AidKind
from campaign.events import queries as events
from campaign.logistics import queries as stock
from campaign.outreach import expected as outreach
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession
    from campaign.outreach.expected import Appointed
    from campaign.outreach.models import Candidate

FIND_PURPOSE = b"serempak device find"
FINGERPRINT_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which session a device asks about, and whose names it has already."""

    device_id: int
    service_session_id: int
    known: frozenset[int] = frozenset()


def find_key(storage_key: bytes) -> bytes:
    """Return the key of the fingerprints, made of the key that the device was given."""
    return hmac.digest(storage_key, FIND_PURPOSE, "sha256")


def day_of(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """Return everything for a day without a network; the read is audited."""
    device, session = _open(actor, wanted)
    return {
        "session": _session(session),
        "methods": _methods(),
        "providers": _providers(session),
        "stock": _shelf(session.facility_id),
        "kelurahan": _kelurahan(session),
        "rules": [rule_as_data(one) for one in screening.RULES],
        "reasons": {kind.value: list(codes) for kind, codes in REASONS.items()},
        "complications": [one.value for one in Complication],
        "aids": [one.value for one in AidKind],
        "minutes": {stop.value: minutes for stop, minutes in STANDARD_MINUTES.items()},
        **_news(actor, device, wanted),
    }


def news_of(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """Return where all visits stand, who came meanwhile that the device does not know, and the shelf."""
    device, session = _open(actor, wanted)
    return {"stock": _shelf(session.facility_id), "closed": session.closed_at is not None} | _news(
        actor, device, wanted
    )


def _open(actor: Actor, wanted: Wanted) -> tuple[Device, "ServiceSession"]:
    return own_device(actor, wanted.device_id), open_desk(
        actor, wanted.service_session_id, Permission.RECORD_ATTENDANCE
    )


def _news(actor: Actor, device: Device, wanted: Wanted) -> dict[str, Any]:
    session_id = wanted.service_session_id
    visits = visits_now(session_id)
    appointed = {row.candidate_id: row for row in outreach.appointed_in([session_id])}
    missing = (appointed.keys() | {visit.candidate_id for visit in visits}) - wanted.known
    people = candidates_by_ids(missing)
    if missing:
        facts = {"candidate_ids": sorted(missing), "device": device.device_id}
        audit.record(actor, "download-day", ("service_session", session_id), **facts)
    key = find_key(_storage_key(device))
    names = _names_of(person.kelurahan_code for person in people.values())
    return {
        "visits": [asdict(visit) for visit in visits],
        "people": [_person(person, appointed.get(who), names, key) for who, person in sorted(people.items())],
    }


def _storage_key(device: Device) -> bytes:
    return base64.b64decode(device.storage_key)


def _names_of(codes: Iterable[str]) -> dict[str, str]:
    return {area.code: area.name for area in map(registry.area, set(codes))}


def _person(person: "Candidate", expected: "Appointed | None", names: dict[str, str], key: bytes) -> dict[str, Any]:
    return {
        "id": person.candidate_id,
        "code": card_code(person.candidate_id),
        "name": person.name,
        "method": person.method_code,
        "kelurahan": names[person.kelurahan_code],
        "poor": person.is_poor,
        "expected_at": expected.expected_at.isoformat() if expected else None,
        "provider": expected.provider_id if expected else None,
        "find": [_fingerprint(key, number) for number in (person.nik, person.phone) if number],
    }


def _fingerprint(key: bytes, number: str) -> str:
    digits = number.removeprefix("+")
    return hmac.digest(key, digits.encode(), "sha256").hex()[:FINGERPRINT_DIGITS]


def _session(session: "ServiceSession") -> dict[str, Any]:
    return {
        "id": session.service_session_id,
        "facility": registry.facility(session.facility_id).name,
        "held_on": session.held_on.isoformat(),
        "opens_at": session.opens_at.isoformat("minutes"),
        "closes_at": session.closes_at.isoformat("minutes"),
        "closed": session.closed_at is not None,
    }


def _methods() -> list[dict[str, Any]]:
    return [
        {
            "code": method.code,
            "name": method.name,
            "kind": method.register_code,
            "spouse": method.needs_spouse_consent,
            "uses": [{"item": use.item_id, "quantity": use.quantity} for use in method.uses],
            "watched": list(WATCHED_MINUTES.get(Kind(method.register_code), NOT_WATCHED)),
            "next_days": NEXT_VISIT_DAYS[Kind(method.register_code)],
        }
        for method in registry.methods()
    ]


def _providers(session: "ServiceSession") -> list[dict[str, Any]]:
    """Return who works at the session before everybody else of the facility, each with what they may give."""
    at_work = registry.providers_by_ids(one.provider_id for one in session.providers)
    others = {row.provider_id: row for row in registry.providers([session.facility_id])}
    methods = registry.methods()
    return [
        {
            "id": provider_id,
            "name": row.name,
            "gives": [method.code for method in methods if is_trained(row, method, session.held_on)],
        }
        for provider_id, row in (at_work | others).items()
    ]


def _shelf(facility_id: int) -> list[dict[str, Any]]:
    """Return the lots of the shelf that may be used, first expired first."""
    rows = [row for row in stock.shelf(facility_id) if row.lot.expires_on >= clock.today()]
    items = registry.items_by_ids({row.lot.item_id for row in rows})
    return [
        {
            "item": row.lot.item_id,
            "name": items[row.lot.item_id].name,
            "unit": items[row.lot.item_id].unit,
            "id": row.lot.stock_lot_id,
            "lot": row.lot.number,
            "expires_on": row.lot.expires_on.isoformat(),
            "quantity": row.on_hand,
        }
        for row in rows
    ]


def _kelurahan(session: "ServiceSession") -> list[dict[str, str]]:
    district = events.campaign(session.campaign_id).district_code
    inside = [{"code": area.code, "name": area.name} for area in registry.kelurahan_of(district)]
    return sorted(inside, key=lambda area: area["name"])


def rule_as_data(rule: screening.Rule) -> dict[str, Any]:
    """Return a rule of screening as a device reads it."""
    return {
        "any_of": [{"field": one.field, "test": one.test.value, "value": one.value} for one in rule.any_of],
        "stops": sorted(rule.stops),
        "finding": rule.finding.value,
        "advice": rule.advice.value,
    }
