"""The list of candidates per kelurahan (daftar nama calon akseptor)."""

from collections.abc import Iterator

from campaign import clock
from campaign.imports.cells import area_code, choice, day, days, nik, phone, text, whole, yes_no
from campaign.imports.columns import Book, Column, Line, Sheet, Step, Workbook, draft
from campaign.imports.models import WorkbookKind
from campaign.outreach.candidates import CandidateRow, Channel, register_candidates
from campaign.outreach.identity import doubts_about

CHANNELS = {"email": Channel.EMAIL, "pesan": Channel.MESSAGE, "kader": Channel.CADRE}

CANDIDATES = Sheet(
    "Calon",
    (
        Column("number", "No", whole(1, 9999), 1, "Nomor urut di kelurahan; tetap sama bila daftar dikirim lagi."),
        Column("kelurahan_code", "Kode kelurahan", area_code(), "33.75.01.1002", list_name="kelurahan"),
        Column("name", "Nama istri", text(120), "Calon Contoh"),
        Column("spouse_name", "Nama suami", text(120), "Suami Contoh", is_required=False),
        Column(
            "nik",
            "NIK istri",
            nik(),
            "3375994507909001",
            "16 angka, sel berformat teks; NIK istri juga untuk MOP. Kosong bila belum diketahui.",
            is_required=False,
        ),
        Column("birth_on", "Tanggal lahir", day(), "1990-07-05", "Isi sebagai tanggal.", is_required=False),
        Column("address", "Alamat RT/RW", text(240), "RT 01 RW 02"),
        Column("phone", "HP", phone(), "0890000000001", "Boleh kosong.", is_required=False),
        Column("email", "Email", text(120), "calon@contoh.example", "Boleh kosong.", is_required=False),
        Column("children", "Jumlah anak", whole(0, 30), 2, is_required=False),
        Column("youngest_child_months", "Umur anak terkecil (bulan)", whole(0, 600), 14, is_required=False),
        Column("current_method", "Cara KB sekarang", text(40), "pil", is_required=False),
        Column("method_code", "Cara dipilih", text(24), "iud", "Kode metode.", list_name="methods"),
        Column("insurance", "JKN/PBI", text(24), "PBI", is_required=False),
        Column("is_poor", "Miskin", yes_no(), "ya", is_required=False, default=False),
        Column("poor_source", "Sumber data miskin", text(40), "DTSEN", "Wajib bila miskin.", is_required=False),
        Column("brought_by", "PPKBD/PLKB pembawa", text(120), "Kader Contoh", is_required=False),
        Column("may_be_messaged", "Boleh dihubungi", yes_no(), "ya", "Setuju dikirimi pesan.", is_required=False),
        Column("channel", "Kanal", choice(CHANNELS), "email", "Kosong: dipilihkan.", is_required=False),
        Column("free_dates", "Tanggal bisa hadir", days(), "2027-06-15, 2027-06-16", "Kosong: kapan saja.", False),
    ),
    "Satu baris per calon. Boleh satu lembar per kelurahan: Calon Medono, Calon Podosugih, dan seterusnya.",
    is_repeatable=True,
)


def steps(book: Book, campaign_id: int | None) -> Iterator[Step]:
    """Yield the candidates; doubts about a NIK are noted and stop nothing."""
    assert campaign_id is not None  # preview_workbook asks for it
    drafts = []
    for line in book.of(CANDIDATES):
        if line["nik"]:
            for code in doubts_about(line["nik"], line["birth_on"], clock.today()):
                book.doubtful(line.cell("nik"), code)
        if line.is_whole:
            drafts.append(draft(line, _row(line), {"list_key": line.cell("number")}))
    yield Step(CANDIDATES.name, drafts, lambda actor, rows: register_candidates(actor, campaign_id, rows))


def _row(line: Line) -> CandidateRow:
    values = {name: value for name, value in line.values.items() if name != "number"}
    may_be_messaged = bool(line["may_be_messaged"])
    return CandidateRow(
        **values
        | {
            "list_key": f"{line['kelurahan_code']}/{line['number']:04d}",
            "may_be_messaged": may_be_messaged,
            "channel": line["channel"] or _best_channel(line, may_be_messaged=may_be_messaged),
        }
    )


def _best_channel(line: Line, *, may_be_messaged: bool) -> Channel:
    """Choose how to reach somebody for whom the list does not say: writing needs their consent."""
    if may_be_messaged and line["phone"]:
        return Channel.MESSAGE
    if may_be_messaged and line["email"]:
        return Channel.EMAIL
    return Channel.CADRE


WORKBOOK = Workbook(
    WorkbookKind.CANDIDATES,
    "Daftar calon peserta",
    (CANDIDATES,),
    (
        "Daftar ini memuat data pribadi: simpan dan kirim seperlunya saja.",
        "NIK dan nomor HP adalah teks: sel yang berubah menjadi angka kehilangan digit.",
    ),
    steps,
)
