"""Print the papers of a service day for its own facility.

They carry NIK and birth dates, so they are rendered while they are sent and never stored: the trace is in the audit.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from campaign import audit, clock, i18n
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.pack.clients import clients_of
from campaign.attendance.pack.sheets import (
    MILLIMETRES,
    Client,
    PackPart,
    PackSheet,
    PaperSize,
    ProviderDay,
    ShelfLine,
    Turn,
)
from campaign.attendance.papers import attendance_sheet
from campaign.attendance.services import open_desk
from campaign.documents import pdf
from campaign.documents.contexts import foot, long_date, place_and_date
from campaign.documents.office import office
from campaign.documents.papers import Printing
from campaign.events import queries as events
from campaign.logistics import queries as stock
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

NO_PROVIDER = "Belum ditentukan"


@dataclass(frozen=True, slots=True)
class PackRequest:
    """Which papers of which session, and on what."""

    service_session_id: int
    parts: tuple[PackPart, ...]
    size: PaperSize
    base_url: str  # of the site, for the foot


def print_pack(actor: Actor, request: PackRequest) -> Printing:
    """Read what these papers show as it stands now; what is returned renders them after the transaction."""
    session = open_desk(actor, request.service_session_id, Permission.RECORD_ATTENDANCE)
    at = clock.now()
    with i18n.with_locale("id"):
        sheet = pack_sheet(session, request)
    facts = {"parts": [part.value for part in request.parts], "people": sum(bool(one.code) for one in sheet.clients)}
    audit.record(actor, "print-day-pack", ("service_session", request.service_session_id), **facts)
    return partial(pdf.render, "day_pack.typ", sheet, at)


def pack_sheet(session: "ServiceSession", request: PackRequest) -> PackSheet:
    """Return what the papers of a session show."""
    facility, head = registry.facility(session.facility_id), office()
    clients = clients_of(session)
    expected = [one for one in clients if one.code]
    mark = foot(clock.now(), 1, f"{request.base_url}/attendance/{session.service_session_id}")
    width, height = MILLIMETRES[request.size]
    return PackSheet(
        letterhead=head,
        foot=mark,
        width_mm=width,
        height_mm=height,
        parts=tuple(part.value for part in PackPart if part in request.parts),
        campaign=events.campaign(session.campaign_id).name,
        facility=facility.name,
        facility_code=facility.code,
        facility_address=facility.address,
        town=head.town,
        day=i18n.day(session.held_on),
        hours=f"{i18n.hour(session.opens_at)}–{i18n.hour(session.closes_at)}",
        place_date=place_and_date(head, session.held_on),
        attendance=attendance_sheet(session.service_session_id, mark),
        clients=clients,
        schedule=_schedule(expected),
        wanted=tuple((name, i18n.number(count)) for name, count in Counter(one.method for one in expected).items()),
        shelf=_shelf(session.facility_id),
    )


def _schedule(expected: list[Client]) -> tuple[ProviderDay, ...]:
    """Return the day of each provider by time; clients come by time already."""
    by_provider = sorted(expected, key=lambda one: (not one.provider, one.provider))
    return tuple(
        ProviderDay(name or NO_PROVIDER, tuple(Turn(one.hour, one.code, one.method) for one in turns))
        for name, turns in groupby(by_provider, key=lambda one: one.provider)
    )


def _shelf(facility_id: int) -> tuple[ShelfLine, ...]:
    rows = stock.shelf(facility_id)
    items = registry.items_by_ids({row.lot.item_id for row in rows})
    return tuple(
        ShelfLine(
            items[row.lot.item_id].name,
            items[row.lot.item_id].unit,
            row.lot.number,
            long_date(row.lot.expires_on) + (" – KEDALUWARSA" if row.lot.expires_on < clock.today() else ""),
            i18n.number(row.on_hand),
        )
        for row in rows
    )
