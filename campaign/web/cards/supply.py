"""Cards about goods: what to order, what to issue, what expires."""

from flask_babel import gettext

from campaign import clock, i18n
from campaign.accounts.policy import Actor, Permission, reach
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.logistics import alerts as watch
from campaign.logistics import document_queries as documents
from campaign.logistics.alerts import Alert, AlertKind
from campaign.logistics.standing import items_standing
from campaign.logistics.supplied import supply_of
from campaign.registry import queries as registry
from campaign.web import guard
from campaign.web.cards.card import Card, Task


def deliveries_to_order(actor: Actor) -> Card:
    """What a plan reserved and no SPMB orders yet."""
    waiting = documents.deliveries_to_order()
    names = {row.facility_id: row.name for row in registry.facilities()}
    tasks = tuple(
        Task(
            names.get(row.facility_place.facility_id or 0, row.facility_place.name),
            gettext("kirim paling lambat %(day)s", day=i18n.short_day(row.deliver_on)),
            guard.address(
                "stock.order",
                campaign_id=row.campaign_id,
                warehouse_id=row.warehouse.stock_place_id,
                facility_id=row.facility_place.facility_id,
                day=row.deliver_on.isoformat(),
            ),
        )
        for row in waiting
    )
    empty = gettext("Semua kiriman sudah punya SPMB.")
    return Card(
        gettext("SPMB untuk ditandatangani"),
        "file-earmark-text",
        len(waiting),
        tasks,
        empty,
        guard.address("stock.to_order"),
    )


def orders_to_issue(actor: Actor) -> Card:
    """Signed SPMB whose goods are still in the warehouse."""
    waiting = documents.orders_to_issue(reach(actor, Permission.MOVE_STOCK))
    tasks = tuple(
        Task(
            movement.to_place.name,
            gettext("SPMB %(number)s · kirim %(day)s", number=movement.document.number or "–", day=i18n.short_day(due)),
            guard.address("stock.document", stock_document_id=movement.document.stock_document_id),
            *(("bad", gettext("terlambat")) if due < clock.today() else ("", "")),
        )
        for movement, due in waiting
    )
    return Card(
        gettext("SBBK untuk dikeluarkan"),
        "box-arrow-up",
        len(waiting),
        tasks,
        gettext("Tidak ada SPMB."),
        guard.address("stock.waiting"),
    )


def campaign_needs(actor: Actor) -> Card:
    """Campaigns whose plan was approved and whose goods have not all left the warehouse."""
    seen = events.campaigns(reach(actor, Permission.SEE_CAMPAIGNS))
    open_ones = [(row, supply_of(row.campaign_id)) for row in seen if row.state is CampaignState.APPROVED]
    tasks = tuple(
        Task(
            row.name,
            gettext("%(issued)s dari %(planned)s kiriman sudah keluar", issued=found.issued, planned=found.planned),
            guard.address("stock.need", campaign_id=row.campaign_id),
        )
        for row, found in open_ones
        if found.issued < found.planned
    )
    empty = gettext("Tidak ada kampanye yang menunggu barang.")
    address = guard.address("stock.needs")
    return Card(gettext("Kebutuhan kampanye"), "clipboard-check", len(tasks), tasks, empty, address)


def lots_expiring(actor: Actor) -> Card:
    """Lots that expire within the months that the office set, or have already."""
    found = watch.expiring(reach(actor, Permission.SEE_STOCK))
    names = {item.item_id: item.name for item in registry.items()}
    tasks = tuple(
        Task(
            names[row.item_id],
            gettext(
                "lot %(lot)s · %(count)s · %(place)s",
                lot=row.lot.number if row.lot else "–",
                count=i18n.number(row.quantity),
                place=row.place.name,
            ),
            _card_of(row),
            "bad" if row.kind is AlertKind.EXPIRED else "warn",
            i18n.short_day(row.on) if row.on else "",
        )
        for row in found
    )
    empty = gettext("Tidak ada lot yang segera kedaluwarsa.")
    address = guard.address("stock.expiring")
    return Card(gettext("Segera kedaluwarsa"), "hourglass-split", len(found), tasks, empty, address)


def items_low(actor: Actor) -> Card:
    """Items of which a place has too little for its routine services."""
    found = watch.low(items_standing(reach(actor, Permission.SEE_STOCK)))
    names = {item.item_id: item.name for item in registry.items()}
    tasks = tuple(
        Task(
            names[row.item_id],
            row.place.name,
            _card_of(row),
            "bad" if row.kind is AlertKind.EMPTY else "warn",
            i18n.word(row.kind),
        )
        for row in found
    )
    empty = gettext("Tidak ada barang yang kurang.")
    return Card(
        gettext("Persediaan kurang"), "graph-down-arrow", len(found), tasks, empty, guard.address("stock.levels")
    )


def shipments_late(actor: Actor) -> Card:
    """Shipments that a facility should have confirmed by now."""
    found = watch.not_received(reach(actor, Permission.SEE_STOCK))
    first = {row.document_id: row for row in reversed(found)}  # one line a shipment
    tasks = tuple(
        Task(
            row.place.name,
            gettext("dikirim %(on)s", on=i18n.short_day(row.on) if row.on else "–"),
            guard.address("stock.document", stock_document_id=row.document_id),
            "warn",
            gettext("belum dikonfirmasi"),
        )
        for row in reversed(first.values())
    )
    empty = gettext("Semua kiriman sudah dikonfirmasi faskes.")
    address = guard.address("stock.alerts", _anchor=AlertKind.NOT_RECEIVED.value)
    return Card(gettext("Kiriman belum dikonfirmasi"), "truck", len(first), tasks, empty, address)


def _card_of(row: Alert) -> str | None:
    return guard.address("stock.card", place_id=row.place.stock_place_id, item_id=row.item_id)
