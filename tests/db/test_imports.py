"""Workbooks come in: what a preview tells, what applying does, and that twice is once."""

from datetime import date, time

import pytest
from sqlalchemy import select

from campaign.accounts.policy import SYSTEM, Actor, Grant
from campaign.accounts.roles import Role
from campaign.audit import AuditEntry
from campaign.db import db
from campaign.errors import NotAllowed
from campaign.imports.applying import UnknownUpload, UploadDamaged, UploadHasMistakes, apply_upload
from campaign.imports.kinds import WORKBOOKS
from campaign.imports.models import Upload, WorkbookKind
from campaign.imports.preview import counts_of, preview_workbook
from campaign.imports.storing import SheetCounts
from campaign.imports.templates import template_workbook
from campaign.imports.workbook import FileRefused
from campaign.logistics import queries as logistics
from campaign.outreach.models import Channel
from campaign.outreach.queries import CandidateFilter, candidates_of
from campaign.registry import queries as registry
from campaign.registry.storing import Counts
from tests.builders import registry as a
from tests.builders import workbooks as w
from tests.builders.accounts import make_user
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign

pytestmark = pytest.mark.usefixtures("open_transaction")


def applied(kind: WorkbookKind, content: bytes | None = None, campaign_id: int | None = None) -> Counts:
    upload = preview_workbook(SYSTEM, kind, "berkas.xlsx", content or w.workbook_of(kind), campaign_id)
    return apply_upload(SYSTEM, upload.upload_id)


def told(upload: Upload) -> list[tuple[str, int, str, str]]:
    return [(one["sheet"], one["row"], one["column"], one["code"]) for one in upload.preview["mistakes"]]


@pytest.fixture
def campaign_id(open_transaction: None) -> int:
    return make_campaign(a.make_city()).campaign_id


def test_a_city_comes_in_by_its_workbooks_and_a_second_time_changes_nothing() -> None:
    first = [applied(kind) for kind in w.ALL_ROWS]
    assert first == [Counts(new=5), Counts(new=1), Counts(new=2), Counts(new=1), Counts(new=4)]
    again = [applied(kind) for kind in w.ALL_ROWS]
    assert again == [Counts(unchanged=counts.new) for counts in first]
    [facility] = registry.facilities()
    assert sorted((row.weekday, row.opens_at, row.closes_at) for row in facility.hours) == [
        (0, time(8), time(12)),
        (0, time(13), time(15)),
        (4, time(8), time(11)),
    ]
    [provider] = registry.providers()
    assert (provider.weekdays, provider.skills[0].valid_until) == ([0, 4], date(2028, 12, 31))
    assert registry.method("shots").uses[0].item.code == "vial"
    [stock] = logistics.warehouses_for_planning()
    assert {lot.number: lot.quantity for lot in stock.lots} == {"B1": 60}
    assert list(stock.keep.values()) == [10]


def test_a_preview_changes_nothing() -> None:
    upload = preview_workbook(SYSTEM, WorkbookKind.AREAS, "wilayah.xlsx", w.workbook_of(WorkbookKind.AREAS))
    assert counts_of(upload) == (SheetCounts("Wilayah", 4, 0, 0), SheetCounts("Angka", 1, 0, 0))
    assert registry.districts() == []
    assert {entry.action for entry in db.session.scalars(select(AuditEntry))} == {"preview-upload"}


def test_a_second_apply_answers_as_the_first() -> None:
    upload = preview_workbook(SYSTEM, WorkbookKind.AREAS, "w.xlsx", w.workbook_of(WorkbookKind.AREAS))
    assert apply_upload(SYSTEM, upload.upload_id) == apply_upload(SYSTEM, upload.upload_id) == Counts(new=5)


