"""The campaign report as its PDF shows it: strings as printed, in Indonesian."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaign import clock, i18n
from campaign.attendance.tallies import Counts
from campaign.documents.contexts import Foot, Signature, place_and_date, signature
from campaign.documents.office import Letterhead, SignatoryRole, office, official
from campaign.reports.campaign_report import CampaignReport
from campaign.reports.results import FacilityRow, ResultRow, StockRow, sum_of


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a table; `kind` is "row", "subtotal" or "total"."""

    kind: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One pair of bars of the chart, as parts of the longest."""

    label: str
    target: float
    served: float
    target_text: str
    served_text: str


@dataclass(frozen=True, slots=True)
class CampaignPaper:
    """Everything that the PDF of a campaign report shows."""

    letterhead: Letterhead
    foot: Foot
    place_date: str
    signatures: tuple[Signature, ...]
    name: str
    district: str
    dates: str
    status: str
    is_provisional: bool
    figures: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    results: tuple[Line, ...]
    facilities: tuple[Line, ...]
    stock: tuple[Line, ...]
    stock_verdict: str


def campaign_paper(report: CampaignReport, foot: Foot) -> CampaignPaper:
    """Return the context of the PDF."""
    head = office()
    return CampaignPaper(
        letterhead=head,
        foot=foot,
        place_date=place_and_date(head, clock.local(report.as_of).date()),
        signatures=(signature(official(SignatoryRole.HEAD)),),
        name=report.name,
        district=report.district,
        dates=dates_in_words(report.dates),
        status=_status(report),
        is_provisional=report.is_provisional,
        figures=_figures(report.total),
        bars=_bars(report),
        results=tuple(_result_lines(report)),
        facilities=tuple(_facility_lines(report)),
        stock=tuple(_stock_line(report, row) for row in report.stock),
        stock_verdict=_verdict(report),
    )


def dates_in_words(dates: Sequence[date]) -> str:
    """Return "15 Jun 2027 s.d. 17 Jun 2027 (3 hari)"."""
    if not dates:
        return "–"
    first, last = i18n.short_day(dates[0]), i18n.short_day(dates[-1])
    return first if len(dates) == 1 else f"{first} s.d. {last} ({len(dates)} hari)"


def _status(report: CampaignReport) -> str:
    total = report.facility_total
    if not report.is_provisional:
        return f"Lengkap: {total.sessions} sesi sudah ditutup"
    return f"SEMENTARA: {total.open_sessions} dari {total.sessions} sesi belum ditutup"


def _figures(total: ResultRow) -> tuple[tuple[str, str], ...]:
    counts = total.counts
    return (
        ("Target", i18n.number(total.target)),
        ("Diundang", i18n.number(counts.invited)),
        ("Datang", i18n.number(counts.came)),
        ("Dilayani", i18n.number(counts.served)),
        ("Capaian", i18n.percent(counts.served, total.target)),
        ("Keluarga miskin", f"{i18n.number(counts.served_poor)} ({i18n.percent(counts.served_poor, counts.served)})"),
    )


def _bars(report: CampaignReport) -> tuple[Bar, ...]:
    """Return target and served per kecamatan; what exceeds its target is drawn longer, never cut off."""
    codes = dict.fromkeys(row.kecamatan_code for row in report.results)
    sums = [sum_of(report.results, kecamatan_code=code) for code in codes]
    longest = max((max(row.target, row.counts.served) for row in sums), default=0) or 1
    return tuple(
        Bar(
            label=report.names.kecamatan[row.kecamatan_code],
            target=row.target / longest,
            served=row.counts.served / longest,
            target_text=i18n.number(row.target),
            served_text=f"{i18n.number(row.counts.served)} ({i18n.percent(row.counts.served, row.target)})",
        )
        for row in sums
    )


def _result_lines(report: CampaignReport) -> list[Line]:
    order = {code: place for place, code in enumerate(report.names.methods)}
    lines = []
    for code in dict.fromkeys(row.kecamatan_code for row in report.results):
        rows = [row for row in report.results if row.kecamatan_code == code]
        name = report.names.kecamatan[code]
        for row in sorted(rows, key=lambda row: order[row.method_code]):
            lines.append(Line("row", (name, report.names.methods[row.method_code], *_result_cells(row))))
        subtotal = sum_of(rows)
        lines.append(Line("subtotal", (f"Jumlah {report.names.kecamatan[code]}", "", *_result_cells(subtotal))))
    lines.append(Line("total", (f"Jumlah {report.district}", "", *_result_cells(report.total))))
    return lines


def _result_cells(row: ResultRow) -> tuple[str, ...]:
    counts = row.counts
    before = (row.target, counts.planned, counts.invited, counts.came, counts.walk_ins, counts.served)
    after = _turned_away(counts)
    achieved = i18n.percent(counts.served, row.target)
    return (*map(i18n.number, before), achieved, i18n.number(counts.served_poor), *after)


def _turned_away(counts: Counts) -> tuple[str, ...]:
    return tuple(map(i18n.number, (counts.deferred, counts.refused, counts.referred, counts.withdrew)))


def _facility_lines(report: CampaignReport) -> list[Line]:
    lines = [
        Line("row", (report.names.facilities[row.facility_id], *_facility_cells(row)))
        for row in report.facilities
        if row.facility_id is not None
    ]
    return [*lines, Line("total", ("Jumlah", *_facility_cells(report.facility_total)))]


def _facility_cells(row: FacilityRow) -> tuple[str, ...]:
    counts = row.counts
    numbers = (row.sessions, counts.planned, counts.came, counts.walk_ins, counts.served, counts.served_poor)
    return (*map(i18n.number, numbers), *_turned_away(counts), "ya" if not row.open_sessions else "belum")


def _stock_line(report: CampaignReport, row: StockRow) -> Line:
    name, unit = report.names.items[row.item_id]
    numbers = (row.issued, row.used, row.returned, row.remaining, row.used_own)
    settled = "sesuai" if row.is_settled else "belum"
    return Line("row", (name, unit, *map(i18n.number, numbers), settled))


def _verdict(report: CampaignReport) -> str:
    if not report.stock:
        return "Belum ada barang yang dikeluarkan untuk kampanye ini."
    if report.is_settled:
        return "Diperiksa: untuk setiap barang, dipakai = dikeluarkan - dikembalikan."
    waiting = sum(not row.is_settled for row in report.stock)
    return f"Diperiksa: {waiting} jenis barang masih di faskes; dipakai + sisa = dikeluarkan - dikembalikan."
