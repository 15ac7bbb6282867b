"""Final tallies: what the head signed, in versions. The live tally goes on; a correction asks for the next one."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.attendance.queries import CampaignTally, tally
from campaign.db import Base, Instant, Key, db
from campaign.errors import Conflict
from campaign.events import queries as events
from campaign.transaction import hold


class TallyNotReady(Conflict):
    """A facility has not closed its day, or rows wait to be counted."""

    code = "tally-not-ready"


class TallyUnchanged(Conflict):
    """The last signed version says the same."""

    code = "tally-unchanged"


class FinalTally(Base):
    """The tally of a campaign as the head signed it. Append-only: the newest version holds, earlier ones stay."""

    __tablename__ = "final_tally"
    __table_args__ = (UniqueConstraint("campaign_id", "version"), CheckConstraint("version >= 1", name="from_one"))

    final_tally_id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.campaign_id"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    cells: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    counted_at: Mapped[Instant]
    signed_at: Mapped[Instant]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.account_id"))


def finals(campaign_id: int) -> list[FinalTally]:
    """Return the signed versions, newest first."""
    query = select(FinalTally).where(FinalTally.campaign_id == campaign_id).order_by(FinalTally.version.desc())
    return list(db.session.scalars(query))


def has_changed(campaign_id: int) -> bool:
    """Tell whether the live tally says something else than the newest signed version."""
    newest = finals(campaign_id)[:1]
    return bool(newest) and newest[0].sha256 != _digest(_cells(tally(campaign_id)))


def sign_tally(actor: Actor, campaign_id: int) -> FinalTally:
    """Sign the tally as it stands: the next version, refused while the day is open or nothing changed."""
    campaign = events.campaign(campaign_id)
    require(actor, Permission.SIGN_RESULTS, Place(area_code=campaign.district_code))
    hold(f"final-tally:{campaign_id}")
    found = tally(campaign_id)
    as_of: datetime | None = found.as_of
    if found.is_provisional or as_of is None:
        raise TallyNotReady(campaign_id=campaign_id)
    cells = _cells(found)
    digest = _digest(cells)
    last = db.session.scalar(select(func.max(FinalTally.version)).where(FinalTally.campaign_id == campaign_id)) or 0
    if last and finals(campaign_id)[0].sha256 == digest:
        raise TallyUnchanged(campaign_id=campaign_id)
    row = FinalTally(
        campaign_id=campaign_id,
        version=last + 1,
        sha256=digest,
        cells=cells,
        counted_at=as_of,
        signed_at=clock.now(),
        signed_by_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "sign-tally", ("campaign", campaign_id), version=row.version)
    return row


def _cells(found: CampaignTally) -> list[dict[str, Any]]:
    return [cell._asdict() | asdict(counts) for cell, counts in sorted(found.cells.items())]


def _digest(cells: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()