def test_every_mistake_is_told_with_sheet_row_and_column() -> None:
    applied(WorkbookKind.AREAS)
    rows = {
        "Faskes": [
            *w.FACILITY_ROWS["Faskes"],
            {"code": "12", "name": "X", "kind": "warung", "kecamatan_code": "33.75.99", "lat": 6, "lon": "x"}
            | {"session_cost": -1},
            {"code": "3375802", "name": "Y", "kind": "klinik", "kecamatan_code": "33.75.99", "lat": 6, "lon": 110}
            | {"session_cost": 1, "exam_room": 1},
        ],
        "Jam buka": [
            *w.FACILITY_ROWS["Jam buka"],
            {"code": "3375801", "weekday": "Jumat", "opens": time(10, 59), "closes": time(12)},
            {"code": "3375809", "weekday": "Jumat", "opens": time(8), "closes": time(12)},
            {"code": "3375801", "weekday": "Hari Raya", "opens": time(8), "closes": time(12)},
        ],
    }
    upload = preview_workbook(SYSTEM, WorkbookKind.FACILITIES, "f.xlsx", w.workbook_of(WorkbookKind.FACILITIES, rows))
    assert told(upload) == [
        ("Faskes", 3, "C", "not-a-choice"),
        ("Faskes", 3, "G", "not-a-number"),
        ("Faskes", 3, "H", "number-outside"),
        ("Faskes", 4, "D", "unknown-kecamatan"),
        ("Jam buka", 5, "C", "hours-overlap"),
        ("Jam buka", 6, "A", "unknown-facility"),
        ("Jam buka", 7, "B", "not-a-choice"),
    ]
    with pytest.raises(UploadHasMistakes) as error:
        apply_upload(SYSTEM, upload.upload_id)
    assert error.value.mistakes[0].where == "Faskes!C3"


def test_what_a_provider_has_twice_is_told() -> None:
    for kind in (WorkbookKind.AREAS, WorkbookKind.FACILITIES, WorkbookKind.ITEMS_METHODS):
        applied(kind)
    rows = dict(w.PROVIDER_ROWS)
    rows |= {name: [*w.PROVIDER_ROWS[name]] * 2 for name in ("Keterampilan", "Tidak hadir")}
    upload = preview_workbook(SYSTEM, WorkbookKind.PROVIDERS, "p.xlsx", w.workbook_of(WorkbookKind.PROVIDERS, rows))
    assert told(upload) == [("Keterampilan", 3, "B", "listed-twice"), ("Tidak hadir", 3, "B", "listed-twice")]


def test_a_number_too_large_for_the_database_is_told() -> None:
    applied(WorkbookKind.AREAS)
    content = w.with_cell(w.workbook_of(WorkbookKind.AREAS), "Angka", "C2", 2_000_000_001)
    upload = preview_workbook(SYSTEM, WorkbookKind.AREAS, "w.xlsx", content)
    assert told(upload) == [("Angka", 2, "C", "number-outside")]


def test_rows_without_mistakes_are_counted_beside_those_with() -> None:
    rows = {"Wilayah": [{"code": "31", "name": "DKI Jakarta"}, {"code": "3", "name": "Salah"}], "Angka": []}
    upload = preview_workbook(SYSTEM, WorkbookKind.AREAS, "w.xlsx", w.workbook_of(WorkbookKind.AREAS, rows))
    assert counts_of(upload)[0] == SheetCounts("Wilayah", 1, 0, 0)
    assert told(upload) == [("Wilayah", 3, "A", "area-code-form")]


def test_what_changed_in_between_is_found_when_applying() -> None:
    applied(WorkbookKind.AREAS)
    upload = preview_workbook(SYSTEM, WorkbookKind.FACILITIES, "f.xlsx", w.workbook_of(WorkbookKind.FACILITIES))
    assert counts_of(upload)[0].new == 1
    applied(WorkbookKind.FACILITIES)
    assert apply_upload(SYSTEM, upload.upload_id) == Counts(unchanged=1)


def test_bytes_that_are_not_those_of_the_preview_are_refused() -> None:
    upload = preview_workbook(SYSTEM, WorkbookKind.AREAS, "w.xlsx", w.workbook_of(WorkbookKind.AREAS))
    upload.sha256 = "0" * 64
    with pytest.raises(UploadDamaged):
        apply_upload(SYSTEM, upload.upload_id)


