"""What every template can say: filters for words, dates and numbers, and the questions it asks."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask

from campaign import clock, i18n
from campaign.accounts.policy import Permission
from campaign.web import guard

YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(
        word=i18n.word,
        action_word=i18n.action_word,
        error_text=i18n.error_text,
        day=i18n.day,
        short_day=i18n.short_day,
        hour=i18n.hour,
        instant=i18n.instant,
        number=i18n.number,
        decimal=i18n.decimal,
        percent=i18n.percent,
        rupiah=i18n.rupiah,
    )
    app.jinja_env.globals.update(
        may=guard.may, address=guard.address, new_key=lambda: uuid4().hex, Permission=Permission, clock=clock
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # The address of a file changes with its bytes, so that a phone fetches it once: see _name_by_content.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_SECONDS
    app.url_defaults(_name_by_content(Path(app.static_folder or "")))


def _name_by_content(folder: Path) -> Callable[[str, dict[str, Any]], None]:
    """Return what adds the fingerprint of a static file to its address."""
    known: dict[tuple[str, float], str] = {}

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "filename" not in values:
            return
        path = folder / values["filename"]
        if path.is_file():
            key = (values["filename"], path.stat().st_mtime)
            if key not in known:
                known[key] = sha256(path.read_bytes()).hexdigest()[:12]
            values["v"] = known[key]

    return add_version
