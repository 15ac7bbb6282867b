"""Kota Pekalongan, "Pelayanan KB serempak": twelve rows. The head of the sheet is missing."""

from campaign.accounts.roles import Role
from campaign.events.sop.template import (
    Anchor,
    DueRule,
    Duty,
    DutyOf,
    Party,
    Printed,
    Proof,
    StandardTime,
    Step,
    Template,
    TimePer,
    TimeUnit,
)

PARTIES = (
    Party("officer", "Petugas atau Kasi", "Petugas/Kasi", (Role.PLANNER,)),
    Party("team", "Tim penyusun", "Tim Penyusun", (Role.PLANNER,)),
    Party("divisions", "Bidang-bidang di Dinsos-P2KB", "Bidang-bidang di DinsosP2KB"),
    Party("head", "Kepala dinas", "Kepala Dinas", (Role.HEAD,)),
    Party("plkb", "PLKB dan PPKBD", "PLKB/PPKB D", (Role.FIELD_OFFICER, Role.CADRE)),
    Party("facility", "Puskesmas atau RSUD", "PUSK/RSUD", (Role.FACILITY,)),
    Party("courier", "Caraka", "Caraka"),
    Party("partners", "Pihak-pihak terkait", "Pihak-Pihak Terkait"),
    Party("warehouse", "Gudang alokon", roles=(Role.WAREHOUSE,)),
)

DOES, APPROVES, INVOLVED = Duty.DOES, Duty.APPROVES, Duty.INVOLVED
NEEDS_LIST = "Daftar kebutuhan sarana dan prasarana pelayanan KB"
BY_METHOD = "Daftar nama calon akseptor, sesuai dengan alat kontrasepsi"


def _minutes(value: int, per: TimePer = TimePer.PROCESS) -> StandardTime:
    return StandardTime(value, TimeUnit.MINUTES, per)


