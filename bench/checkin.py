"""Check-ins over HTTP beside a bare Flask view that does the same INSERT, on the same server in the same run.

    python bench/checkin.py [--rows 1000000] [--seconds 8] [--clients 8] [--markdown docs/bench-checkin.md]

Starts an embedded PostgreSQL with its ordinary, durable settings, fills check_in, and serves two applications with the
same gunicorn (2 workers, 4 threads): ours, and one whose views insert the same row of check_in through the same driver
and commit. Clients are threads with connections that stay open. Half load: as many requests a second as half of what
was reached, sent on a timetable, so that waiting counts.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

import psycopg  # noqa: E402

from campaign import clock, migrations  # noqa: E402
from campaign.app import create_app  # noqa: E402
from campaign.attendance.device import protocol  # noqa: E402
from campaign.db import db  # noqa: E402
from campaign.servers import create_database, prepare_roles, start_postgres, start_redis  # noqa: E402
from campaign.transaction import transaction  # noqa: E402
from tests.builders.attendance import NINE  # noqa: E402

BATCH = 25  # events, as a device sends them
Request = Callable[[], tuple[str, str, dict[str, str]]]  # path, body, headers


@dataclass(slots=True)
class Result:
    """What one run reached."""

    requests: int
    seconds: float
    latencies: list[float]
    errors: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def drive(port: int, make: Callable[[int], Request], clients: int, seconds: float, rate: float = 0.0) -> Result:
    """Send requests for some seconds: as many as go, or on a timetable of `rate` a second over all clients."""
    results: list[tuple[int, int, list[float]]] = []
    start = time.perf_counter() + 0.2
    lock = threading.Lock()

    def work(number: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        request, done, errors, latencies = make(number), 0, 0, []
        due = start + number / max(rate, 1.0)
        while time.perf_counter() < start:
            time.sleep(0.001)
        while (now := time.perf_counter()) < start + seconds:
            if rate:
                if due > now:
                    time.sleep(due - now)
                began, due = due, due + clients / rate
            else:
                began = now
            path, body, headers = request()
            link.request("POST", path, body, headers)
            answer = link.getresponse()
            answer.read()
            latencies.append(time.perf_counter() - began)
            done += 1
            errors += answer.status >= 400
        with lock:
            results.append((done, errors, latencies))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Result(sum(r[0] for r in results), seconds, [x for r in results for x in r[2]], sum(r[1] for r in results))


@contextmanager
def serving(target: str, port: int, env: dict[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", target, "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "--no-control-socket", "--keep-alive", "30"],
            env=env,
            cwd=PROJECT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the bare view -------------------------------------------------------------------------------------------------

INSERT = (
    "INSERT INTO check_in (scan_id, service_session_id, candidate_id, is_walk_in, answer, arrived_at, received_at,"
    " account_id) VALUES (%s, %s, %s, false, 'repeat', now(), now(), %s)"
)


def bare_app() -> Any:
    """Return the bare application; SQLAlchemy's pool and psycopg, as ours."""
    from flask import Flask, request
    from sqlalchemy import create_engine

    engine = create_engine(os.environ["DATABASE_URL"], pool_size=5)
    app = Flask("bare")

    @app.post("/one")
    def one() -> str:
        said = request.form
        with engine.begin() as link:
            link.exec_driver_sql(INSERT, (uuid4(), int(said["session"]), int(said["candidate"]), int(said["account"])))
        return "ok"

    @app.post("/batch")
    def batch() -> str:
        said = request.get_json()
        rows = [(uuid4(), one["session"], one["candidate"], one["account"]) for one in said]
        with engine.begin() as link:
            link.connection.cursor().executemany(INSERT, rows)
        return "ok"

    return app


# --- the rows ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class World:
    session_id: int
    places: list[tuple[int, int]]  # facility and session of each device
    candidates: list[int]
    account_id: int
    uniquifier: str


