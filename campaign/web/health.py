"""For whoever watches the service: is it up, and does the database answer."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from campaign.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/alive")
def alive() -> ResponseReturnValue:
    """Answer when the process runs and the database answers."""
    db.session.execute(text("SELECT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
