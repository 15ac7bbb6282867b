"""PDF: a typst template of templates/documents/ and a frozen context, and nothing of this machine.

Only the fonts inside the typst wheel are used, and the time of the file is the time of the context, so that the same
context gives the same bytes wherever it is rendered.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from campaign.errors import CampaignError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"


class PaperTemplateFailed(CampaignError):
    """The template and the context do not fit one another: our mistake."""

    code = "paper-template-failed"


def render(template: str, context: Any, at: datetime) -> bytes:
    """Render `template` ("sbbk.typ") with a dataclass or plain values, dated `at`; raises PaperTemplateFailed."""
    try:
        content: bytes = typst.compile(
            TEMPLATES / template,
            root=TEMPLATES,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(_plain(context), ensure_ascii=False)},
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise PaperTemplateFailed(template=template) from error
    return content


def _plain(context: Any) -> dict[str, Any]:
    return context if isinstance(context, dict) else asdict(context)
