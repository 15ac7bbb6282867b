"""Which letters a campaign has: what each is for, how it looks, and the text that it begins with. Pure.

The texts are ours, in the manner of Permendagri 1/2023; an administrator changes them on the site, and each campaign
changes its own copy.
"""

from dataclasses import dataclass
from enum import StrEnum


class LetterKind(StrEnum):
    """Letters that the SOPs name."""

    DECREE = "decree"  # SK Tim
    MEETING_INVITATION = "meeting_invitation"
    NOTICE = "notice"  # surat pemberitahuan pelaksanaan
    SUBMISSION = "submission"  # kecamatan to city: so many candidates
    SCHEDULE = "schedule"  # jadwal pelayanan dan siaran keliling
    CANDIDATE_LIST = "candidate_list"
    RECAPITULATION = "recapitulation"


class Nature(StrEnum):
    """How urgent or how secret a letter is (sifat)."""

    ORDINARY = "ordinary"
    IMPORTANT = "important"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    CONFIDENTIAL = "confidential"


class Enclosure(StrEnum):
    """What is printed behind a letter, out of the campaign's own data."""

    ADDRESSEES = "addressees"
    TEAM = "team"
    SCHEDULE = "schedule"
    OUTREACH = "outreach"
    RECAPITULATION = "recapitulation"
    CANDIDATES = "candidates"


# What a text may ask for. Facts of a meeting are known only to the letter that invites to it.
PLACEHOLDERS = (
    "dinas", "faskes", "kampanye", "kecamatan", "kota", "mulai", "pemerintah", "sampai", "sasaran", "tanggal",
    "terdaftar",
)  # fmt: skip
MEETING_PLACEHOLDERS = ("rapat", "rapat_acara", "rapat_hari", "rapat_pukul", "rapat_tempat")


@dataclass(frozen=True, slots=True)
class KindOfLetter:
    """What one kind of letter begins with."""

    subject: str
    body: str
    classification: str  # of the agenda number; the office's own replaces it
    nature: Nature = Nature.ORDINARY
    enclosures: tuple[Enclosure, ...] = ()
    of_kecamatan: bool = False  # written by a kecamatan, about its own people

    @property
    def names_people(self) -> bool:
        """Tell whether it prints candidates' names."""
        return Enclosure.CANDIDATES in self.enclosures


_OPENING = "Dalam rangka pelaksanaan {kampanye} di {kota}, bersama ini kami sampaikan hal-hal sebagai berikut."
_CLOSING = "Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih."

_DECREE = """# Menimbang
a. bahwa untuk meningkatkan kesertaan ber-KB perlu dilaksanakan {kampanye} di {kota};
b. bahwa agar pelaksanaannya tertib dan terpadu perlu dibentuk tim pelaksana;
c. bahwa berdasarkan pertimbangan pada huruf a dan huruf b perlu ditetapkan Keputusan Kepala Dinas.

# Mengingat
1. Undang-Undang Nomor 52 Tahun 2009 tentang Perkembangan Kependudukan dan Pembangunan Keluarga;
2. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
3. Peraturan Pemerintah Nomor 87 Tahun 2014 tentang Perkembangan Kependudukan dan Pembangunan Keluarga, Keluarga \
Berencana, dan Sistem Informasi Keluarga.

# Memutuskan

# KESATU
Membentuk Tim Pelaksana {kampanye} dengan susunan sebagaimana tercantum dalam lampiran keputusan ini.

# KEDUA
Tim bertugas menyiapkan, melaksanakan, dan melaporkan pelayanan KB tanggal {mulai} sampai dengan {sampai}, dengan \
mendahulukan keluarga miskin dan atas dasar kesukarelaan peserta.

# KETIGA
Biaya yang timbul dibebankan pada anggaran yang tersedia.

# KEEMPAT
Keputusan ini berlaku sejak tanggal ditetapkan.
"""

_INVITATION = f"""{_OPENING}

Kami mengharap kehadiran Saudara dalam {{rapat}} yang akan diselenggarakan pada:

Hari, tanggal : {{rapat_hari}}
Pukul : {{rapat_pukul}}
Tempat : {{rapat_tempat}}
Acara : {{rapat_acara}}

{_CLOSING}
"""