PREPARATION = (
    Step(
        code="preparation-meeting",
        printed=Printed(
            "1",
            "Mengadakan Rapat persiapan",
            "daftar peserta rapat persiapan",
            "120 menit",
            "Undangan rapat persiapan pelayanan KB serempak",
        ),
        title="Adakan rapat persiapan",
        inputs="Daftar peserta rapat persiapan",
        output="Hasil rapat persiapan",
        note="Output pada lembar tampak bergeser satu baris dengan langkah 2.",
        standard=_minutes(120),
        due=DueRule(Anchor.FIRST_DAY, -20),
        duties=(
            DutyOf("officer", DOES, "mulai"),
            DutyOf("team", INVOLVED),
            DutyOf("divisions", INVOLVED),
            DutyOf("head", APPROVES),
        ),
    ),
    Step(
        code="coordination-invitation",
        printed=Printed(
            "2",
            "Membuat undangan rapat koordinasi",
            "Daftar hadir peserta rapat koordinasi",
            "120 menit",
            "Laporan hasil kesepakatan peserta rapat koordinasi",
        ),
        title="Buat undangan rapat koordinasi dan adakan rapatnya",
        inputs="Daftar hadir peserta rapat koordinasi",
        output="Laporan hasil kesepakatan peserta rapat koordinasi",
        standard=_minutes(120),
        due=DueRule(Anchor.FIRST_DAY, -16),
        proof=Proof.MEETINGS_HELD,
        waits_for=("preparation-meeting",),
        duties=(
            DutyOf("team", DOES),
            DutyOf("head", APPROVES),
            DutyOf("courier", INVOLVED),
            DutyOf("partners", INVOLVED),
        ),
    ),
    Step(
        code="targets-and-schedule",
        printed=Printed(
            "3",
            "Menyusun target sasaran, jadwal pelayanan KB dan penyuluhan keliling di masing-masing Kecamatan",
            "Jadwal pelayanan dan siaran keliling KB",
            "30 menit",
            "Target pelayanan di masing-masing Kecamatan",
        ),
        title="Susun target, jadwal pelayanan, dan penyuluhan keliling per kecamatan",
        inputs="Jadwal pelayanan dan siaran keliling KB",
        output="Target dan jadwal pelayanan per kecamatan",
        standard=_minutes(30),
        due=DueRule(Anchor.FIRST_DAY, -5),
        proof=Proof.PLAN_APPROVED,
        waits_for=("coordination-invitation",),
        duties=(
            DutyOf("team", DOES),
            DutyOf("officer", INVOLVED),
            DutyOf("divisions", INVOLVED),
            DutyOf("head", APPROVES),
        ),
    ),
    Step(
        code="home-visits",
        printed=Printed(
            "4",
            "Melakukan Kunjungan rumah calon akseptor di masing-masing kelurahan",
            "Daftar nama calon yang dikunjungi",
            "180 menit",
            BY_METHOD,
        ),
        title="Kunjungi rumah calon akseptor di tiap kelurahan",
        inputs="Daftar nama calon yang dikunjungi",
        output="Daftar nama calon akseptor menurut alat kontrasepsi",
        standard=_minutes(180),
        due=DueRule(Anchor.FIRST_DAY, -10),
        proof=Proof.LISTS_RECEIVED,
        waits_for=("coordination-invitation",),
        duties=(DutyOf("plkb", DOES),),
    ),
    Step(
        code="kecamatan-submission",
        printed=Printed(
            "5",
            "Melaporkan tingkat Kecamatan ke Kota Pekalongan, perihal pengajuan jumlah calon peserta KB dalam pelayanan"
            " serempak KB",
            "Surat pengajuan daftar nama peserta KB pelayanan serempak",
            "120 menit",
            BY_METHOD + " setiap kelurahan",
        ),
        title="Ajukan daftar calon dari kecamatan ke kota",
        inputs="Surat pengajuan daftar nama peserta KB",
        output="Daftar nama calon akseptor menurut alat kontrasepsi per kelurahan",
        standard=_minutes(120),
        due=DueRule(Anchor.FIRST_DAY, -9),
        proof=Proof.LISTS_RECEIVED,
        waits_for=("home-visits",),
        duties=(DutyOf("plkb", DOES), DutyOf("officer", INVOLVED)),
    ),
    Step(
        code="submission-received",
        printed=Printed(
            "6",
            "Menerima pengajuan calon akseptor dari kecamatan",
            "Rekapitulasi calon akseptor",
            "3 hari",
            "surat pengajuan calon akseptor",
        ),
        title="Terima pengajuan calon akseptor dari kecamatan",
        inputs="Surat pengajuan calon akseptor",
        output="Rekapitulasi calon akseptor",
        note="Persyaratan dan output pada lembar tertukar.",
        standard=StandardTime(3, TimeUnit.DAYS),
        due=DueRule(Anchor.FIRST_DAY, -6),
        proof=Proof.LISTS_RECEIVED,
        waits_for=("kecamatan-submission",),
        duties=(DutyOf("officer", DOES), DutyOf("team", INVOLVED)),
    ),
    Step(
        code="needs-prepared",
        printed=Printed(
            "7", "menyiapkan kebutuhan dalam rangka pelayanan KB serempak", NEEDS_LIST, "4 jam", NEEDS_LIST
        ),
        title="Siapkan kebutuhan pelayanan: alokon, sarana, dan prasarana",
        inputs="Daftar kebutuhan sarana dan prasarana",
        output="SPMB dan SBBK alokon; kelengkapan tersedia",
        note="Persyaratan dan output pada lembar sama bunyinya.",
        standard=StandardTime(4, TimeUnit.HOURS),
        due=DueRule(Anchor.FIRST_DAY, -1),
        proof=Proof.ALOKON_ISSUED,
        waits_for=("targets-and-schedule", "submission-received"),
        duties=(
            DutyOf("team", DOES),
            DutyOf("warehouse", DOES),
            DutyOf("divisions", INVOLVED),
            DutyOf("facility", INVOLVED),
        ),
    ),
)

