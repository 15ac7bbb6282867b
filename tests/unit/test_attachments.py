"""Which files may be kept: by their first bytes and their ending together."""

import pytest

from campaign.documents.attachments import MAX_BYTES, check_file

PDF = b"%PDF-1.7 ..."


def test_a_file_is_kept_under_a_plain_name_with_its_hash() -> None:
    kept, mistakes = check_file("C:\\scan\\Surat <jalan>.PDF", PDF)
    assert mistakes == ()
    assert kept is not None
    assert (kept.name, kept.media_type, len(kept.sha256)) == ("Surat _jalan_.pdf", "application/pdf", 64)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"MZ not a pdf", "attachment-kind"),
        ("a.exe", PDF, "attachment-kind"),
        ("a.pdf", b"", "attachment-kind"),
        ("a.pdf", PDF + b"x" * MAX_BYTES, "attachment-too-large"),
    ],
)
def test_other_files_are_refused_at_their_field(name: str, content: bytes, code: str) -> None:
    kept, (mistake,) = check_file(name, content, "note")
    assert kept is None
    assert (mistake.where, mistake.code) == ("note", code)