_NOTICE = f"""{_OPENING}

1. Pelayanan dilaksanakan tanggal {{mulai}} sampai dengan {{sampai}} di {{faskes}} fasilitas kesehatan.
2. Sasaran pelayanan sebanyak {{sasaran}} akseptor; keluarga miskin didahulukan.
3. Mohon menyiapkan tempat, tenaga pelaksana, dan kelengkapan pelayanan sesuai jadwal terlampir.
4. Peserta diberi penjelasan dan menyatakan persetujuan sebelum dilayani.

{_CLOSING}
"""

_SUBMISSION = """Bersama ini kami ajukan calon peserta {kampanye} dari Kecamatan {kecamatan} sebanyak {terdaftar} \
orang, menurut kelurahan dan alat kontrasepsi yang dipilih sebagaimana terlampir.

Demikian kami ajukan untuk dapat ditetapkan, atas perhatiannya diucapkan terima kasih.
"""

_SCHEDULE = f"""{_OPENING}

Jadwal pelayanan dan siaran keliling tiap kecamatan tercantum dalam lampiran surat ini. Mohon disampaikan kepada warga \
di wilayah masing-masing, dan perubahan tempat atau tanggal segera diberitahukan kepada kami.

{_CLOSING}
"""

_LIST = """Bersama ini disampaikan daftar nama calon peserta {kampanye} menurut kelurahan dan alat kontrasepsi. \
Daftar ini memuat data pribadi: gunakan hanya untuk pelayanan, simpan di tempat tertutup, \
dan kembalikan atau musnahkan sesudahnya.
"""

_RECAP = """Bersama ini disampaikan rekapitulasi calon peserta {kampanye} di {kota}, sebanyak {terdaftar} orang \
terhadap sasaran {sasaran} akseptor, sebagaimana terlampir.

Demikian disampaikan untuk menjadi perhatian.
"""

KINDS: dict[LetterKind, KindOfLetter] = {
    LetterKind.DECREE: KindOfLetter("Tim Pelaksana {kampanye}", _DECREE, "188.4", Nature.ORDINARY, (Enclosure.TEAM,)),
    LetterKind.MEETING_INVITATION: KindOfLetter(
        "Undangan {rapat}", _INVITATION, "400", Nature.IMPORTANT, (Enclosure.ADDRESSEES,)
    ),
    LetterKind.NOTICE: KindOfLetter(
        "Pemberitahuan Pelaksanaan {kampanye}",
        _NOTICE,
        "400",
        Nature.IMPORTANT,
        (Enclosure.ADDRESSEES, Enclosure.SCHEDULE),
    ),
    LetterKind.SUBMISSION: KindOfLetter(
        "Pengajuan Calon Peserta {kampanye}",
        _SUBMISSION,
        "400",
        Nature.IMPORTANT,
        (Enclosure.RECAPITULATION,),
        of_kecamatan=True,
    ),
    LetterKind.SCHEDULE: KindOfLetter(
        "Jadwal Pelayanan dan Siaran Keliling {kampanye}",
        _SCHEDULE,
        "400",
        Nature.IMPORTANT,
        (Enclosure.ADDRESSEES, Enclosure.SCHEDULE, Enclosure.OUTREACH),
    ),
    LetterKind.CANDIDATE_LIST: KindOfLetter(
        "Daftar Nama Calon Peserta {kampanye}",
        _LIST,
        "400",
        Nature.CONFIDENTIAL,
        (Enclosure.CANDIDATES,),
        of_kecamatan=True,
    ),
    LetterKind.RECAPITULATION: KindOfLetter(
        "Rekapitulasi Calon Peserta {kampanye}", _RECAP, "400", Nature.ORDINARY, (Enclosure.RECAPITULATION,)
    ),
}


def placeholders(kind: LetterKind) -> tuple[str, ...]:
    """Return what a text of this kind may ask for."""
    return PLACEHOLDERS + (MEETING_PLACEHOLDERS if kind is LetterKind.MEETING_INVITATION else ())
