"""Wires the parts together. Nothing is built at import time: web, workers, command line and tests call create_app."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask

from campaign import clock, privacy, tables  # noqa: F401 - tables: relationships need every row class loaded
from campaign.broker import Broker
from campaign.config import Settings
from campaign.db import db
from campaign.jobs import Job

PROJECT = Path(__file__).resolve().parents[1]


def create_app(settings: Settings, *, send: Callable[[Job], None] | None = None) -> Flask:
    """Return the application; `send` takes the jobs that leave after a commit (default: the broker)."""
    from campaign import web

    app = Flask("campaign", root_path=str(Path(__file__).parent), template_folder=str(_templates()))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "isolation_level": "READ COMMITTED",
            "hide_parameters": True,  # an error of the database would name what somebody typed
        },
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["serempak"] = settings
    app.extensions["send"] = send or Broker(settings).send
    clock.set_zone(settings.timezone)
    clock.set_training(timedelta(seconds=settings.training_seconds))
    privacy.configure(settings.privacy_key)
    db.init_app(app)
    web.init_app(app)
    return app


def environment() -> Settings:
    """Return the settings that the environment describes."""
    return Settings.from_env(os.environ)


def application() -> Flask:
    """Return the application as the environment describes it: what gunicorn and the workers load."""
    return create_app(environment())


def _templates() -> Path:
    """Return templates/: beside campaign/ in a checkout, and beside it in an installed wheel as well."""
    return PROJECT / "templates"
