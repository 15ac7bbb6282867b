"""Gateways against a real server that behaves badly: what may be sent again, what never, what nobody knows."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from campaign import clock
from campaign.config import HttpSender
from tests.builders.http_gateway import HttpGateway, http_gateway
from workers.gateways import Evidence, Outgoing, Rejected, TryLater, Unclear
from workers.gateways.http import Http
from workers.gateways.journal import Journal, look_up
from workers.gateways.other import Other

MESSAGE = Outgoing(7, "+6289000000001", "Calon", "33.75.01.1002", "Undangan", "Isi pesan", key="a" * 32)


@pytest.fixture
def server() -> Iterator[HttpGateway]:
    with http_gateway() as running:
        yield running


def _http(server: HttpGateway, folder: Path, *, is_keyed: bool = False, can_ask: bool = False) -> Http:
    sender = HttpSender(server.url, "secret", server.url if can_ask else "", is_keyed)
    return Http(sender, Journal.open(folder), seconds=0.4)


def test_a_message_taken_is_known_by_the_gateways_name(server: HttpGateway, tmp_path: Path) -> None:
    assert _http(server, tmp_path).send(MESSAGE) == f"w-{MESSAGE.key}"
    assert server.delivered == {MESSAGE.key: 1}
    assert server.texts == ["Isi pesan"]


@pytest.mark.parametrize(("mood", "error"), [("400", Rejected), ("429", TryLater)])
def test_what_the_gateway_says_of_itself_decides(
    server: HttpGateway, tmp_path: Path, mood: str, error: type[Exception]
) -> None:
    server.moods.append(mood)
    with pytest.raises(error):
        _http(server, tmp_path).send(MESSAGE)
    assert server.delivered == {}


def test_a_busy_gateway_says_how_long_to_wait(server: HttpGateway, tmp_path: Path) -> None:
    server.moods.append("429")
    with pytest.raises(TryLater) as caught:
        _http(server, tmp_path).send(MESSAGE)
    assert caught.value.wait == timedelta(seconds=1)


@pytest.mark.parametrize("mood", ["500", "lost", "silent", "slow"])
def test_without_key_and_without_asking_silence_is_doubt(server: HttpGateway, tmp_path: Path, mood: str) -> None:
    server.moods.append(mood)
    with pytest.raises(Unclear):
        _http(server, tmp_path).send(MESSAGE)


@pytest.mark.parametrize("mood", ["500", "lost", "silent", "slow"])
def test_with_a_key_the_same_message_may_be_sent_again_and_arrives_once(tmp_path: Path, mood: str) -> None:
    with http_gateway(is_keyed=True) as server:
        server.moods.append(mood)
        http = _http(server, tmp_path, is_keyed=True)
        with pytest.raises(TryLater):
            http.send(MESSAGE)
        http.send(MESSAGE)
        assert server.delivered == {MESSAGE.key: 1}


@pytest.mark.parametrize("mood", ["lost", "silent", "slow"])
def test_a_gateway_that_can_be_asked_says_that_it_has_it(server: HttpGateway, tmp_path: Path, mood: str) -> None:
    server.moods.append(mood)
    assert _http(server, tmp_path, can_ask=True).send(MESSAGE) == f"w-{MESSAGE.key}"
    assert server.delivered == {MESSAGE.key: 1}


def test_a_gateway_that_never_had_it_may_be_sent_it_again(server: HttpGateway, tmp_path: Path) -> None:
    server.moods.append("500")
    with pytest.raises(TryLater):
        _http(server, tmp_path, can_ask=True).send(MESSAGE)
    assert _http(server, tmp_path, can_ask=True).ask(MESSAGE.key) == (Evidence.NOT_SENT, "")


def test_a_stray_second_answer_is_never_taken_for_that_of_the_next_message(server: HttpGateway, tmp_path: Path) -> None:
    server.moods.append("twice")
    http = _http(server, tmp_path)
    http.send(MESSAGE)
    assert http.send(replace(MESSAGE, invitation_id=8, key="b" * 32)) == f"w-{'b' * 32}"
    assert server.delivered == {MESSAGE.key: 1, "b" * 32: 1}


def test_a_gateway_that_is_away_is_tried_later_and_nothing_left(tmp_path: Path) -> None:
    http = Http(HttpSender("http://127.0.0.1:1/"), Journal.open(tmp_path))
    http.journal.begin(7)
    with pytest.raises(TryLater, match="gateway-unreachable"):
        http.send(MESSAGE)
    http.journal.left(7)
    http.journal.close()
    assert look_up(tmp_path, http.journal.name, 7, claim_is_over=False).evidence is Evidence.NOT_SENT


def test_a_worker_that_slept_past_its_claim_asks_nobody(server: HttpGateway, tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="worker-died"):
        _http(server, tmp_path).send(replace(MESSAGE, until=clock.now()))
    assert server.requests == 0


@pytest.mark.parametrize(("code", "error"), [(200, None), (500, Unclear)])
def test_apprise_answers_yes_or_leaves_the_message_in_doubt(
    tmp_path: Path, code: int, error: type[Exception] | None
) -> None:
    arrived: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a message."""
            arrived.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(code)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    other = Other(f"json://127.0.0.1:{listening.server_port}/{{to}}", Journal.open(tmp_path))
    if error is None:
        assert other.send(MESSAGE) == ""
    else:
        with pytest.raises(error):
            other.send(MESSAGE)
    listening.shutdown()
    listening.server_close()
    assert [one["message"] for one in arrived] == ["Isi pesan"]
