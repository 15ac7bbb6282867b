"""The personal link of an appointment: it opens one page with place and time, and takes an answer.

The token is random to whoever holds the database alone: it is made of a random salt and the privacy key, and only its
hash is kept to find the appointment again. Every message about an appointment carries the same link, and an attempt
that is repeated says the same words.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from campaign import clock
from campaign.db import db
from campaign.errors import NotFound, Unavailable
from campaign.outreach.dispatch_models import LinkMiss, ReplyLink
from campaign.privacy import vault
from campaign.transaction import hold

PURPOSE = "reply"
WINDOW, MOST_MISSES = timedelta(minutes=15), 30  # looks at links that do not exist, from one network address


class UnknownLink(NotFound):
    """No appointment has this link."""

    code = "unknown-link"


class TooManyMisses(Unavailable):
    """Too many links that do not exist were tried from one network address."""

    code = "too-many-links"


def make_links(appointment_ids: Iterable[int]) -> None:
    """Give each appointment a link, unless it has one."""
    now, rows = clock.now(), []
    for appointment_id in appointment_ids:
        salt = secrets.token_hex(16)
        rows.append(
            {
                "appointment_id": appointment_id,
                "salt": salt,
                "token_hash": hash_of(vault().token(PURPOSE, salt)),
                "created_at": now,
            }
        )
    if rows:
        db.session.execute(insert(ReplyLink).on_conflict_do_nothing(), rows)


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(appointment_id: int) -> str:
    """Return the token of an appointment's link."""
    salt = db.session.scalars(select(ReplyLink.salt).where(ReplyLink.appointment_id == appointment_id)).one()
    return vault().token(PURPOSE, salt)


def appointment_of(token: str) -> int | None:
    """Return the appointment that a token opens; None when there is none."""
    query = select(ReplyLink.appointment_id).where(ReplyLink.token_hash == hash_of(token))
    return db.session.scalars(query).one_or_none()


def count_miss(address: str) -> None:
    """Count a look at a link that does not exist; the oldest are forgotten on the way."""
    now = clock.now()
    db.session.execute(delete(LinkMiss).where(LinkMiss.missed_at < now - WINDOW))
    db.session.add(LinkMiss(missed_at=now, address_mark=vault().fingerprint(address)))
    db.session.flush()


def has_missed_too_often(address: str) -> bool:
    """Tell whether an address has to wait before it may try links again."""
    mark = vault().fingerprint(address)
    hold(f"link:{mark}")
    query = select(func.count()).select_from(LinkMiss)
    query = query.where(LinkMiss.address_mark == mark, LinkMiss.missed_at > clock.now() - WINDOW)
    return (db.session.scalar(query) or 0) >= MOST_MISSES
