"""Printed papers as files."""

import io
from typing import TYPE_CHECKING

from flask import send_file
from flask.typing import ResponseReturnValue

if TYPE_CHECKING:
    from campaign.documents.models import Paper

MIME = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def send_paper(paper: "Paper", name: str) -> ResponseReturnValue:
    """Answer with a paper as a file; its name holds ids and the version, nobody's name."""
    file_name = f"{name}-v{paper.version}.{paper.format.value}"
    content = io.BytesIO(paper.content or b"")
    return send_file(content, MIME[paper.format.value], as_attachment=True, download_name=file_name)
