"""The home page: what there is to do today, for the roles that one holds."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from campaign.web import guard
from campaign.web.cards import cards

blueprint = Blueprint("home", __name__)

MOST_TASKS = 6  # of one card; the rest is a number


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show what waits for the signed-in person: what waits first, what is done below it."""
    found = cards(guard.actor())
    waiting = [card for card in found if card.count]
    quiet = [card for card in found if not card.count]
    return render_template("home/page.html", waiting=waiting, quiet=quiet, most=MOST_TASKS)
