"""Cards about what travels and what is asked for: shipments to confirm, differences to settle, requests to answer."""

from flask_babel import gettext

from campaign import clock, i18n
from campaign.accounts import policy
from campaign.accounts.policy import Actor, Permission, reach
from campaign.logistics import document_queries as documents
from campaign.logistics import requesting
from campaign.logistics.differences import differences
from campaign.logistics.transit import Transit, underway
from campaign.registry import queries as registry
from campaign.web import guard
from campaign.web.cards.card import Card, Task


def shipments_to_confirm(actor: Actor) -> Card:
    """What is on the way to the facilities of whoever asks."""
    coming = {row.shipment_id: row.sent_on for row in underway(Transit())}
    mine = [
        (movement, coming[shipment_id])
        for shipment_id in coming
        if (movement := documents.document(shipment_id)).to_place.facility_id
        and policy.may(actor, Permission.USE_STOCK, registry.place_of(movement.to_place.facility_id))
    ]
    tasks = tuple(
        Task(
            movement.document.number or "–",
            gettext("untuk %(place)s, dikirim %(day)s", place=movement.to_place.name, day=i18n.short_day(sent_on)),
            guard.address("arrivals.arrive", shipment_id=movement.document.stock_document_id),
            *(("warn", gettext("belum diterima")) if sent_on < clock.today() else ("", "")),
        )
        for movement, sent_on in mine
    )
    empty = gettext("Tidak ada barang di jalan.")
    return Card(gettext("Kiriman untuk diterima"), "truck", len(mine), tasks, empty, guard.address("arrivals.page"))


def differences_to_settle(actor: Actor) -> Card:
    """What facilities did not receive, and nobody has said where it went."""
    found = differences(reach(actor, Permission.MOVE_STOCK))
    tasks = tuple(
        Task(
            row.facility.name,
            gettext("lot %(lot)s · %(count)s", lot=row.lot.number, count=i18n.number(row.open_quantity)),
            guard.address("arrivals.unsettled"),
            "warn",
            i18n.short_day(row.arrival.occurred_on),
        )
        for row in found
    )
    empty = gettext("Tidak ada selisih kiriman.")
    return Card(
        gettext("Selisih kiriman"), "question-diamond", len(found), tasks, empty, guard.address("arrivals.unsettled")
    )


def requests_to_answer(actor: Actor) -> Card:
    """SPB of facilities that nobody has answered."""
    rows = [row for row in requesting.requests(reach(actor, Permission.ORDER_STOCK)) if not requesting.is_answered(row)]
    tasks = tuple(
        Task(
            registry.facility(row.facility_id).name,
            gettext("%(number)s · perlu %(day)s", number=row.number, day=i18n.short_day(row.needed_on)),
            guard.address("requests.order", request_id=row.stock_request_id),
            *(("bad", gettext("terlambat")) if row.needed_on < clock.today() else ("", "")),
        )
        for row in rows
    )
    return Card(
        gettext("SPB untuk dijawab"),
        "envelope-paper",
        len(rows),
        tasks,
        gettext("Semua SPB sudah dijawab."),
        guard.address("requests.page"),
    )
