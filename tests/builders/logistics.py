"""Warehouses, lots and goods on hand; everything that a test does not name is valid by default."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.db import db
from campaign.documents import office
from campaign.logistics import services
from campaign.logistics.models import FundSource, Reservation, StockLot, StockPlace
from campaign.logistics.places import shelf_of
from campaign.logistics.services import IncomingLot, ItemOrder, OpeningBalance, PlannedDelivery, Receipt
from campaign.planning.models import PlanRun, PlanState
from tests.builders.events import make_campaign
from tests.builders.registry import DISTRICT, City, make_city

TODAY = date(2027, 6, 1)  # the frozen clock
GOOD = date(2029, 12, 31)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Depot:
    """A small city with one warehouse and a shelf at each facility."""

    city: City
    warehouse: StockPlace
    shelf: StockPlace  # of the puskesmas


def key() -> str:
    """Return an idempotency key that was not used before."""
    return f"key-{next(_numbers)}"


def make_warehouse(code: str = "GUDANG") -> StockPlace:
    """Add a warehouse."""
    return services.ensure_warehouse(SYSTEM, services.Warehouse(code, "Gudang contoh", DISTRICT, -6.89, 109.67))


def make_depot() -> Depot:
    """Add a small city, its warehouse and the shelves."""
    city = make_city()
    services.ensure_places(SYSTEM)
    return Depot(city, make_warehouse(), shelf_of(city.puskesmas.facility_id))


def incoming(item_id: int, quantity: int = 10, **changes: object) -> IncomingLot:
    """Return one valid line of a receipt."""
    values: dict[str, object] = {
        "item_id": item_id,
        "number": f"L{next(_numbers):04d}",
        "expires_on": GOOD,
        "production_year": 2026,
        "unit_price": 15_000,
        "fund_source": FundSource.APBN,
        "quantity": quantity,
    }
    return IncomingLot(**values | changes)  # type: ignore[arg-type]


def make_stock(place: StockPlace, item_id: int, quantity: int = 10, **changes: object) -> StockLot:
    """Put a new lot of an item at a place, as its opening balance; it may be expired."""
    line = incoming(item_id, quantity, **changes)
    opening = OpeningBalance(key(), place.stock_place_id, TODAY, (line,))
    return services.open_balance(SYSTEM, opening).lines[0].lot


def receipt(depot: Depot, *lines: IncomingLot, **changes: object) -> Receipt:
    """Return a valid delivery to the warehouse."""
    values: dict[str, object] = {
        "key": key(),
        "warehouse_id": depot.warehouse.stock_place_id,
        "occurred_on": TODAY,
        "lines": lines or (incoming(depot.city.iud.item_id),),
        "source": "Perwakilan BKKBN Provinsi, surat jalan 12",
    }
    return Receipt(**values | changes)  # type: ignore[arg-type]


def item_order(depot: Depot, quantity: int, **changes: object) -> ItemOrder:
    """Return a valid SPMB for IUD to the puskesmas."""
    values: dict[str, object] = {
        "key": key(),
        "warehouse_id": depot.warehouse.stock_place_id,
        "facility_id": depot.city.puskesmas.facility_id,
        "deliver_on": TODAY,
        "signed_on": TODAY,
        "items": ((depot.city.iud.item_id, quantity),),
        "reason": "Permintaan puskesmas",
    }
    return ItemOrder(**values | changes)  # type: ignore[arg-type]


def make_plan_run(campaign_id: int) -> PlanRun:
    """Add a solved plan of no content, for rows that have to point at one."""
    run = PlanRun(
        campaign_id=campaign_id,
        idempotency_key=key(),
        state=PlanState.SOLVED,
        seconds=1,
        workers=1,
        seed=1,
        requested_at=clock.now(),
        plan={},
    )
    db.session.add(run)
    db.session.flush()
    return run


def make_reservations(depot: Depot, lot: StockLot, quantity: int, on: date = date(2027, 6, 14)) -> list[Reservation]:
    """Reserve a lot for the puskesmas as the approved plan of a new campaign would."""
    campaign = make_campaign(depot.city)
    line = PlannedDelivery(
        depot.warehouse.stock_place_id, depot.city.puskesmas.facility_id, lot.stock_lot_id, on, quantity
    )
    run = make_plan_run(campaign.campaign_id)
    return services.reserve_for_plan(SYSTEM, run.plan_run_id, campaign.campaign_id, [line])


def on_hand(place: StockPlace, lot: StockLot) -> int:
    """Return what the ledger says that a place holds of a lot."""
    from campaign.logistics.posting import stock_at

    return sum(row.on_hand for row in stock_at(place.stock_place_id, [lot.stock_lot_id]))


def make_office() -> None:
    """Fill in a letterhead and signatories that nobody can take for real ones."""
    office.save_office(
        SYSTEM,
        office.Letterhead(
            "Pemerintah Kota Pekalongan",
            "Dinas Sosial, Pengendalian Penduduk dan Keluarga Berencana",
            "Jalan Contoh Nomor 1, Pekalongan 51100 · Telepon (0285) 000000 · dinsosp2kb.contoh.invalid",
            "Pekalongan",
            "P2KB",
        ),
    )
    head = office.Official("Kepala Dinas", "Contoh Kepala, S.Sos., M.Si.", "Pembina Tingkat I", "0" * 18, "Plt.")
    office.save_official(SYSTEM, office.SignatoryRole.HEAD, head)
    keeper = office.Official("Pengurus Barang/Bendahara Materiil", "Contoh Pengurus, A.Md.", "Pengatur", "0" * 17 + "1")
    office.save_official(SYSTEM, office.SignatoryRole.STOREKEEPER, keeper)
