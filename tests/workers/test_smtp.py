"""E-mail over a real SMTP server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign import clock
from campaign.config import Settings
from tests.builders.mail import MailServer, mail_server
from tests.conftest import settings_for
from workers.gateways import Evidence, Outgoing, Rejected, TryLater
from workers.gateways.journal import Journal, look_up
from workers.gateways.smtp import Smtp

MESSAGE = Outgoing(7, "calon@contoh.example", "Calon", "33.75.01.1002", "Undangan", "Baris satu\n.titik di awal\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def settings(server: MailServer, tmp_path: Path) -> Settings:
    return replace(settings_for("", "none", tmp_path), smtp_port=server.port)


@pytest.fixture
def smtp(settings: Settings) -> Smtp:
    return Smtp(settings, Journal.open(settings.data_dir))


def _evidence(smtp: Smtp, settings: Settings) -> Evidence:
    smtp.journal.close()
    return look_up(settings.data_dir, smtp.journal.name, 7, claim_is_over=False).evidence


def test_a_message_arrives_as_it_was_written(smtp: Smtp, server: MailServer) -> None:
    reference = smtp.send(MESSAGE)
    (mail,) = server.messages
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (MESSAGE.to, "Undangan", reference)
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.body


def test_one_connection_carries_many_messages(smtp: Smtp, server: MailServer) -> None:
    smtp.send(MESSAGE)
    first = smtp.connection
    smtp.send(replace(MESSAGE, invitation_id=8))
    assert smtp.connection is first
    assert len(server.messages) == 2


def test_a_connection_that_went_stale_is_opened_anew(smtp: Smtp, server: MailServer) -> None:
    smtp.send(MESSAGE)
    assert smtp.connection is not None
    assert smtp.connection.sock is not None
    smtp.connection.sock.close()
    smtp.send(replace(MESSAGE, invitation_id=8))
    assert len(server.messages) == 2


@pytest.mark.parametrize(("answer", "error"), [("451 wait", TryLater), ("554 never", Rejected)])
def test_what_the_server_answers_to_the_message_decides(
    smtp: Smtp, server: MailServer, answer: str, error: type[Exception]
) -> None:
    server.answers = [answer]
    with pytest.raises(error):
        smtp.send(MESSAGE)
    smtp.send(MESSAGE)  # the connection is as good as before
    assert len(server.messages) == 1


@pytest.mark.parametrize(("answer", "error"), [("450 busy", TryLater), ("550 nobody", Rejected)])
def test_a_refused_recipient_leaves_the_connection_usable(
    smtp: Smtp, server: MailServer, answer: str, error: type[Exception]
) -> None:
    server.refused = lambda recipient: answer if recipient == MESSAGE.to else None
    with pytest.raises(error):
        smtp.send(MESSAGE)
    smtp.send(replace(MESSAGE, to="lain@contoh.example"))
    assert [mail["To"] for mail in server.messages] == ["lain@contoh.example"]


def test_a_refused_sender_rejects_nobody_for_good(smtp: Smtp, server: MailServer) -> None:
    server.refused_sender = "530 Authentication required"
    with pytest.raises(TryLater, match="smtp-refused"):
        smtp.send(MESSAGE)
    server.refused_sender = None
    smtp.send(MESSAGE)
    assert len(server.messages) == 1


def test_a_server_that_is_away_is_tried_later_and_nothing_left(settings: Settings) -> None:
    smtp = Smtp(replace(settings, smtp_port=1), Journal.open(settings.data_dir))
    smtp.journal.begin(7)
    with pytest.raises(TryLater):
        smtp.send(MESSAGE)
    assert _evidence(smtp, settings) is Evidence.NOT_SENT


def test_an_address_that_would_add_a_header_is_rejected(smtp: Smtp, server: MailServer) -> None:
    with pytest.raises(Rejected):
        smtp.send(replace(MESSAGE, to="a@contoh.example\r\nBcc: b@contoh.example"))
    assert server.messages == []


def test_an_address_that_few_servers_can_carry_is_rejected(smtp: Smtp, server: MailServer) -> None:
    with pytest.raises(Rejected, match="bad-address"):
        smtp.send(replace(MESSAGE, to="çalon@contoh.example"))
    assert not server.messages


def test_a_worker_that_slept_past_its_claim_sends_nothing(smtp: Smtp, settings: Settings, server: MailServer) -> None:
    smtp.journal.begin(7)
    with pytest.raises(TryLater):
        smtp.send(replace(MESSAGE, until=clock.now()))
    assert server.messages == []
    assert _evidence(smtp, settings) is Evidence.NOT_SENT


def test_a_worker_killed_while_the_server_thinks_is_in_doubt(smtp: Smtp, settings: Settings) -> None:
    smtp.journal.begin(7)
    smtp.journal.hand(7)
    assert _evidence(smtp, settings) is Evidence.UNKNOWN
