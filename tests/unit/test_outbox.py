"""The file outbox: one whole file a message, whoever writes it and however often."""

from pathlib import Path

import pytest

from workers.gateways import Evidence, Outgoing
from workers.gateways.outbox import Outbox

MESSAGE = Outgoing(7, "+628990000001", "Calon Contoh", "33.75.01.1002", "Undangan", "Datang ke Faskes Contoh.\n")


def test_a_message_lies_in_a_file_named_by_its_id(tmp_path: Path) -> None:
    reference = Outbox(tmp_path / "message").send(MESSAGE)
    assert reference == "message/33.75.01.1002/7.txt"
    assert "Datang ke Faskes Contoh." in (tmp_path / reference).read_text()


def test_writing_twice_leaves_one_file(tmp_path: Path) -> None:
    box = Outbox(tmp_path / "cadre")
    assert box.send(MESSAGE) == box.send(MESSAGE)
    assert [path.name for path in (tmp_path / "cadre").rglob("*") if path.is_file()] == ["7.txt"]


def test_the_outbox_knows_what_was_sent(tmp_path: Path) -> None:
    box = Outbox(tmp_path / "message")
    assert box.look_up(7, MESSAGE.area_code).evidence is Evidence.NOT_SENT
    box.send(MESSAGE)
    assert box.look_up(7, MESSAGE.area_code).evidence is Evidence.SENT


def test_only_its_owner_reads_a_message(tmp_path: Path) -> None:
    reference = Outbox(tmp_path / "message").send(MESSAGE)
    assert (tmp_path / reference).stat().st_mode & 0o077 == 0


def test_an_area_code_cannot_leave_the_outbox(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="area code"):
        Outbox(tmp_path / "message").path_of(7, "../../etc")
