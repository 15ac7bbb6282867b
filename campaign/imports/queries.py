"""The uploads that were looked at and applied."""

from sqlalchemy import select

from campaign.db import db
from campaign.imports.applying import UnknownUpload
from campaign.imports.models import Upload

RECENT = 20


def upload(upload_id: int) -> Upload:
    """Return one upload with its preview."""
    found = db.session.get(Upload, upload_id)
    if found is None:
        raise UnknownUpload(upload_id=upload_id)
    return found


def recent_uploads() -> list[Upload]:
    """Return the latest uploads, newest first."""
    return list(db.session.scalars(select(Upload).order_by(Upload.upload_id.desc()).limit(RECENT)))