def fill(app: Any, people: int, devices: int) -> World:
    """A service day with this many on the campaign's list, and a session for each device at a facility of its own."""
    from sqlalchemy import text

    from campaign.accounts.models import Account, RoleGrant
    from campaign.accounts.roles import Role
    from campaign.outreach.models import Appointment, Candidate
    from tests.builders.attendance import expect, make_service_day, make_session
    from tests.builders.registry import make_facility

    with app.app_context(), clock.standing_at(NINE - timedelta(hours=2)), transaction(lambda job: None):
        day = make_service_day()
        first = expect(day)
        columns = [c.name for c in Candidate.__table__.columns if c.name not in ("candidate_id", "list_key")]
        same = ", ".join("NULL" if "nik" in name or "phone" in name or name == "email" else name for name in columns)
        found = db.session.scalars(
            text(
                f"INSERT INTO candidate (list_key, {', '.join(columns)}) SELECT 'bench/' || n, {same}"
                " FROM candidate, generate_series(1, :people) n WHERE candidate_id = :first RETURNING candidate_id"
            ),
            {"people": people, "first": first.candidate_id},
        ).all()
        kept = [c.name for c in Appointment.__table__.columns if c.name not in ("appointment_id", "candidate_id")]
        db.session.execute(
            text(
                f"INSERT INTO appointment (candidate_id, {', '.join(kept)}) SELECT c, {', '.join(kept)}"
                " FROM appointment, unnest(cast(:found AS bigint[])) c WHERE candidate_id = :first"
            ),
            {"found": list(found), "first": first.candidate_id},
        )
        account = db.session.get_one(Account, day.staff.account_id)
        places = [(day.city.puskesmas.facility_id, day.session_id)]
        for _ in range(devices - 1):
            facility_id = make_facility().facility_id
            session = make_session(day.campaign, day.plan_run_id, facility_id)
            places.append((facility_id, session.service_session_id))
            account.grants.append(RoleGrant(role=Role.FACILITY, facility_id=facility_id, granted_at=NINE))
        return World(day.session_id, places, list(found), account.account_id, account.fs_uniquifier)


def add_history(dsn: str, world: World, rows: int) -> None:
    """Attendance of other days: refused scans, so that nobody of today has arrived yet."""
    with psycopg.connect(dsn, autocommit=True) as link:
        link.execute(
            "INSERT INTO check_in (scan_id, service_session_id, candidate_id, is_walk_in, answer, code, arrived_at,"
            " received_at) SELECT gen_random_uuid(), %s, c.id, false, 'refused', 'wrong-day', now(), now()"
            " FROM generate_series(1, %s) n JOIN LATERAL (SELECT (%s::bigint[])[1 + n %% %s] AS id) c ON true",
            (world.session_id, rows, world.candidates, len(world.candidates)),
        )
        link.execute("VACUUM ANALYZE check_in")


# --- the requests --------------------------------------------------------------------------------------------------


def signed_cookie(app: Any, world: World) -> tuple[str, str]:
    """Return a session's cookie and CSRF token, as the sign-in page makes them."""
    from flask.sessions import SecureCookieSessionInterface
    from flask_wtf.csrf import generate_csrf

    with app.test_request_context():
        from flask import session

        session.update(_user_id=world.uniquifier, _fresh=True, fs_paa=time.time())
        token = generate_csrf()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token


class Taken:
    """Hands out everybody once."""

    def __init__(self, candidates: list[int]) -> None:
        self.left, self.lock = iter(candidates), threading.Lock()

    def next(self) -> int:
        with self.lock:
            return next(self.left)


def single(world: World, taken: Taken, cookie: str, token: str) -> Callable[[int], Request]:
    head = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
    path = f"/attendance/{world.session_id}/check-ins"
    return lambda _: lambda: (path, urlencode({"key": uuid4().hex, "candidate_id": taken.next()}), head)


def phones(port: int, world: World, taken: Taken, cookie: str, token: str) -> Callable[[int], Request]:
    """Each client is a device of its own with a chain of its own."""
    head = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}

    def phone(number: int) -> Request:
        facility_id, session_id = world.places[number]
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        link.request("POST", "/device/register", json.dumps({"key": str(uuid4()), "facility": facility_id}), head)
        given = json.loads(link.getresponse().read())
        import base64

        key = protocol.chain_key(base64.b64decode(given["key"]))
        state = {"counter": 0, "seal": protocol.GENESIS}

        def events() -> list[dict[str, str]]:
            made = []
            for _ in range(BATCH):
                state["counter"] += 1
                body = json.dumps(
                    {
                        "id": str(uuid4()),
                        "device": given["device"],
                        "counter": state["counter"],
                        "made_at": now().isoformat(),
                        "kind": "arrived",
                        "session": session_id,
                        "person": {"candidate": taken.next()},
                        "data": {},
                    }
                )
                seal = protocol.seal(key, str(state["seal"]), body)
                made.append({"body": body, "previous": str(state["seal"]), "seal": seal})
                state["seal"] = seal
            return made

        def request() -> tuple[str, str, dict[str, str]]:
            said = {"device": given["device"], "sent_at": now().isoformat(), "events": events()}
            return "/device/events", json.dumps(said), head

        return request

    return phone


