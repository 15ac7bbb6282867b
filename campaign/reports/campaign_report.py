"""Laporan Hasil Pelayanan: what a campaign aimed at, whom it served, and where its goods went."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from campaign import audit, clock
from campaign.accounts.policy import Actor, Permission, reach, require
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.documents.papers import PaperFormat, PaperKind, PaperRequest, ask_paper
from campaign.errors import Conflict, NotAllowed
from campaign.events import queries as events
from campaign.logistics.campaign_stock import campaign_stock
from campaign.registry import queries as registry
from campaign.reports.results import (
    FacilityRow,
    ResultRow,
    SessionFact,
    StockRow,
    by_facility,
    by_kecamatan_and_method,
    sum_of,
    sum_of_facilities,
)

if TYPE_CHECKING:
    from campaign.documents.models import Paper


class NothingToReport(Conflict):
    """The campaign has no session yet."""

    code = "nothing-to-report"


@dataclass(frozen=True, slots=True)
class Names:
    """What codes and ids are called on paper; methods and kecamatan in the order of the lists."""

    kecamatan: dict[str, str]
    methods: dict[str, str]
    facilities: dict[int, str]
    items: dict[int, tuple[str, str]]  # name, unit


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """The whole report; every sum in it is computed from the rows it stands under."""

    campaign_id: int
    name: str
    district: str
    dates: tuple[date, ...]
    as_of: datetime
    is_provisional: bool  # some session has not closed its day
    results: list[ResultRow]
    facilities: list[FacilityRow]
    stock: list[StockRow]
    names: Names

    @property
    def total(self) -> ResultRow:
        """Return the sum of all results."""
        return sum_of(self.results)

    @property
    def facility_total(self) -> FacilityRow:
        """Return the sum over the facilities: the same people, seen from where they were served."""
        return sum_of_facilities(self.facilities)

    @property
    def is_settled(self) -> bool:
        """Tell whether used = issued - returned for every item."""
        return all(row.is_settled for row in self.stock)


def read_report(actor: Actor, campaign_id: int) -> CampaignReport:
    """Return the report to somebody who may see the campaign's counts."""
    require_visible(actor, campaign_id)
    return build_report(campaign_id)


def require_visible(actor: Actor, campaign_id: int) -> None:
    """Raise NotAllowed unless the campaign touches a place where the actor may see counts."""
    visible = events.campaigns(reach(actor, Permission.SEE_CAMPAIGNS))
    if campaign_id not in {row.campaign_id for row in visible}:
        raise NotAllowed(permission=Permission.SEE_CAMPAIGNS.value)


def ask_report(actor: Actor, campaign_id: int) -> "list[Paper]":
    """Ask for the report as PDF and XLSX; while its figures are the same, they are the same papers."""
    require_visible(actor, campaign_id)
    require(actor, Permission.SEE_DOCUMENTS)
    report = build_report(campaign_id)
    if not report.facilities:
        raise NothingToReport(campaign_id=campaign_id)
    asked = [
        ask_paper(
            PaperRequest(
                kind=PaperKind.CAMPAIGN_REPORT,
                format=of_format,
                subject_id=campaign_id,
                title=f"Laporan Hasil Pelayanan: {report.name}"[:160],
                campaign_id=campaign_id,
                basis=_digest(report),
            )
        )
        for of_format in (PaperFormat.PDF, PaperFormat.XLSX)
    ]
    audit.record(actor, "ask-report", ("campaign", campaign_id), paper_ids=[paper.paper_id for paper in asked])
    return asked


def _digest(report: CampaignReport) -> str:
    """Return the same text for the same figures, whenever they are read."""
    figures = replace(report, as_of=datetime.min.replace(tzinfo=UTC))
    return hashlib.sha256(json.dumps(asdict(figures), default=str, sort_keys=True).encode()).hexdigest()


def build_report(campaign_id: int) -> CampaignReport:
    """Return the report as of now, counted from the rows and not from stored tallies."""
    campaign = events.campaign(campaign_id)
    sessions = [
        SessionFact(row.service_session_id, row.facility_id, row.closed_at is not None)
        for row in events.sessions_of(campaign_id)
    ]
    cells = recount(rows_of(campaign_id))
    results = by_kecamatan_and_method(cells, events.targets(campaign_id))
    stock = stock_rows(campaign_id)
    return CampaignReport(
        campaign_id=campaign_id,
        name=campaign.name,
        district=registry.area(campaign.district_code).name,
        dates=tuple(row.held_on for row in campaign.dates),
        as_of=clock.now(),
        is_provisional=not sessions or not all(session.is_closed for session in sessions),
        results=results,
        facilities=by_facility(cells, sessions),
        stock=stock,
        names=_names(campaign.district_code, {row.kecamatan_code for row in results}, sessions, stock),
    )


def stock_rows(campaign_id: int) -> list[StockRow]:
    """Return what was issued, used and returned per item over all facilities, alokon first."""
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in campaign_stock(campaign_id):
        for index, quantity in enumerate((row.issued, row.used, row.used_own, row.returned)):
            sums[row.item_id][index] += quantity
    order = {item.item_id: place for place, item in enumerate(registry.items())}
    return [StockRow(item_id, *sums[item_id]) for item_id in sorted(sums, key=order.__getitem__)]


def _names(district_code: str, seen: set[str], sessions: list[SessionFact], stock: list[StockRow]) -> Names:
    home = {area.code: area.name for area in registry.kecamatan_of(district_code)}
    elsewhere = {code: registry.area(code).name for code in sorted(seen - home.keys())}
    items = registry.items_by_ids(row.item_id for row in stock)
    return Names(
        kecamatan=home | elsewhere,
        methods={method.code: method.name for method in registry.methods()},
        facilities={row.facility_id: row.name for row in registry.facilities({s.facility_id for s in sessions})},
        items={item_id: (item.name, item.unit) for item_id, item in items.items()},
    )
