"""The campaign report as a workbook: the same figures as the PDF, as numbers that can be computed with."""

from campaign import i18n
from campaign.attendance.tallies import Counts
from campaign.documents.xlsx import CellKind, Column, Sheet, Value, workbook
from campaign.reports.campaign_report import CampaignReport
from campaign.reports.results import FacilityRow, ResultRow, StockRow

_N, _P = CellKind.NUMBER, CellKind.PERCENT
_ENDINGS = (
    Column("Dilayani", 10, _N),
    Column("Keluarga miskin", 10, _N),
    Column("Ditunda", 10, _N),
    Column("Ditolak medis", 10, _N),
    Column("Dirujuk", 10, _N),
    Column("Batal", 10, _N),
)
RESULTS = (
    Column("Kode kecamatan asal", 14),
    Column("Kecamatan asal", 24),
    Column("Metode", 22),
    Column("Target", 10, _N),
    Column("Direncanakan", 13, _N),
    Column("Diundang", 10, _N),
    Column("Datang", 10, _N),
    Column("Tanpa janji", 10, _N),
    *_ENDINGS,
    Column("Capaian", 10, _P),
)
FACILITIES = (
    Column("Fasilitas", 34),
    Column("Sesi", 8, _N),
    Column("Sesi belum ditutup", 12, _N),
    Column("Direncanakan", 13, _N),
    Column("Diundang", 10, _N),
    Column("Datang", 10, _N),
    Column("Tanpa janji", 10, _N),
    *_ENDINGS,
)
STOCK = (
    Column("Barang", 34),
    Column("Satuan", 12),
    Column("Dikeluarkan", 13, _N),
    Column("Dipakai", 13, _N),
    Column("Dikembalikan", 13, _N),
    Column("Sisa di faskes", 13, _N),
    Column("Dari persediaan faskes", 16, _N),
    Column("Dipakai = dikeluarkan - dikembalikan", 22),
)


def report_workbook(report: CampaignReport, version: int) -> bytes:
    """Return the workbook of a report; every sheet says as of when, and in which version."""
    state = "sementara" if report.is_provisional else "lengkap"
    notes = (f"{report.district}. Keadaan {i18n.instant(report.as_of)}, versi {version}, {state}.",)
    sheets = (
        Sheet("Hasil", RESULTS, [_result(report, row) for row in report.results], _result_total(report)),
        Sheet(
            "Faskes",
            FACILITIES,
            [_facility(report.names.facilities[row.facility_id or 0], row) for row in report.facilities],
            _facility("Jumlah", report.facility_total),
        ),
        Sheet("Barang", STOCK, [_stock(report, row) for row in report.stock]),
    )
    return workbook(sheets, report.as_of, title=f"Laporan Hasil Pelayanan: {report.name}", notes=notes)


def _result(report: CampaignReport, row: ResultRow) -> list[Value]:
    names = report.names
    first = [row.kecamatan_code, names.kecamatan[row.kecamatan_code], names.methods[row.method_code]]
    return [*first, row.target, *_before(row.counts), *_endings(row.counts), row.achievement]


def _result_total(report: CampaignReport) -> list[Value]:
    total = report.total
    return ["", "Jumlah", "", total.target, *_before(total.counts), *_endings(total.counts), total.achievement]


def _facility(name: str, row: FacilityRow) -> list[Value]:
    return [name, row.sessions, row.open_sessions, *_before(row.counts), *_endings(row.counts)]


def _before(counts: Counts) -> tuple[int, ...]:
    return counts.planned, counts.invited, counts.came, counts.walk_ins


def _endings(counts: Counts) -> tuple[int, ...]:
    return counts.served, counts.served_poor, counts.deferred, counts.refused, counts.referred, counts.withdrew


def _stock(report: CampaignReport, row: StockRow) -> list[Value]:
    name, unit = report.names.items[row.item_id]
    verdict = "sesuai" if row.is_settled else "belum"
    return [name, unit, row.issued, row.used, row.returned, row.remaining, row.used_own, verdict]
