"""What tests share: a real PostgreSQL and a real Redis, an application bound to an outer transaction, a frozen clock.

One server for the whole run, one migrated template database, one copy of it per xdist worker. A test's commits are
real inside an outer transaction that is rolled back at its end; a test that needs real concurrent connections asks
for `own_database` and gets a copy of the template for itself.
"""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine

from campaign import clock, migrations
from campaign.app import create_app
from campaign.config import Settings
from campaign.db import db
from campaign.jobs import Job
from campaign.servers import OWNER, WEB, Postgres, create_database, prepare_roles, start_postgres, start_redis
from campaign.transaction import transaction

NOON = datetime(2027, 6, 1, 5, 0, tzinfo=UTC)  # 12:00 in Jakarta, two weeks before the test campaigns
TEMPLATE = "serempak_template"


def _start_server(folder: Path) -> Postgres:
    """Start a server that need not survive a power cut: commits are real, only the disk is not waited for."""
    server = start_postgres(folder)
    with _admin(server.socket_dir) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
    return server


def pytest_configure(config: pytest.Config) -> None:
    """With several workers the first process starts the server, and outlives them all; they find it by TEST_PGHOST."""
    if os.environ.get("TEST_PGHOST") or not getattr(config.option, "numprocesses", None):
        return
    folder = tempfile.mkdtemp(prefix="serempak-tests-")
    server = _start_server(Path(folder) / "postgres")
    os.environ["TEST_PGHOST"] = server.socket_dir

    def stop() -> None:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(stop)


@pytest.fixture(scope="session")
def postgres_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host of the server: TEST_PGHOST, or an embedded one of this process."""
    if os.environ.get("TEST_PGHOST"):
        yield os.environ["TEST_PGHOST"]
        return
    server = _start_server(tmp_path_factory.mktemp("postgres"))
    yield server.socket_dir
    server.stop()


@pytest.fixture(scope="session")
def template(postgres_socket: str) -> str:
    """Migrate the template once per run, whichever worker comes first."""
    with _admin(postgres_socket) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")
        prepare_roles(admin)
        exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if not exists:
            create_database(admin, TEMPLATE + "_making")
            migrations.upgrade(settings_for(postgres_socket, TEMPLATE + "_making", Path()))
            admin.execute(f'ALTER DATABASE "{TEMPLATE}_making" RENAME TO "{TEMPLATE}"')
        admin.execute("SELECT pg_advisory_unlock(1)")
    return TEMPLATE


def _admin(host: str) -> psycopg.Connection:
    return psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True)


def settings_for(host: str, database: str, data_dir: Path, redis_url: str = "redis://127.0.0.1:1") -> Settings:
    """Settings of a test: the application's own limited role, and keys that protect nothing."""
    return Settings(
        database_url=f"postgresql+psycopg://{WEB}@/{database}?host={host}",
        owner_database_url=f"postgresql+psycopg://{OWNER}@/{database}?host={host}",
        redis_url=redis_url,
        secret_key="x" * 32,
        privacy_key=base64.b64decode("A" * 43 + "="),
        data_dir=data_dir,
        is_https=False,
    )


@pytest.fixture(scope="session")
def worker_database(postgres_socket: str, template: str) -> str:
    """Name of this xdist worker's own copy of the template."""
    name = "serempak_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    _copy(postgres_socket, name)
    return name


def _copy(host: str, name: str) -> None:
    with _admin(host) as admin:
        admin.execute("SELECT pg_advisory_lock(2)")  # a template may not be copied twice at once
        create_database(admin, name, TEMPLATE)


@pytest.fixture(scope="session")
def whole_app(postgres_socket: str, worker_database: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for this worker's tests."""
    settings = settings_for(postgres_socket, worker_database, tmp_path_factory.mktemp("data"))
    app = create_app(settings, send=lambda job: None)
    app.config.update(TESTING=True)
    return app


@pytest.fixture
def sent() -> list[Job]:
    """Jobs that left after a commit."""
    return []


@pytest.fixture
def app(whole_app: Flask, sent: list[Job]) -> Iterator[Flask]:
    """The application inside an outer transaction: whatever the test commits is gone at its end."""
    whole_app.extensions["send"] = sent.append
    with whole_app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection  # type: ignore[assignment]
            try:
                yield whole_app
            finally:
                db.session.remove()
                db.engines[None] = engine
                outer.rollback()


@pytest.fixture
def open_transaction(app: Flask, sent: list[Job]) -> Iterator[None]:
    """An open transaction, for tests that call use-cases directly; its jobs arrive in `sent` at the end."""
    with transaction(sent.append):
        yield


@pytest.fixture
def own_database(postgres_socket: str, template: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings for a database of this test's own: for races between real connections and for real processes."""
    name = f"own_{uuid4().hex[:12]}"
    _copy(postgres_socket, name)
    yield settings_for(postgres_socket, name, tmp_path)
    with _admin(postgres_socket) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Redis of this worker's own: TEST_REDIS_URL, or an embedded one."""
    if os.environ.get("TEST_REDIS_URL"):
        yield os.environ["TEST_REDIS_URL"]
        return
    server = start_redis(tmp_path_factory.mktemp("redis"))
    yield server.url
    server.stop()


@pytest.fixture(autouse=True)
def frozen_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let each test start at noon of 1 June 2027, campaign time."""
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def owner_engine(own_database: Settings) -> Iterator[object]:
    """Engine of the role that owns the tables."""
    engine = create_engine(own_database.owner_database_url)
    yield engine
    engine.dispose()
