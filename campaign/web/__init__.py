"""HTTP only."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the site to the application."""
