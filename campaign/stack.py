"""What `serempak up` runs: the embedded servers where none are named, migrations, web, two workers and the beat.

Everything lives under one data directory. The parent holds a lock on it, and so do its children: a start after a
crash finds what was left running, ends it, and goes on where it was.
"""

import base64
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from campaign.config import Settings
from campaign.servers import OWNER, WEB, Postgres, Redis, start_postgres, start_redis

RUNNING = "running.env"  # under the data directory while the stack runs: how commands beside it reach it
STOP_SECONDS = 25  # a worker finishes its task; a solve saves the best plan it has


class StackFailed(RuntimeError):
    """The stack cannot run as it was asked to; the message says why."""


class AlreadyRunning(StackFailed):
    """Another `serempak up` holds the data directory."""


@dataclass(slots=True)
class Process:
    """One child of the stack, restarted when it dies."""

    name: str
    command: list[str]
    popen: subprocess.Popen[bytes] | None = None
    started: float = 0.0


def commands(bind: str, data: Path) -> dict[str, list[str]]:
    """Return the command line of each process; docker-compose.yml runs the same (a rule test compares)."""
    site = ["campaign.app:application()"]
    celery = ["celery", "-A", "workers.celery_app:celery"]
    return {
        # Without --no-control-socket gunicorn writes to the home of whoever runs it, where two stacks would meet.
        "web": ["gunicorn", *site, "-b", bind, "--workers", "2", "--threads", "4", "--no-control-socket"],
        "worker-solve": [*celery, "worker", "-Q", "solve", "-c", "1", "-n", "solve@%h"],
        "worker-fast": [*celery, "worker", "-Q", "fast", "-c", "2", "-n", "fast@%h"],
        "beat": [*celery, "beat", "-s", str(data / "beat"), "--pidfile", ""],
    }


@dataclass(slots=True)
class Stack:
    """The servers and processes of one deployment on one machine."""

    data: Path
    environment: Mapping[str, str]  # as the operator set it
    bind: str = "127.0.0.1:8000"
    postgres: Postgres | None = None
    redis: Redis | None = None
    processes: dict[str, Process] = field(default_factory=dict)
    lock: IO[str] | None = None

    def start_servers(self) -> dict[str, str]:
        """Lock the data directory, start the servers that are not named, and return the whole environment."""
        signal.signal(signal.SIGTERM, _interrupt)  # before the first child, so that none is ever left behind
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.lock = _lock(self.data)
        except OSError as error:
            raise StackFailed(f"cannot keep data in {self.data}: {error.strerror}") from error
        _require_free(self.bind)
        address = {"SEREMPAK_HTTPS": "0", "SEREMPAK_BASE_URL": f"http://{self.bind}"}
        env = {**address, **_secrets(self.data), **self.environment, "SEREMPAK_DATA_DIR": str(self.data)}
        if not env.get("DATABASE_URL"):
            self.postgres = start_postgres(self.data / "postgres")
            env.update(DATABASE_URL=self.postgres.url(WEB), DATABASE_OWNER_URL=self.postgres.url(OWNER))
        if not env.get("REDIS_URL"):
            self.redis = start_redis(self.data / "redis")
            env["REDIS_URL"] = self.redis.url
        return env

    def settings(self, env: Mapping[str, str]) -> Settings:
        """Return the settings that the processes will read."""
        return Settings.from_env(env)

    def start(self, name: str, env: Mapping[str, str]) -> None:
        """Start one process; its output goes to log/<name>.log under the data directory."""
        assert self.lock is not None
        process = self.processes.setdefault(name, Process(name, commands(self.bind, self.data)[name]))
        (self.data / "log").mkdir(exist_ok=True)
        with (self.data / "log" / f"{name}.log").open("ab") as log:
            process.popen = subprocess.Popen(
                [sys.executable, "-m", *process.command],
                env={**os.environ, **env},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C goes to the parent alone, which stops the children in order
                pass_fds=[self.lock.fileno()],
            )
        process.started = time.monotonic()
        self._write_pids()

    def start_all(self, env: Mapping[str, str]) -> None:
        """Start web, workers and beat."""
        own = {name: value for name, value in env.items() if value != self.environment.get(name)}
        _write_private(self.data / RUNNING, own)
        for name in commands(self.bind, self.data):
            self.start(name, env)

    def watch(self, env: Mapping[str, str]) -> None:
        """Restart what dies until SIGTERM or Ctrl-C; a process that cannot stay up for 5 s ends the stack."""
        while True:
            time.sleep(0.5)
            for process in self.processes.values():
                if process.popen is not None and process.popen.poll() is not None:
                    if time.monotonic() - process.started < 5:
                        raise StackFailed(f"{process.name} does not stay up; see {self.data}/log/{process.name}.log")
                    self.start(process.name, env)

    def stop(self, name: str, sig: int = signal.SIGTERM) -> None:
        """Ask one process to end, wait, and kill its whole group when it does not."""
        process = self.processes.pop(name, None)
        if process is None or process.popen is None:
            return
        _signal_group(process.popen.pid, sig)
        try:
            process.popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal_group(process.popen.pid, signal.SIGKILL)
            process.popen.wait()

    def stop_processes(self) -> None:
        """Stop web, workers and beat, all at once; the servers stay."""
        for process in self.processes.values():
            if process.popen is not None:
                _signal_group(process.popen.pid, signal.SIGTERM)
        for name in list(self.processes):
            self.stop(name)

    def stop_all(self) -> None:
        """Stop the processes, then the servers; committed data stays under the data directory."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave half of it running
        self.stop_processes()
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self.lock is not None:
            (self.data / RUNNING).unlink(missing_ok=True)
            self.lock.close()

    def _write_pids(self) -> None:
        assert self.lock is not None
        pids = [str(p.popen.pid) for p in self.processes.values() if p.popen is not None]
        self.lock.seek(0)
        self.lock.truncate()
        self.lock.write(" ".join([str(os.getpid()), *pids]))
        self.lock.flush()


def _lock(data: Path) -> IO[str]:
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        parent, *children = [int(pid) for pid in lock.read().split()] or [0]
        if not parent or _is_alive(parent):
            raise AlreadyRunning(f"serempak already runs on {data} (process {parent})") from None
        # The parent was killed; its children still hold the lock. They end before anything starts on their data.
        for pid in children:
            _signal_group(pid, signal.SIGKILL)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal_group(pid: int, sig: int) -> None:
    try:
        os.killpg(pid, sig)
    except ProcessLookupError:
        return  # it ended by itself, which is what was wanted


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _secrets(data: Path) -> dict[str, str]:
    """Return the two keys of this data directory, made at the first start and readable by its owner alone."""
    path = data / "secrets.env"
    if not path.exists():
        keys = {
            "SEREMPAK_SECRET_KEY": secrets.token_urlsafe(48),
            "SEREMPAK_PRIVACY_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        _write_private(path, keys)
    return _read(path)


def running(data: Path) -> dict[str, str]:
    """Return the settings of the stack that runs on `data`, for commands beside it; nothing when none runs."""
    path = data / RUNNING
    return _read(path) if path.exists() else {}


def _write_private(path: Path, values: Mapping[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


def _read(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)


def _require_free(bind: str) -> None:
    """Say at once that another program has the port; gunicorn would only say so in its log."""
    host, _, port = bind.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise StackFailed(f"cannot listen on {bind}: {error.strerror}") from error
