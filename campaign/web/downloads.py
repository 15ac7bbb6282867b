"""Printed papers as files."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Response, send_file
from flask.typing import ResponseReturnValue

if TYPE_CHECKING:
    from campaign.documents.models import Paper
    from campaign.documents.papers import PaperFormat, Printing

MIME = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def send_paper(paper: "Paper", name: str) -> ResponseReturnValue:
    """Answer with a paper as a file; its name holds ids and the version, nobody's name."""
    file_name = f"{name}-v{paper.version}.{paper.format.value}"
    content = io.BytesIO(paper.content or b"")
    return send_file(content, MIME[paper.format.value], as_attachment=True, download_name=file_name)


def send_printing(printing: "Printing", of_format: "PaperFormat", name: str) -> ResponseReturnValue:
    """Answer with a sheet that is rendered as it is sent: by then the request's transaction is over."""

    def body() -> Iterator[bytes]:
        yield printing()

    headers = {"Content-Disposition": f"attachment; filename={name}.{of_format.value}"}
    return Response(body(), mimetype=MIME[of_format.value], headers=headers)
