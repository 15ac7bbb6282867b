"""What the ledger holds, in the words of the problem document: items and lots by the names that people know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.logistics import queries as logistics
from campaign.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse that serves the city, with what a plan may take."""

    stock_place_id: int
    code: str
    name: str
    lat: float
    lon: float
    lots: tuple[logistics.PlanningLot, ...]
    keep: Mapping[int, int]  # by item


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock that a campaign can count on, and the rows behind its names."""

    warehouses: tuple[Warehouse, ...]
    shelves: Mapping[int, tuple[logistics.PlanningLot, ...]]  # by facility
    item_codes: Mapping[int, str]

    def lots(self, rows: Iterable[logistics.PlanningLot]) -> list[dict[str, Any]]:
        """Return lots as the document lists them."""
        documents = (
            {
                "item": self.item_codes[row.item_id],
                "lot": row.number,
                "expiry": row.expires_on.isoformat(),
                "quantity": int(row.quantity),  # sums of bigint come back as Decimal
            }
            for row in rows
        )
        return sorted(documents, key=lambda lot: (lot["item"], lot["expiry"], lot["lot"]))

    def keep(self, row: Warehouse) -> dict[str, int]:
        """Return what must stay at a warehouse, by item code."""
        return dict(sorted((self.item_codes[item_id], quantity) for item_id, quantity in row.keep.items()))

    def warehouse_id(self, code: str) -> int:
        """Return the row of the warehouse that the document calls `code`."""
        return next(row.stock_place_id for row in self.warehouses if row.code == code)

    def lot_id(self, warehouse: str, item: str, lot: str) -> int:
        """Return the row of a lot that a warehouse ships."""
        rows = next(row.lots for row in self.warehouses if row.code == warehouse)
        return next(row.stock_lot_id for row in rows if (self.item_codes[row.item_id], row.number) == (item, lot))


def read(facility_ids: Sequence[int], district_code: str) -> Stock:
    """Read what the warehouses of a city and the shelves of its facilities can give."""
    found = sorted(logistics.warehouses_for_planning(), key=lambda row: row.place.code)
    return Stock(
        warehouses=tuple(_warehouse(row) for row in found if row.place.area_code == district_code),
        shelves=logistics.shelves_for_planning(facility_ids),
        item_codes={item.item_id: item.code for item in registry.items()},
    )


def _warehouse(row: logistics.WarehouseStock) -> Warehouse:
    place = row.place
    assert place.lat is not None  # a CHECK: a warehouse has a point
    assert place.lon is not None
    return Warehouse(place.stock_place_id, place.code, place.name, place.lat, place.lon, row.lots, row.keep)
