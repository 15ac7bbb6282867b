"""Invitations a second through the whole path, against bare Celery tasks a second on the same broker, in the same run.

    python bench/dispatch.py [--number 3000] [--rounds 3] [--channels email,whatsapp,cadre]

The whole path: rows written in one transaction, jobs through Redis, a worker with two processes that claims, writes,
hands over by SMTP, HTTP or file, and records. It ends when every row says sent, and what arrived is counted. The bare
task only leaves a mark; its time runs from the first job sent until the last one is done.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path

import psycopg
from sqlalchemy import func, select

from bench.sinks import sinks
from campaign import clock, migrations
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.broker import make_celery
from campaign.config import HttpSender, Settings
from campaign.db import db
from campaign.events.models import ServiceSession
from campaign.outreach.invitations import queue_invitations
from campaign.outreach.models import Appointment, Channel, Invitation, InvitationState
from campaign.servers import create_database, prepare_roles, start_postgres, start_redis
from campaign.transaction import transaction
from tests.builders.candidates import Wish, make_candidate
from tests.builders.invitations import make_session
from tests.builders.plans import make_scene
from tests.builders.processes import PROJECT, environment
from tests.conftest import settings_for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--channels", default="email,whatsapp,cadre")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="serempak-bench-")))
        sink = stack.enter_context(sinks())
        settings = deployment(folder, stack, sink.mail_port, sink.web_port)
        bare = [bare_tasks(settings, chosen.number, folder) for _ in range(chosen.rounds)]
        print(f"{'bare Celery tasks':<28} {rates(bare)}", flush=True)
        expected = 0
        for name in [*chosen.channels.split(","), "all of them"]:
            channels = [Channel(one) for one in (chosen.channels if name == "all of them" else name).split(",")]
            found = [invitations(settings, channels, chosen.number) for _ in range(chosen.rounds)]
            share = statistics.median(found) / statistics.median(bare)
            print(f"{'invitations, ' + name:<28} {rates(found)}   {share:.2f} of bare tasks", flush=True)
            each = {one: -(-(chosen.number - i) // len(channels)) for i, one in enumerate(channels)}
            expected += chosen.rounds * sum(each[one] for one in channels if one is not Channel.CADRE)
        counts = sink.counts()
        arrived = [*counts["mail"].values(), *counts["web"].values()]
        print(
            f"arrived by SMTP and HTTP {sum(arrived)} of {expected}, more than once {sum(one > 1 for one in arrived)}"
        )


def rates(found: list[float]) -> str:
    return f"median {statistics.median(found):7.0f}/s   ({', '.join(f'{one:.0f}' for one in found)})"


def deployment(folder: Path, stack: ExitStack, mail: int, web: int) -> Settings:
    """Start PostgreSQL and Redis of the run's own; the database keeps what it promised through a crash, as usual."""
    postgres = start_postgres(folder / "postgres")
    stack.callback(postgres.stop)
    redis = start_redis(folder / "redis")
    stack.callback(redis.stop)
    with psycopg.connect(host=postgres.socket_dir, user="postgres", dbname="postgres", autocommit=True) as admin:
        prepare_roles(admin)
        create_database(admin, "bench")
    settings = settings_for(postgres.socket_dir, "bench", folder, redis.url)
    migrations.upgrade(settings)
    return replace(settings, smtp_port=mail, whatsapp=HttpSender(url=f"http://127.0.0.1:{web}/messages"))


def bare_tasks(settings: Settings, number: int, folder: Path) -> float:
    """Return how many tasks that do nothing a worker with two processes does in a second."""
    marks = folder / f"marks-{time.monotonic_ns()}"
    marks.touch()
    env = environment(settings) | {"MARKS": str(marks)}
    process = _start(["bench.bare:celery", "worker", "-c", "2"], env, folder / "bare.log")
    celery = make_celery(settings.redis_url)
    celery.send_task("bench.nothing", args=[0])
    _wait(lambda: marks.stat().st_size == 1)  # the worker is up
    start = time.perf_counter()
    for one in range(number):
        celery.send_task("bench.nothing", args=[one])
    _wait(lambda: marks.stat().st_size == number + 1)
    seconds = time.perf_counter() - start
    _stop(process)
    return number / seconds


def invitations(settings: Settings, channels: list[Channel], number: int) -> float:
    """Return how many invitations a worker with two processes brings out in a second, through these channels."""
    ahead = timedelta(seconds=_ahead())
    with clock.standing_at(datetime.now(UTC) + ahead):
        app = create_app(replace(settings, training_seconds=int(ahead.total_seconds())))
        with app.app_context():
            campaign_id, ids = _people(app.extensions["send"], channels, number)
            process = _start(
                ["workers.celery_app:celery", "worker", "-Q", "fast", "-c", "2"],
                environment(settings),
                settings.data_dir / "worker.log",
            )
            first, rest = ids[:1], ids[1:]
            before = _sent(campaign_id)
            _queue(app.extensions["send"], campaign_id, first)
            _wait(lambda: _sent(campaign_id) == before + 1)  # the worker is up
            start = time.perf_counter()
            _queue(app.extensions["send"], campaign_id, rest)
            _wait(lambda: _sent(campaign_id) == before + number)
            seconds = time.perf_counter() - start
            _stop(process)
            db.engine.dispose()
    return (number - 1) / seconds


def _ahead() -> int:
    """Return how far the clock is moved so that it is ten in the morning: nothing is quiet, nothing is over."""
    now = datetime.now(UTC)
    ten = datetime.combine(date(2027, 6, 1), wall(3), UTC)
    return int((ten - now).total_seconds())


def _people(send: Callable, channels: list[Channel], number: int) -> tuple[int, list[int]]:
    """Add candidates with appointments that nobody was told of."""
    with transaction(send):
        session = db.session.scalars(select(ServiceSession)).first()
        if session is None:
            session = make_session(make_scene())
        campaign_id = session.campaign_id
        rows = []
        for one in range(number):
            person = make_candidate(campaign_id, Wish(channel=channels[one % len(channels)]))
            rows.append(
                Appointment(
                    plan_run_id=session.plan_run_id,
                    candidate_id=person.candidate_id,
                    service_session_id=session.service_session_id,
                    expected_at=clock.now() + timedelta(14),
                )
            )
        db.session.add_all(rows)
        db.session.flush()
        ids = [row.appointment_id for row in rows]
    db.session.remove()
    return campaign_id, ids


def _queue(send: Callable, campaign_id: int, ids: list[int]) -> None:
    with transaction(send):
        rows = db.session.scalars(select(Appointment).where(Appointment.appointment_id.in_(ids))).all()
        queue_invitations(SYSTEM, campaign_id, rows)
    db.session.remove()


def _sent(campaign_id: int) -> int:
    query = select(func.count()).select_from(Invitation)
    query = query.where(Invitation.campaign_id == campaign_id, Invitation.state == InvitationState.SENT)
    number = db.session.scalar(query) or 0
    db.session.remove()
    return number


def _start(command: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", *command, "--without-gossip", "--without-mingle"],
            env=env | {"PYTHONPATH": str(PROJECT)},
            cwd=PROJECT,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


def _wait(holds: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("did not happen in time")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
