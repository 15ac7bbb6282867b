"""Cards about goods: what to order, what to issue, what expires."""

from datetime import timedelta

from flask_babel import gettext

from campaign import clock, i18n
from campaign.accounts.policy import Actor, Permission, reach
from campaign.logistics import document_queries as documents
from campaign.logistics import queries as stock
from campaign.registry import queries as registry
from campaign.web import guard
from campaign.web.cards.card import Card, Task

EXPIRES_WITHIN = timedelta(days=90)


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


def lots_expiring(actor: Actor) -> Card:
    """Lots in a warehouse that expire soon, or have already."""
    until = clock.today() + EXPIRES_WITHIN
    names = {item.item_id: item.name for item in registry.items()}
    soon = sorted(
        (row for row in stock.stock_on_hand(reach(actor, Permission.MOVE_STOCK)) if row.lot.expires_on <= until),
        key=lambda row: (row.lot.expires_on, row.lot.stock_lot_id),
    )
    tasks = tuple(
        Task(
            names[row.lot.item_id],
            gettext(
                "lot %(lot)s · %(count)s · %(place)s",
                lot=row.lot.number,
                count=i18n.number(row.on_hand),
                place=row.place.name,
            ),
            guard.address("stock.card", place_id=row.place.stock_place_id, item_id=row.lot.item_id),
            "bad" if row.lot.expires_on < clock.today() else "warn",
            i18n.short_day(row.lot.expires_on),
        )
        for row in soon
    )
    empty = gettext("Tidak ada lot yang kedaluwarsa dalam 90 hari.")
    return Card(gettext("Segera kedaluwarsa"), "hourglass-split", len(soon), tasks, empty, guard.address("stock.page"))
