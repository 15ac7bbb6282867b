"""Addresses that came in from outside."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import IntegerConverter


class RowId(IntegerConverter):
    """An id in an address: one that no row can have is a page that does not exist, not a fault of the database."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **{"max": 2**63 - 1, **options})


def init_app(app: Flask) -> None:
    """Let every `<int:…>` of an address be a possible id."""
    app.url_map.converters["int"] = RowId


def own_path(address: str | None) -> str | None:
    """Return `address` when it is a path of this site, None otherwise: nobody is sent elsewhere by a link of ours."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or any(ord(letter) < 32 for letter in address) or "\\" in address:
        return None
    return address