def test_an_unknown_upload_is_not_found() -> None:
    with pytest.raises(UnknownUpload):
        apply_upload(SYSTEM, 1)


@pytest.mark.parametrize("kind", list(WorkbookKind))
def test_an_empty_template_has_no_rows_to_apply(kind: WorkbookKind, campaign_id: int) -> None:
    template = template_workbook(kind, campaign_id)
    upload = preview_workbook(SYSTEM, kind, "t.xlsx", template, campaign_id)
    assert told(upload) == [(WORKBOOKS[kind].sheets[0].name, 2, "A", "no-rows")]


def test_candidates_come_in_with_sealed_numbers_and_a_channel(campaign_id: int) -> None:
    rows = {
        "Calon": [w.candidate_line(1), w.candidate_line(2, phone=None, may_be_messaged="tidak", miskin="ya")],
        "Calon Podosugih": [
            w.candidate_line(1, kelurahan_code=a.OTHER_KELURAHAN, nik=None, free_dates="2027-06-16, 2027-06-15")
            | {"is_poor": "ya", "poor_source": "DTSEN", "children": 2, "youngest_child_months": 14}
        ],
    }
    content = w.workbook_of(WorkbookKind.CANDIDATES, rows)
    assert applied(WorkbookKind.CANDIDATES, content, campaign_id) == Counts(new=3)
    assert applied(WorkbookKind.CANDIDATES, content, campaign_id) == Counts(unchanged=3)
    one, two, three = candidates_of(CandidateFilter(campaign_id))
    assert (one.list_key, one.phone, one.channel) == (f"{a.KELURAHAN}/0001", "+6289000000001", Channel.MESSAGE)
    assert two.channel is Channel.CADRE
    assert (three.free_dates, three.is_poor, three.children) == ([date(2027, 6, 15), date(2027, 6, 16)], True, 2)


def test_the_stored_file_of_candidates_is_sealed(campaign_id: int) -> None:
    content = w.workbook_of(WorkbookKind.CANDIDATES, {"Calon": [w.candidate_line(1)]})
    upload = preview_workbook(SYSTEM, WorkbookKind.CANDIDATES, "c.xlsx", content, campaign_id)
    assert b"PK" not in upload.content[:2]
    assert "Calon 1" not in str(upload.preview)


def test_a_nik_that_lost_digits_is_a_mistake_and_an_odd_one_a_warning(campaign_id: int) -> None:
    rows = {
        "Calon": [
            w.candidate_line(1, nik="337599450790900"),
            w.candidate_line(2, nik="3375990507909002"),
            w.candidate_line(3, birth_on=date(1990, 7, 6)),
        ]
    }
    content = w.with_cell(w.workbook_of(WorkbookKind.CANDIDATES, rows), "Calon", "E4", 3375994507909003)
    upload = preview_workbook(SYSTEM, WorkbookKind.CANDIDATES, "c.xlsx", content, campaign_id)
    assert told(upload) == [("Calon", 2, "E", "nik-lost-a-digit"), ("Calon", 4, "E", "nik-is-a-number")]
    assert [(one["row"], one["code"]) for one in upload.preview["warnings"]] == [(3, "nik-not-of-a-woman")]


def test_rules_of_the_list_point_at_the_cell(campaign_id: int) -> None:
    rows = {
        "Calon": [
            w.candidate_line(1, method_code="magic"),
            w.candidate_line(2, is_poor="ya"),
            w.candidate_line(3, kelurahan_code="33.75.01.1999"),
            w.candidate_line(4),
            w.candidate_line(4, nik=w.synthetic_nik(4)),
        ]
    }
    content = w.workbook_of(WorkbookKind.CANDIDATES, rows)
    upload = preview_workbook(SYSTEM, WorkbookKind.CANDIDATES, "c.xlsx", content, campaign_id)
    assert told(upload) == [
        ("Calon", 2, "M", "unknown-method"),
        ("Calon", 3, "P", "poor-source-missing"),
        ("Calon", 4, "B", "unknown-kelurahan"),
        ("Calon", 5, "A", "listed-twice"),
        ("Calon", 5, "E", "nik-listed-twice"),
        ("Calon", 6, "A", "listed-twice"),
        ("Calon", 6, "E", "nik-listed-twice"),
    ]


