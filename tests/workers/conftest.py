"""Workers are tested with real connections: a database, a broker and a mail server of the test's own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
from flask import Flask

from campaign.app import create_app
from campaign.config import Settings
from campaign.jobs import Job
from tests.builders.mail import MailServer, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server that counts what arrives."""
    with mail_server() as running:
        yield running


@pytest.fixture
def broker(redis_url: str) -> "redis.Redis":
    """An empty Redis."""
    client = redis.Redis(unix_socket_path=redis_url.removeprefix("redis+socket://"))
    client.flushall()
    return client


@pytest.fixture
def settings(own_database: Settings, mail: MailServer) -> Settings:
    """Settings of a deployment with a mail server and without a broker."""
    return replace(own_database, smtp_port=mail.port)


@pytest.fixture
def real_app(settings: Settings, sent: list[Job]) -> Iterator[Flask]:
    """The application on a database of the test's own: what it commits, other processes see."""
    app = create_app(settings, send=sent.append)
    with app.app_context():
        yield app
