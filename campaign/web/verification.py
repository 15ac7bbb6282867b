"""The page that a letter's QR code leads to: number, date, matter and hash, and nothing else. Open to everybody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from campaign.documents.office import office
from campaign.letters import queries

blueprint = Blueprint("verification", __name__)


@blueprint.get("/v/<token>")
def page(token: str) -> ResponseReturnValue:
    """Say which letter this is; of an unknown token, that there is none."""
    found = queries.by_token(token)
    shown = render_template(
        "letters/verification.html",
        letter=found,
        paper=queries.signed_paper(found) if found else None,
        office=office(),
    )
    return shown, 200 if found else 404
