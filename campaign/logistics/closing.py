"""May a campaign be closed: per facility and lot everything that came is accounted for, and counted.

For each lot that a campaign brought to a facility, over all of that facility's compartments,

    opening + received - used - damaged - returned = counted

opening is what it held of the lot before the campaign's first movement there; used, damaged (written off or lost) and
returned are what left since; counted is the last posted count after the campaign's last movement. What a count found
beyond the books was explained before it was posted, and stands in a column of its own.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import text

from campaign.db import db
from campaign.errors import Conflict
from campaign.logistics.campaign_stock import leftovers


class Unsettled(StrEnum):
    """What keeps a lot of a campaign open at a facility."""

    IN_TRANSIT = "in-transit"  # sent, and neither confirmed nor settled
    NOT_RETURNED = "not-returned"
    NOT_COUNTED = "not-counted"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class LotAccount:
    """One lot of a campaign at one facility, in the item's unit."""

    facility_id: int
    item_id: int
    stock_lot_id: int
    lot_number: str
    opening: int
    received: int
    used: int
    damaged: int
    returned: int
    other: int  # transfers and corrections of other kinds
    in_transit: int
    adjusted: int  # by the last count, explained
    counted: int | None
    not_returned: int

    @property
    def expected(self) -> int:
        """Return what the facility must hold."""
        return self.opening + self.received + self.other - self.used - self.damaged - self.returned

    @property
    def difference(self) -> int:
        """Return what the count found beyond what the facility must hold, and nobody has explained."""
        return 0 if self.counted is None else self.counted - self.expected - self.adjusted

    @property
    def unsettled(self) -> Unsettled | None:
        """Return what is still to be done about this lot."""
        if self.in_transit:
            return Unsettled.IN_TRANSIT
        if self.not_returned:
            return Unsettled.NOT_RETURNED
        if self.counted is None:
            return Unsettled.NOT_COUNTED
        return Unsettled.DIFFERS if self.difference else None


class CampaignNotSettled(Conflict):
    """Goods of the campaign are not accounted for; `accounts` lists every lot, the facts the first."""

    code = "campaign-not-settled"

    def __init__(self, accounts: tuple[LotAccount, ...]) -> None:
        self.accounts = accounts
        first = accounts[0]
        super().__init__(
            lots=len(accounts),
            facility_id=first.facility_id,
            lot=first.lot_number,
            difference=first.difference or first.in_transit or first.not_returned,
        )


# Movements within a facility (a release, goods found damaged) take from one compartment and give to another: 0 in sum.
_ACCOUNTS = text("""
WITH side AS (
    SELECT coalesce(p.of_place_id, p.stock_place_id) AS shelf, p.kind = 'transit' AS is_transit, e.stock_lot_id AS lot,
           e.stock_entry_id AS entry, e.quantity, coalesce(u.kind, d.kind) AS kind, d.campaign_id, e.recorded_at
      FROM stock_entry e
      JOIN stock_place p ON p.stock_place_id = e.stock_place_id AND p.is_real
      JOIN stock_document d ON d.stock_document_id = e.stock_document_id
      LEFT JOIN stock_document u ON u.stock_document_id = d.reverses_id
     WHERE e.stock_lot_id IN (SELECT l.stock_lot_id FROM stock_document_line l JOIN stock_document
                                       USING (stock_document_id)
                               WHERE campaign_id = :campaign)
), span AS (
    SELECT shelf, lot, min(entry) AS first, max(entry) AS last, max(recorded_at) AS moved_at
      FROM side WHERE campaign_id = :campaign GROUP BY shelf, lot
), counted AS (
    SELECT s.shelf, s.lot, c.stock_count_id, sum(t.counted) AS counted, sum(t.counted - t.expected) AS adjusted
      FROM span s
      JOIN LATERAL (SELECT stock_count_id FROM stock_count WHERE stock_place_id = s.shelf
                       AND posted_at >= s.moved_at ORDER BY posted_at DESC LIMIT 1) c ON true
      JOIN LATERAL (SELECT DISTINCT ON (stock_place_id) counted, expected, recorded_at FROM stock_count_tally
                     WHERE stock_count_id = c.stock_count_id AND stock_lot_id = s.lot AND recorded_at >= s.moved_at
                     ORDER BY stock_place_id, is_recount DESC, stock_count_tally_id DESC) t ON true
     GROUP BY s.shelf, s.lot, c.stock_count_id
)
SELECT p.facility_id, l.item_id, s.lot AS stock_lot_id, l.number AS lot_number,
       sum(CASE WHEN m.entry < s.first THEN m.quantity ELSE 0 END)::bigint AS opening,
       sum(CASE WHEN m.entry >= s.first AND m.kind IN ('issue', 'receipt', 'opening')
                THEN m.quantity ELSE 0 END)::bigint AS received,
       sum(CASE WHEN m.entry >= s.first AND m.kind = 'use' THEN -m.quantity ELSE 0 END)::bigint AS used,
       sum(CASE WHEN m.entry >= s.first AND m.kind = 'write_off' THEN -m.quantity ELSE 0 END)::bigint AS damaged,
       sum(CASE WHEN m.entry >= s.first AND m.kind = 'return' THEN -m.quantity ELSE 0 END)::bigint AS returned,
       sum(CASE WHEN m.entry >= s.first AND m.kind = 'transfer' THEN m.quantity ELSE 0 END)::bigint AS other,
       sum(CASE WHEN m.is_transit THEN m.quantity ELSE 0 END)::bigint AS in_transit,
       sum(CASE WHEN m.entry >= s.first AND m.kind = 'count' THEN m.quantity ELSE 0 END)::bigint AS adjusted,
       c.counted::bigint AS counted
  FROM span s
  JOIN stock_place p ON p.stock_place_id = s.shelf AND p.kind = 'facility'
  JOIN stock_lot l ON l.stock_lot_id = s.lot
  JOIN side m ON m.shelf = s.shelf AND m.lot = s.lot
  LEFT JOIN counted c ON c.shelf = s.shelf AND c.lot = s.lot
 GROUP BY p.facility_id, l.item_id, s.lot, l.number, c.counted
 ORDER BY p.facility_id, l.item_id, s.lot
""")


def settlement(campaign_id: int) -> list[LotAccount]:
    """Return the account of every lot that a campaign brought to a facility."""
    back = {(row.facility_id, row.stock_lot_id): row.quantity for row in leftovers(campaign_id)}
    rows = db.session.execute(_ACCOUNTS, {"campaign": campaign_id}).mappings()
    return [LotAccount(**row, not_returned=back.get((row["facility_id"], row["stock_lot_id"]), 0)) for row in rows]


def require_settled(campaign_id: int) -> None:
    """Raise CampaignNotSettled with every lot that is not accounted for."""
    left = tuple(account for account in settlement(campaign_id) if account.unsettled is not None)
    if left:
        raise CampaignNotSettled(left)
