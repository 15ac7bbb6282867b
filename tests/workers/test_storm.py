"""Everything goes wrong at once: each invitation arrives once or is listed as unknown, and never arrives twice.

INVITATIONS=10000 runs it at the size of a large city. Nothing in the product knows of this test: processes are killed
at moments that are seen from outside.
"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from campaign import clock, migrations
from campaign.accounts.policy import SYSTEM
from campaign.app import create_app
from campaign.config import HttpSender, Settings
from campaign.db import db
from campaign.outreach.claiming import key_of
from campaign.outreach.invitations import queue_invitations
from campaign.outreach.models import Appointment, Channel, Invitation, InvitationState
from campaign.outreach.settling import GRACE
from campaign.servers import Postgres, Redis, create_database, prepare_roles, start_postgres, start_redis
from campaign.transaction import transaction
from tests.builders.candidates import Wish, make_candidate
from tests.builders.http_gateway import HttpGateway, http_gateway
from tests.builders.invitations import make_session
from tests.builders.mail import MailServer
from tests.builders.plans import make_scene
from tests.builders.processes import kill, wait_until, worker
from tests.conftest import settings_for
from workers.sweeps import requeue_invitations

NUMBER = int(os.environ.get("INVITATIONS", "1000"))
SECONDS = 90 + NUMBER / 20
# Of ten: four e-mails, three to a gateway that honours keys, two to one that does not, one slip.
MIX = (*[Channel.EMAIL] * 4, *[Channel.WHATSAPP] * 3, *[Channel.SMS] * 2, Channel.CADRE)
OPEN = (InvitationState.PENDING, InvitationState.SENDING)


def _bad_days(number: int) -> str:
    """Return how a gateway treats its request of this number."""
    for every, mood in ((17, "500"), (29, "lost"), (41, "silent"), (53, "429"), (97, "twice")):
        if number % every == 0:
            return mood
    return "slow" if number == 60 else ""


class Storm:
    """A deployment of its own whose parts can be torn down while it works."""

    def __init__(self, folder: Path, mail: MailServer, gateways: tuple[HttpGateway, HttpGateway]) -> None:
        self.folder, self.mail = folder, mail
        self.keyed, self.plain = gateways
        self.postgres: Postgres = start_postgres(folder / "postgres")
        self.redis: Redis = start_redis(folder / "redis")
        with psycopg.connect(host=self.postgres.socket_dir, user="postgres", dbname="postgres", autocommit=True) as one:
            prepare_roles(one)
            create_database(one, "storm")
        made = settings_for(self.postgres.socket_dir, "storm", folder, self.redis.url)
        migrations.upgrade(made)
        self.settings: Settings = replace(
            made,
            smtp_port=mail.port,
            whatsapp=HttpSender(self.keyed.url, is_keyed=True),
            sms=HttpSender(self.plain.url),
        )

    def lose_redis(self) -> None:
        """Kill Redis, empty it, and start it again."""
        self.redis.process.send_signal(signal.SIGKILL)
        self.redis.process.wait(10)
        shutil.rmtree(self.folder / "redis")
        self.redis = start_redis(self.folder / "redis")

    def crash_postgres(self) -> None:
        """Kill one of the database's processes: it throws everybody out, recovers and starts again."""
        one = psycopg.connect(host=self.postgres.socket_dir, user="postgres", dbname="storm")
        os.kill(one.info.backend_pid, signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            one.execute("SELECT 1")
        one.close()

    def arrived(self) -> int:
        """Return how many messages reached somebody or something."""
        slips = len(list((self.folder / "outbox").rglob("*.txt")))
        return len(self.mail.messages) + self.keyed.delivered.total() + self.plain.delivered.total() + slips

    def stop(self) -> None:
        """Stop the servers."""
        self.redis.stop()
        self.postgres.stop()


@pytest.fixture
def storm(tmp_path: Path, mail: MailServer) -> Iterator[Storm]:
    """The deployment, with two gateways that have bad days."""
    with ExitStack() as stack:
        keyed, plain = stack.enter_context(http_gateway(is_keyed=True)), stack.enter_context(http_gateway())
        keyed.mood_of = plain.mood_of = _bad_days
        running = Storm(tmp_path, mail, (keyed, plain))
        stack.callback(running.stop)
        yield running


@pytest.fixture
def storm_app(storm: Storm) -> Iterator[Flask]:
    """The application of that deployment."""
    app = create_app(storm.settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _invite(app: Flask) -> None:
    with transaction(app.extensions["send"]):
        session = make_session(make_scene())
        people = [make_candidate(session.campaign_id, Wish(channel=MIX[one % len(MIX)])) for one in range(NUMBER)]
        rows = [
            Appointment(
                plan_run_id=session.plan_run_id,
                candidate_id=person.candidate_id,
                service_session_id=session.service_session_id,
                expected_at=clock.now() + timedelta(14),
            )
            for person in people
        ]
        db.session.add_all(rows)
        db.session.flush()
        queue_invitations(SYSTEM, session.campaign_id, rows)
    db.session.remove()


def _sweep(app: Flask) -> None:
    """Do what beat would have done by now; while a server is away it cannot, and does it the next time."""
    with suppress(DBAPIError):
        with transaction(app.extensions["send"]):
            late = Invitation.due_at - GRACE - timedelta(hours=2)
            db.session.execute(update(Invitation).where(Invitation.state.in_(OPEN)).values(due_at=late))
        requeue_invitations()
    db.session.remove()


def _is_over(app: Flask) -> bool:
    _sweep(app)
    with suppress(DBAPIError):
        left = db.session.scalar(select(func.count()).select_from(Invitation).where(Invitation.state.in_(OPEN)))
        db.session.remove()
        return left == 0
    db.session.remove()
    return False


def test_a_storm_delivers_each_invitation_once_or_lists_it_as_unknown(storm: Storm, storm_app: Flask) -> None:
    _invite(storm_app)

    def until(part: float) -> None:
        def reached() -> bool:
            _sweep(storm_app)
            return storm.arrived() >= NUMBER * part

        wait_until(reached, SECONDS)

    with worker(storm.settings) as process:
        until(0.1)
        kill(process)
    with worker(storm.settings) as process:
        until(0.25)
        storm.lose_redis()
        until(0.4)
        storm.crash_postgres()
        until(0.55)
        kill(process)
    with worker(storm.settings) as process:
        until(0.7)
        kill(process)
    with worker(storm.settings):
        wait_until(lambda: _is_over(storm_app), SECONDS)
    assert_each_once_or_unknown(storm)


def assert_each_once_or_unknown(storm: Storm) -> None:
    rows = db.session.execute(select(Invitation.invitation_id, Invitation.channel, Invitation.state)).all()
    ids_of_mail = {f"<invitation-{row.invitation_id}@localhost>": row.invitation_id for row in rows}
    times: Counter[int] = Counter({ids_of_mail[key]: number for key, number in storm.mail.arrivals.items()})
    by_key = {key_of(row.invitation_id, 0): row.invitation_id for row in rows}
    for gateway in (storm.keyed, storm.plain):
        times.update({by_key[key]: number for key, number in gateway.delivered.items() if number})
    times.update(int(path.stem) for path in (storm.folder / "outbox").rglob("*.txt"))
    states = Counter((row.channel, row.state) for row in rows)
    table = {f"{channel} {state}": number for (channel, state), number in states.items()}
    (storm.folder / "storm.txt").write_text(f"{NUMBER} invitations: {table}\n")
    assert len(rows) == NUMBER
    assert {row.state for row in rows} <= {InvitationState.SENT, InvitationState.UNKNOWN}
    assert max(times.values()) == 1
    missing = {row.invitation_id for row in rows if not times[row.invitation_id]}
    in_doubt = {row.invitation_id for row in rows if row.state is InvitationState.UNKNOWN}
    assert missing <= in_doubt
    # Where the gateway honours keys, or the file is there to be seen, nothing is left in doubt.
    assert {row.channel for row in rows if row.invitation_id in in_doubt} <= {Channel.EMAIL, Channel.SMS}
    assert states[Channel.EMAIL, InvitationState.UNKNOWN] <= 3 * 2 * 4  # three kills of two processes with four lanes
