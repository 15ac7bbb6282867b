"""Kota Tangerang, "Laporan Pengendalian Lapangan": six rows. The yardstick of a campaign's effect: users before, after.

The sheet gives 15 days to each of the first three rows. One after the other they would take more than a month of a
monthly report, so they run side by side.
"""

from campaign.accounts.roles import Role
from campaign.events.sop.template import (
    Anchor,
    DueRule,
    Duty,
    DutyOf,
    Party,
    Printed,
    StandardTime,
    Step,
    Template,
    TimeUnit,
)

PARTIES = (
    Party(
        "city",
        "Wali kota, kecamatan, dan bidang KB",
        "WALIKOTA KECAMATAN BIDANG KB",
    ),
    Party("bkkbn", "BKKBN", "BKKBN"),
    Party("team", "Tim DP3AP2KB", "TIM DP3AP2KB", (Role.PLANNER,)),
    Party("ppkbd", "PPKBD", "PPKBD", (Role.CADRE,)),
    Party("field-officer", "PKB", roles=(Role.FIELD_OFFICER,)),
)

OFFICE_KIT = "KOMPUTER, JARINGFAN INTERNAT DAN ATK"
NEEDS = "Komputer, jaringan internet, dan ATK"


def _days(count: int) -> StandardTime:
    return StandardTime(count, TimeUnit.DAYS)


STEPS = (
    Step(
        code="active-users",
        printed=Printed(
            "1",
            "Melaksanakan Kegiatan Pencatatan Peserta KB Aktif",
            "F//DAL",
            "15 HARI",
            "DATA APSEPTOR KB, PUS DAN POKTAN",
            "PPKBD (PEMBANTU PELAKSANA KELUARGA BERENCANA DESA)",
        ),
        title="Catat peserta KB aktif",
        inputs="F/I/DAL",
        output="Data akseptor KB, PUS, dan poktan",
        note="PPKBD: Pembantu Pembina Keluarga Berencana Desa; lembar menulis kepanjangan lain.",
        standard=_days(15),
        due=DueRule(Anchor.LAST_DAY, 15),
        duties=(DutyOf("ppkbd", Duty.DOES), DutyOf("field-officer", Duty.INVOLVED)),
    ),
    Step(
        code="couples-using",
        printed=Printed("2", "Mencatat Jumlah PUS yang Ikut BerKB", OFFICE_KIT, "15 HARI", "LAPORAN"),
        title="Catat jumlah PUS yang ber-KB",
        inputs=NEEDS,
        output="Laporan",
        standard=_days(15),
        due=DueRule(Anchor.LAST_DAY, 15),
        duties=(DutyOf("team", Duty.DOES),),
    ),
    Step(
        code="group-members",
        printed=Printed("3", "Mencatat Kesertaan BerKb pada Kelompok Kegiatan", OFFICE_KIT, "15 HARI", "LAPORAN"),
        title="Catat kesertaan ber-KB pada kelompok kegiatan",
        inputs=NEEDS,
        output="Laporan",
        standard=_days(15),
        due=DueRule(Anchor.LAST_DAY, 15),
        duties=(DutyOf("team", Duty.DOES), DutyOf("ppkbd", Duty.INVOLVED)),
    ),
    Step(
        code="group-families",
        printed=Printed("4", "Mencatat keluarga yang mengikuti kelompok kegiatan", OFFICE_KIT, "1 HARI", "LAPORAN"),
        title="Catat keluarga yang mengikuti kelompok kegiatan",
        inputs=NEEDS,
        output="Laporan",
        standard=_days(1),
        due=DueRule(Anchor.LAST_DAY, 16),
        waits_for=("active-users", "couples-using", "group-members"),
        duties=(DutyOf("team", Duty.DOES),),
    ),
    Step(
        code="report-bkkbn",
        printed=Printed(
            "5", "Melaporkan Hasil Kegiatan Ke BKKBN Pusat melalui BKKBN Provinsi", OFFICE_KIT, "1 HARI", "LAPORAN"
        ),
        title="Laporkan hasil kegiatan ke BKKBN Pusat melalui BKKBN Provinsi",
        inputs=NEEDS,
        output="Laporan",
        standard=_days(1),
        due=DueRule(Anchor.LAST_DAY, 17),
        waits_for=("group-families",),
        duties=(DutyOf("team", Duty.DOES), DutyOf("bkkbn", Duty.INVOLVED)),
    ),
    Step(
        code="report-city",
        printed=Printed(
            "6",
            "Melaporkan hasil Kegiatan Ke Walikota, Kecamatan, Kelurahan dan Bidang KB",
            OFFICE_KIT,
            "1 HARI",
            "LAPORAN",
        ),
        title="Laporkan hasil kegiatan ke wali kota, kecamatan, kelurahan, dan bidang KB",
        inputs=NEEDS,
        output="Laporan",
        standard=_days(1),
        due=DueRule(Anchor.LAST_DAY, 18),
        waits_for=("report-bkkbn",),
        duties=(DutyOf("team", Duty.DOES), DutyOf("city", Duty.INVOLVED)),
    ),
)

TEMPLATE = Template(
    code="tangerang-field-control",
    name="Laporan Pengendalian Lapangan",
    district_code="36.71",
    source="DP3AP2KB Kota Tangerang, SOP 050/391 C - SKIT, Laporan Pengendalian Lapangan, 31 Januari 2020",
    parties=PARTIES,
    steps=STEPS,
)
