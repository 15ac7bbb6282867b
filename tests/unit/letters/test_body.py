"""The text of a letter is read into the pieces that PDF and Word draw."""

from campaign.letters.body import Block, BlockKind, blocks, fill, unknown_placeholders
from campaign.letters.handover import HandoverKind, standing
from campaign.letters.kinds import KINDS, LetterKind, placeholders
from campaign.letters.rosters import Addressee, Member, read_addressees, read_members, write_addressees


def test_a_blank_line_ends_a_paragraph_and_a_line_break_does_not() -> None:
    assert blocks("satu\ndua\n\ntiga") == (
        Block(BlockKind.PARAGRAPH, lines=("satu dua",)),
        Block(BlockKind.PARAGRAPH, lines=("tiga",)),
    )


def test_lines_with_the_same_mark_are_one_list() -> None:
    found = blocks("Pembuka\n1. satu\n2. dua\n   lanjutan dua\n\na. huruf\n- garis")
    assert [(block.kind, block.lines) for block in found] == [
        (BlockKind.PARAGRAPH, ("Pembuka",)),
        (BlockKind.NUMBERS, ("satu", "dua lanjutan dua")),
        (BlockKind.LETTERS, ("huruf",)),
        (BlockKind.DASHES, ("garis",)),
    ]


def test_labels_with_a_colon_stand_under_one_another_but_a_sentence_with_one_does_not() -> None:
    found = blocks("Hari, tanggal : Senin, 14 Juni 2027\nTempat : Aula\n\nCatatan: bawa kartu.")
    assert found[0].pairs == (("Hari, tanggal", "Senin, 14 Juni 2027"), ("Tempat", "Aula"))
    assert found[1] == Block(BlockKind.PARAGRAPH, lines=("Catatan: bawa kartu.",))


def test_a_head_begins_a_section() -> None:
    assert [block.kind for block in blocks("# Menimbang\na. bahwa")] == [BlockKind.SECTION, BlockKind.LETTERS]


def test_known_placeholders_are_filled_and_unknown_ones_named() -> None:
    assert fill("{kota} dan {lain}", {"kota": "Pekalongan"}) == "Pekalongan dan {lain}"
    assert unknown_placeholders("{kota} {lain} {lain}", ("kota",)) == ["lain"]


def test_every_text_that_we_ship_asks_only_for_what_can_be_filled_in() -> None:
    asked = {kind: unknown_placeholders(one.subject + one.body, placeholders(kind)) for kind, one in KINDS.items()}
    assert asked == {kind: [] for kind in LetterKind}


def test_lists_are_read_from_lines_with_tabs_bars_or_semicolons() -> None:
    people, mistakes = read_addressees("to", "Camat Barat\tBarat\n\nKepala Dinas | Kota | a@b.id\nLurah; c@d.id")
    assert not mistakes
    assert people == (
        Addressee("Camat Barat", "Barat"),
        Addressee("Kepala Dinas", "Kota", "a@b.id"),
        Addressee("Lurah", "", "c@d.id"),
    )
    assert read_addressees("to", write_addressees(people))[0] == people


def test_every_mistake_of_a_list_is_named_with_its_line() -> None:
    _, mistakes = read_addressees("to", "a | b | bukan-surel\n | x\na | b | c@d.id | e")
    assert [(one.code, one.facts["line"]) for one in mistakes] == [
        ("line-mail", 1),
        ("line-without-name", 2),
        ("line-too-many-parts", 3),
    ]
    members, mistakes = read_members("team", "Ketua | Nama | Jabatan\nSekretaris")
    assert members[0] == Member("Ketua", "Nama", "Jabatan")
    assert [one.code for one in mistakes] == ["line-member"]


class _Event:
    def __init__(self, kind: HandoverKind) -> None:
        self.kind = kind


def test_a_letter_that_was_received_stays_received() -> None:
    sent, failed, received = (_Event(kind) for kind in (HandoverKind.SENT, HandoverKind.FAILED, HandoverKind.RECEIVED))
    assert standing([]) is None
    assert standing([sent, failed]) is HandoverKind.FAILED
    assert standing([failed, received, sent]) is HandoverKind.RECEIVED
