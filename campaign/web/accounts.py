"""Who may sign in, and with which roles: for the administrator of the whole city."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts import queries

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """List the accounts."""
    wanted, number = request.args.get("q", ""), max(1, request.args.get("page", 1, type=int))
    return render_template("accounts/page.html", found=queries.accounts(wanted, number), wanted=wanted, page=number)
