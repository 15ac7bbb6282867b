"""Issuing for programs: JSON in and out, the same use-case, sign-in and key as the form.

POST /stock/api/issues {"key": 32 hexadecimal digits, "order": id of the SPMB, "occurred_on": "2026-11-22",
"number": from the agenda book or left out, "picks": what is taken, or left out for all that waits}, with the
session's cookie and its secret in X-CSRFToken (from GET /device/hello). The same key again answers the same SBBK.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from campaign.logistics import services
from campaign.logistics.services import Pick, StockIssue
from campaign.web import guard

blueprint = Blueprint("stock_api", __name__)

KEY = re.compile(r"[0-9a-f]{32}")


@blueprint.post("/issues")
def issue() -> ResponseReturnValue:
    """Issue what an SPMB orders; every refusal says its code and its words."""
    document = services.issue_stock(guard.actor(), _wanted())
    return jsonify(id=document.stock_document_id, number=document.number), 201


def _wanted() -> StockIssue:
    """Return what the use-case takes; nonsense is answered 400 before anything is asked of the database."""
    said = request.get_json()
    try:
        if not KEY.fullmatch(said["key"]):
            raise BadRequest
        return StockIssue(
            said["key"],
            _whole(said["order"]),
            date.fromisoformat(said["occurred_on"]),
            str(said.get("number") or "").strip() or None,
            tuple(_pick(one) for one in said.get("picks", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest from error


def _pick(said: Mapping[str, Any]) -> Pick:
    ordered = _whole(said["lot"])
    return Pick(ordered, _whole(said.get("taken_lot", ordered)), _whole(said["quantity"]), str(said.get("reason", "")))


def _whole(number: object) -> int:
    """Return a whole number as it came: 2.0 and "2" are somebody else's types, and True is no quantity."""
    if type(number) is not int:
        raise ValueError
    return number
