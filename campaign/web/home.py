"""The home page: what there is to do today, for the roles that one holds."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show what waits for the signed-in person."""
    return render_template("home/page.html", cards=[])
