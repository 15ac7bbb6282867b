"""Rebuild every balance from the entries and compare it with the stored one."""

from sqlalchemy import text

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, require
from campaign.db import db
from campaign.logistics.models import StockVerification

# One statement, one snapshot: movements that commit meanwhile are in both sides or in neither.
_COMPARE = text("""
WITH counted AS (
    SELECT stock_place_id, stock_lot_id, sum(quantity)::bigint AS quantity, count(*) AS entries
      FROM stock_entry GROUP BY stock_place_id, stock_lot_id
)
SELECT coalesce(b.stock_place_id, c.stock_place_id) AS stock_place_id,
       coalesce(b.stock_lot_id, c.stock_lot_id) AS stock_lot_id,
       coalesce(b.quantity, 0) AS stored, coalesce(c.quantity, 0) AS counted,
       coalesce(c.entries, 0) AS entries, b.quantity IS NOT NULL AS is_stored
  FROM stock_balance b FULL JOIN counted c USING (stock_place_id, stock_lot_id)
""")


def verify_stock(actor: Actor) -> StockVerification:
    """Compare all balances with their entries and record the result; `differences` is empty when all agree."""
    require(actor, Permission.SEE_STOCK)
    rows = db.session.execute(_COMPARE).mappings().all()
    found = StockVerification(
        verified_at=clock.now(),
        entries=sum(row["entries"] for row in rows),
        balances=sum(1 for row in rows if row["is_stored"]),
        differences=[
            {name: row[name] for name in ("stock_place_id", "stock_lot_id", "stored", "counted")}
            for row in rows
            if row["stored"] != row["counted"]
        ],
    )
    db.session.add(found)
    db.session.flush()
    audit.record(
        actor,
        "verify-stock",
        ("stock_verification", found.stock_verification_id),
        differences=len(found.differences),
    )
    return found