def test_candidates_belong_to_a_campaign() -> None:
    with pytest.raises(FileRefused) as error:
        preview_workbook(SYSTEM, WorkbookKind.CANDIDATES, "c.xlsx", b"PK")
    assert error.value.code == "campaign-missing"


def test_an_opening_balance_is_never_counted_twice_nor_changed() -> None:
    for kind in (WorkbookKind.AREAS, WorkbookKind.ITEMS_METHODS, WorkbookKind.STOCK):
        applied(kind)
    more = dict(w.STOCK_ROWS)
    more["Saldo awal"] = [*w.STOCK_ROWS["Saldo awal"], w.STOCK_ROWS["Saldo awal"][0] | {"number": "B3", "quantity": 5}]
    assert applied(WorkbookKind.STOCK, w.workbook_of(WorkbookKind.STOCK, more)) == Counts(new=1, unchanged=4)
    content = w.with_cell(w.workbook_of(WorkbookKind.STOCK), "Saldo awal", "F2", 61)
    upload = preview_workbook(SYSTEM, WorkbookKind.STOCK, "s.xlsx", content)
    assert told(upload) == [("Saldo awal", 2, "F", "opening-differs")]


def test_what_logistics_refuses_points_at_the_cell() -> None:
    applied(WorkbookKind.AREAS)
    applied(WorkbookKind.ITEMS_METHODS)
    lots = w.STOCK_ROWS["Saldo awal"]
    rows = dict(w.STOCK_ROWS) | {
        "Saldo awal": [
            lots[0],
            lots[1] | {"number": "B1"},
            lots[1] | {"item": "nothing"},
            lots[1] | {"production_year": 2028},
        ]
    }
    upload = preview_workbook(SYSTEM, WorkbookKind.STOCK, "s.xlsx", w.workbook_of(WorkbookKind.STOCK, rows))
    assert told(upload) == [
        ("Saldo awal", 3, "C", "lot-twice"),
        ("Saldo awal", 4, "B", "unknown-item"),
        ("Saldo awal", 5, "E", "expiry-before-production"),
    ]


def test_a_quantity_in_another_unit_than_the_warehouse_counts_in_is_refused_with_that_unit() -> None:
    applied(WorkbookKind.AREAS)
    applied(WorkbookKind.ITEMS_METHODS)
    lots = w.STOCK_ROWS["Saldo awal"]
    rows = dict(w.STOCK_ROWS) | {"Saldo awal": [lots[0] | {"unit": "VIAL"}, lots[1] | {"unit": "kotak"}]}
    upload = preview_workbook(SYSTEM, WorkbookKind.STOCK, "s.xlsx", w.workbook_of(WorkbookKind.STOCK, rows))
    assert told(upload) == [("Saldo awal", 3, "I", "unit-differs")]


def test_a_warehouse_officer_enters_warehouse_lots_and_floors_of_her_own_city() -> None:
    for kind in (WorkbookKind.AREAS, WorkbookKind.ITEMS_METHODS):
        applied(kind)
    content = w.workbook_of(WorkbookKind.STOCK)
    account = make_user(Role.WAREHOUSE, a.DISTRICT)
    officer = Actor(account.account_id, (Grant(Role.WAREHOUSE, a.DISTRICT),))
    assert [one.new for one in counts_of(preview_workbook(officer, WorkbookKind.STOCK, "s.xlsx", content))] == [1, 2, 1]
    with pytest.raises(NotAllowed):
        preview_workbook(actor_with(Role.WAREHOUSE, "33.76"), WorkbookKind.STOCK, "s.xlsx", content)


@pytest.mark.parametrize("role", [Role.FACILITY, Role.CADRE, Role.VIEWER, Role.HEAD])
def test_who_may_not_import_is_refused(role: Role) -> None:
    with pytest.raises(NotAllowed):
        preview_workbook(actor_with(role), WorkbookKind.AREAS, "w.xlsx", w.workbook_of(WorkbookKind.AREAS))
