"""`serempak up` runs the product, stops cleanly, survives being killed, and starts again where it was."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text

from campaign.servers import OWNER, Postgres, start_postgres

PATIENCE_SECONDS = 60


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def _up(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "campaign.cli", "up", "--data", str(data), "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for(port, process)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until this very start says where the site is, and the site answers."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("site "):
            break
    else:
        pytest.fail("the stack ended: " + "".join(said))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            return  # an answer, if a refusal
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the site did not answer")


def _processes_on(data: Path) -> list[psutil.Process]:
    """Processes that belong to the stack on `data`: they name it in their environment or on their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline()) + process.environ().get("SEREMPAK_DATA_DIR", "")
        except psutil.Error:
            continue
        if str(data) in words and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def _running(pids: set[int]) -> list[psutil.Process]:
    """Those that still run; a killed one without a parent to collect it is no more than a line in the table."""
    return [p for p in psutil.process_iter() if p.pid in pids and p.status() != psutil.STATUS_ZOMBIE]


def _settle(data: Path) -> list[psutil.Process]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := _processes_on(data)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def _database(data: Path) -> Postgres:
    return start_postgres(data / "postgres")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "serempak"


def test_ctrl_c_stops_everything_and_the_next_start_finds_its_data(data: Path) -> None:
    port = _free_port()
    with _up(data, port) as stack:
        assert len(_processes_on(data)) >= 7  # parent, PostgreSQL, Redis, web, two workers, beat
        stack.send_signal(signal.SIGINT)
        assert stack.wait(PATIENCE_SECONDS) == 0
    assert _settle(data) == []
    postgres = _database(data)
    engine = create_engine(postgres.url(OWNER))
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO area (code, level, name, aliases) VALUES ('33', 'province', 'Jawa', '{}')")
        )
    engine.dispose()
    postgres.stop()
    with _up(data, port) as stack:
        engine = create_engine(_database(data).url(OWNER))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT name FROM area")).scalar_one() == "Jawa"
        engine.dispose()
        stack.send_signal(signal.SIGTERM)
        assert stack.wait(PATIENCE_SECONDS) == 0
    assert _settle(data) == []


def test_a_start_after_a_killed_parent_ends_what_was_left_running(data: Path) -> None:
    port = _free_port()
    with _up(data, port) as stack:
        stack.kill()
        stack.wait()
    orphans = {process.pid for process in _processes_on(data)}
    assert orphans  # the children outlived their parent, and the port is still theirs
    with _up(data, port) as stack:
        assert {process.name() for process in _running(orphans)} <= {"postgres"}  # one server, taken over
        stack.send_signal(signal.SIGINT)
        assert stack.wait(PATIENCE_SECONDS) == 0
    assert _settle(data) == []


def test_a_second_start_on_the_same_data_is_refused(data: Path) -> None:
    with _up(data, _free_port()) as stack:
        second = subprocess.run(
            [sys.executable, "-m", "campaign.cli", "up", "--data", str(data), "--bind", f"127.0.0.1:{_free_port()}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert second.returncode == 1
        assert "already runs" in second.stderr
        stack.send_signal(signal.SIGINT)
        assert stack.wait(PATIENCE_SECONDS) == 0


def test_a_port_that_another_program_has_is_said_and_nothing_is_left_running(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        words = ["up", "--data", str(data), "--bind", f"127.0.0.1:{other.getsockname()[1]}"]
        answer = subprocess.run([sys.executable, "-m", "campaign.cli", *words], capture_output=True, text=True)
    assert answer.returncode == 1
    assert "cannot listen" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert _settle(data) == []


def test_a_demo_that_is_ended_in_the_middle_fails_and_leaves_nothing_running(data: Path) -> None:
    words = ["demo", "--exit", "--data", str(data), "--bind", f"127.0.0.1:{_free_port()}"]
    process = subprocess.Popen([sys.executable, "-m", "campaign.cli", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    next(line for line in process.stdout if "Import" in line)
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert _settle(data) == []