SERVICE = (
    Step(
        code="participants-brought",
        printed=Printed(
            "8",
            "Mengirim peserta KB pelayanan dari masing-masing kelurahan oleh PLKB dan PPKBD Kelurahan",
            "Daftar nama calon peserta yang dikirim",
            "60 menit/tabel",
            "Peserta yang telah hadir dilokasi pelayanan KB serempak",
        ),
        title="Antar peserta dari tiap kelurahan ke tempat pelayanan",
        inputs="Daftar nama calon peserta yang diantar",
        output="Peserta hadir di tempat pelayanan",
        note="Lembar menulis 60 menit/tabel; dibaca 60 menit untuk sekali antar.",
        standard=_minutes(60),
        due=DueRule(Anchor.LAST_DAY, 0),
        proof=Proof.SESSIONS_CLOSED,
        waits_for=("targets-and-schedule", "needs-prepared"),
        duties=(DutyOf("plkb", DOES),),
    ),
    Step(
        code="registration",
        printed=Printed(
            "9",
            "Pendaftaran peserta calon akseptor",
            "Daftar pendaftaran peserta di sarana Yankes",
            "5 menit/calon",
            "Daftar nama peserta KB",
        ),
        title="Daftarkan peserta di tempat pelayanan",
        inputs="Daftar pendaftaran peserta di sarana pelayanan kesehatan",
        output="Daftar nama peserta KB",
        standard=_minutes(5, TimePer.CANDIDATE),
        due=DueRule(Anchor.LAST_DAY, 0),
        proof=Proof.SESSIONS_CLOSED,
        waits_for=("targets-and-schedule", "needs-prepared"),
        duties=(DutyOf("facility", DOES),),
    ),
    Step(
        code="screening",
        printed=Printed(
            "10", "Anamnesa calon akseptor dan pemeriksaan kesehatan", NEEDS_LIST, "30 menit/akseptor", NEEDS_LIST
        ),
        title="Anamnesis dan pemeriksaan kesehatan calon akseptor",
        inputs="Daftar peserta; kartu K/IV/KB",
        output="Hasil penapisan pada K/IV/KB",
        note="Persyaratan dan output pada lembar disalin dari langkah 7.",
        standard=_minutes(30, TimePer.ACCEPTOR),
        due=DueRule(Anchor.LAST_DAY, 0),
        proof=Proof.SESSIONS_CLOSED,
        waits_for=("targets-and-schedule", "needs-prepared"),
        duties=(DutyOf("facility", DOES),),
    ),
    Step(
        code="service",
        printed=Printed(
            "11",
            "Pelayanan KB di fasilitas kesehatan",
            "Peserta mendapat pelayanan KB sesuai jenis alat kontrasepsi",
            "60 menit/akseptor",
            "Catatan hasil pelayanan oleh tenaga medis Dokter/Bidan",
        ),
        title="Beri pelayanan KB di fasilitas kesehatan",
        inputs="Peserta yang layak dilayani menurut alat kontrasepsi",
        output="Catatan hasil pelayanan oleh dokter atau bidan",
        standard=_minutes(60, TimePer.ACCEPTOR),
        due=DueRule(Anchor.LAST_DAY, 0),
        proof=Proof.SESSIONS_CLOSED,
        waits_for=("targets-and-schedule", "needs-prepared"),
        duties=(DutyOf("facility", DOES),),
    ),
    Step(
        code="discharge",
        printed=Printed(
            "12",
            "Pelayanan selesai, akseptor pulang, bisa sendiri/diantar",
            "Daftar peserta pelayanan KB",
            "30 menit/peserta",
            "Laporan hasil pelayanan KB serempak",
        ),
        title="Akseptor pulang sendiri atau diantar; laporkan hasil pelayanan",
        inputs="Daftar peserta pelayanan KB",
        output="Laporan hasil pelayanan KB serempak",
        standard=_minutes(30, TimePer.PARTICIPANT),
        due=DueRule(Anchor.LAST_DAY, 2),
        proof=Proof.REPORT_READY,
        waits_for=("participants-brought", "registration", "screening", "service"),
        duties=(DutyOf("facility", DOES), DutyOf("officer", DOES), DutyOf("plkb", INVOLVED)),
    ),
)

TEMPLATE = Template(
    code="pekalongan-serempak",
    name="Pelayanan KB Serempak",
    district_code="33.75",
    source="Dinsos-P2KB Kota Pekalongan, SOP Pelayanan KB serempak; kepala lembar tidak ada",
    parties=PARTIES,
    steps=PREPARATION + SERVICE,
)