def now() -> datetime:
    return datetime.now(UTC) + AHEAD


AHEAD = NINE + timedelta(hours=1) - datetime.now(UTC)


def bare_single(world: World) -> Callable[[int], Request]:
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    said = urlencode({"session": world.session_id, "candidate": world.candidates[0], "account": world.account_id})
    return lambda _: lambda: ("/one", said, head)


def bare_batch(world: World) -> Callable[[int], Request]:
    row = {"session": world.session_id, "candidate": world.candidates[0], "account": world.account_id}
    said = json.dumps([row] * BATCH)
    return lambda _: lambda: ("/batch", said, {"Content-Type": "application/json"})


# --- the run -------------------------------------------------------------------------------------------------------


def compare(
    bare: tuple[int, Callable[[int], Request]], ours: tuple[int, Callable[[int], Request]], given: Any
) -> list[Any]:
    """Drive both at full and ours at half load; turn about, so that neither has the machine at its best."""
    drive(*bare, given.clients, 1.0)  # warm
    drive(*ours, given.clients, 1.0)
    full_bare = drive(*bare, given.clients, given.seconds)
    full_ours = drive(*ours, given.clients, given.seconds)
    half_ours = drive(*ours, given.clients, given.seconds, rate=full_ours.rate / 2)
    return [("bare view", full_bare), ("ours", full_ours), ("ours, half load", half_ours)]


def table(rows: list[tuple[str, Result]], per_request: int) -> list[str]:
    reference = rows[0][1].rate
    lines = [
        "| | a second | of the bare view | p50 ms | p95 ms | p99 ms | errors |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in rows:
        rate, share = one.rate * per_request, one.rate / reference
        times = " | ".join(f"{one.percentile(at):.1f}" for at in (0.5, 0.95, 0.99))
        lines.append(f"| {name} | {rate:.0f} | {share:.2f} | {times} | {one.errors} |")
    return lines


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--seconds", type=float, default=8.0)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--people", type=int, default=60_000)
    asked.add_argument("--markdown", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="serempak-bench-") as folder:
        print("\n".join(run(given, Path(folder))))


def run(given: argparse.Namespace, folder: Path) -> list[str]:
    postgres, redis = start_postgres(folder / "postgres"), start_redis(folder / "redis")
    try:
        from tests.conftest import settings_for

        with psycopg.connect(host=postgres.socket_dir, user="postgres", dbname="postgres", autocommit=True) as admin:
            prepare_roles(admin)
            create_database(admin, "bench")
        settings = settings_for(postgres.socket_dir, "bench", folder, redis.url)
        migrations.upgrade(settings)
        app = create_app(settings, send=lambda job: None)
        world = fill(app, given.people, given.clients)
        add_history(settings.owner_database_url.replace("+psycopg", ""), world, given.rows)
        cookie, token = signed_cookie(app, world)
        with app.app_context():
            db.engine.dispose()
        return measure(given, settings, world, (cookie, token), folder)
    finally:
        redis.stop()
        postgres.stop()


def measure(given: argparse.Namespace, settings: Any, world: World, signed: tuple[str, str], folder: Path) -> list[str]:
    from tests.builders.processes import environment

    with clock.standing_at(NINE + timedelta(hours=1)):
        env = environment(settings)
    ours, bare, taken = free_port(), free_port(), Taken(world.candidates)
    with (
        serving("campaign.app:application()", ours, env, folder / "ours.log"),
        serving("bench.checkin:bare_app()", bare, env, folder / "bare.log"),
    ):
        one = compare((bare, bare_single(world)), (ours, single(world, taken, *signed)), given)
        many = compare((bare, bare_batch(world)), (ours, phones(ours, world, taken, *signed)), given)
    lines = [
        f"{given.rows:,} rows in check_in before; {given.clients} clients, {given.seconds:.0f} s a run.",
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "Single check-ins:",
        "",
        *table(one, 1),
        "",
        f"Events in batches of {BATCH}:",
        "",
        *table(many, BATCH),
    ]
    if given.markdown:
        text = given.markdown.read_text()
        start, end = text.index("<!-- table -->"), text.index("<!-- end -->")
        given.markdown.write_text(text[:start] + "<!-- table -->\n\n" + "\n".join(lines) + "\n\n" + text[end:])
    return lines


if __name__ == "__main__":
    main()
