"""The letterhead and who signs: settings of the office, kept as rows so that they change without a release."""

import base64
from dataclasses import dataclass

from sqlalchemy import select

from campaign import audit
from campaign.audit import Actor
from campaign.db import db
from campaign.documents.attachments import check_file
from campaign.documents.models import Office, OfficeLogo, Signatory
from campaign.documents.models import SignatoryRole as SignatoryRole  # for callers: they may not import models
from campaign.errors import Invalid, Mistake

# Papers of an office that has not filled in its letterhead leave room for a pen.
BLANK = "…………………………"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head of every paper, and in its number."""

    government: str = f"Pemerintah {BLANK}"
    name: str = BLANK
    address: str = BLANK
    town: str = BLANK
    unit_code: str = "KB"
    logo: str = ""  # SVG; empty: none


TEXTS = ("government", "name", "address", "town", "unit_code")  # of a letterhead, as an office types them
MOST_LOGO_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Official:
    """Who signs."""

    position: str
    name: str = BLANK
    rank: str = ""
    nip: str = ""
    prefix: str = ""  # "Plt.", "a.n. Kepala Dinas"


_UNNAMED = {
    SignatoryRole.HEAD: Official("Kepala Dinas"),
    SignatoryRole.STOREKEEPER: Official("Pengurus Barang/Bendahara Materiil"),
}


def office() -> Letterhead:
    """Return the letterhead; with blanks until somebody has filled it in."""
    row = db.session.get(Office, 1)
    if row is None:
        return Letterhead()
    return Letterhead(row.government, row.name, row.address, row.town, row.unit_code, _logo())


def unit_code() -> str:
    """Return only what stands in the numbers of papers; the letterhead carries a picture."""
    return db.session.scalar(select(Office.unit_code).where(Office.office_id == 1)) or Letterhead().unit_code


def _logo() -> str:
    """Return the arms as SVG around the picture: typst reads a picture inside JSON only as text."""
    row = db.session.get(OfficeLogo, 1)
    if row is None:
        return ""
    data = base64.b64encode(row.content).decode()
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    return f'{head}<image width="100" height="100" href="data:{row.media_type};base64,{data}"/></svg>'


def official(role: SignatoryRole) -> Official:
    """Return who signs in a role."""
    row = db.session.get(Signatory, role)
    if row is None:
        return _UNNAMED[role]
    return Official(row.position, row.name, row.rank, row.nip, row.prefix)


def save_office(actor: Actor, letterhead: Letterhead) -> None:
    """Set the letterhead; the caller has asked the policy (documents lie below accounts)."""
    _refuse_blanks({name: getattr(letterhead, name) for name in TEXTS})
    row = db.session.merge(Office(office_id=1))
    row.government, row.name, row.address = letterhead.government, letterhead.name, letterhead.address
    row.town, row.unit_code = letterhead.town, letterhead.unit_code
    audit.record(actor, "save-office", ("office", 1))


def save_logo(actor: Actor, name: str, content: bytes) -> None:
    """Set the arms on the letterhead; the caller has asked the policy. Papers that were printed keep theirs."""
    attachment, mistakes = check_file(name, content, "logo")
    is_picture = attachment is not None and attachment.media_type in ("image/png", "image/jpeg")
    if attachment is None or mistakes or not is_picture or len(content) > MOST_LOGO_BYTES:
        raise Invalid((Mistake("logo", "logo-kind"),))
    if db.session.get(Office, 1) is None:
        save_office(actor, Letterhead())
    row = db.session.merge(OfficeLogo(office_id=1))
    row.media_type, row.content = attachment.media_type, attachment.content
    audit.record(actor, "save-logo", ("office", 1))


def save_official(actor: Actor, role: SignatoryRole, official: Official) -> None:
    """Set who signs in a role; the caller has asked the policy."""
    _refuse_blanks({"position": official.position, "name": official.name})
    if official.nip and not (official.nip.isdigit() and len(official.nip) == 18):
        raise Invalid((Mistake("nip", "nip-form"),))
    row = db.session.merge(Signatory(role=role))
    row.prefix, row.position, row.name = official.prefix, official.position, official.name
    row.rank, row.nip = official.rank, official.nip
    audit.record(actor, "save-signatory", ("signatory", role.value))


def _refuse_blanks(texts: dict[str, str]) -> None:
    wrong = tuple(Mistake(where, "text-length") for where, text in texts.items() if not text.strip())
    if wrong:
        raise Invalid(wrong)
