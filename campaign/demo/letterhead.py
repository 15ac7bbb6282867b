"""The demo office's letterhead and signatories: made up, and plainly so."""

from campaign.accounts.policy import Actor
from campaign.documents.office import Letterhead, Official, SignatoryRole, office, save_office, save_official

OFFICE = Letterhead(
    government="Pemerintah Kota Pekalongan",
    name="Dinas Sosial, Pengendalian Penduduk dan Keluarga Berencana",
    address="Jalan Contoh Nomor 1, Pekalongan 51100 · Telepon (0285) 000000 · dinsosp2kb.contoh.invalid",
    town="Pekalongan",
    unit_code="P2KB",
)
OFFICIALS = {
    SignatoryRole.HEAD: Official("Kepala Dinas", "Contoh Kepala Dinas, M.Si.", "Pembina Utama Muda", "0" * 18),
    SignatoryRole.STOREKEEPER: Official(
        "Pengurus Barang/Bendahara Materiil", "Contoh Pengurus Barang, A.Md.", "Pengatur", "0" * 17 + "1"
    ),
}


def fill_in(actor: Actor) -> None:
    """Set letterhead and signatories, unless they are set."""
    if office() == OFFICE:
        return
    save_office(actor, OFFICE)
    for role, official in OFFICIALS.items():
        save_official(actor, role, official)
