"""The office's own levels and reckoning; where it has set nothing the application's defaults hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from campaign import audit
from campaign.accounts.policy import Actor, Permission, may, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.logistics.levels import DEFAULT_NORMS, Norm, StockLevel
from campaign.logistics.supply_models import StockNorm, SupplySetting

LONGEST = Decimal(60)  # months


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How the office reckons with stock."""

    consumption_months: int = 3
    expiring_months: int = 6
    procurement_days: int = 45
    buffer_percent: int = 10
    receipt_days: int = 3


LIMITS = {
    "consumption_months": (1, 24),
    "expiring_months": (1, 36),
    "procurement_days": (0, 730),
    "buffer_percent": (0, 100),
    "receipt_days": (0, 90),
}


@dataclass(frozen=True, slots=True)
class Norms:
    """The level of every item at every kind of place."""

    own: Mapping[tuple[StockLevel, int | None], Norm]

    def of(self, level: StockLevel, item_id: int) -> Norm:
        """Return the item's own level, or that of all items, or the application's."""
        return self.own.get((level, item_id)) or self.of_all(level)

    def of_all(self, level: StockLevel) -> Norm:
        """Return the level of items that have none of their own."""
        return self.own.get((level, None)) or DEFAULT_NORMS[level]


def norms() -> Norms:
    """Return the levels."""
    rows = db.session.scalars(select(StockNorm))
    return Norms({(row.level, row.item_id): Norm(row.min_months, row.max_months) for row in rows})


def reckoning() -> Reckoning:
    """Return how the office reckons."""
    row = db.session.get(SupplySetting, 1)
    return Reckoning(**{name: getattr(row, name) for name in LIMITS}) if row else Reckoning()


def set_norm(actor: Actor, level: StockLevel, item_id: int | None, norm: Norm) -> None:
    """Set between how many months a level holds an item; without an item: all that have no level of their own."""
    require_setter(actor)
    if mistakes := norm_mistakes(norm):
        raise Invalid(mistakes)
    values = {"min_months": norm.min_months, "max_months": norm.max_months}
    db.session.execute(
        insert(StockNorm)
        .values(level=level, item_id=item_id, **values)
        .on_conflict_do_update(constraint="uq_stock_norm_level_item_id", set_=values)
    )
    audit.record(actor, "set-stock-norm", ("stock_norm", f"{level.value}/{item_id or '*'}"))


def forget_norm(actor: Actor, level: StockLevel, item_id: int | None) -> None:
    """Go back to the level of all items, or to the application's."""
    require_setter(actor)
    mine = StockNorm.item_id.is_(None) if item_id is None else StockNorm.item_id == item_id
    db.session.execute(delete(StockNorm).where(StockNorm.level == level, mine))
    audit.record(actor, "forget-stock-norm", ("stock_norm", f"{level.value}/{item_id or '*'}"))


def save_reckoning(actor: Actor, wanted: Reckoning) -> None:
    """Set how the office reckons."""
    require_setter(actor)
    mistakes = tuple(
        Mistake(name, "out-of-range", {"least": least, "most": most})
        for name, (least, most) in LIMITS.items()
        if not least <= getattr(wanted, name) <= most
    )
    if mistakes:
        raise Invalid(mistakes)
    values = asdict(wanted)
    db.session.execute(
        insert(SupplySetting)
        .values(supply_setting_id=1, **values)
        .on_conflict_do_update(index_elements=["supply_setting_id"], set_=values)
    )
    audit.record(actor, "save-supply-settings", ("supply_setting", 1))


def norm_mistakes(norm: Norm) -> tuple[Mistake, ...]:
    """Return what is wrong with a level."""
    found = []
    if not 0 <= norm.min_months <= LONGEST:
        found.append(Mistake("min_months", "months-out-of-range"))
    if not 0 < norm.max_months <= LONGEST:
        found.append(Mistake("max_months", "months-out-of-range"))
    elif norm.min_months >= norm.max_months:
        found.append(Mistake("max_months", "max-below-min"))
    return tuple(found)


def require_setter(actor: Actor) -> None:
    """Whoever keeps the registry sets the levels, and so does whoever answers for a warehouse."""
    if not may(actor, Permission.EDIT_REGISTRY):
        require(actor, Permission.MOVE_STOCK)
