"""One run of the demo, and how its stages reach the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, scoped_session

from campaign.db import db
from campaign.demo.screen import figure, must, wait
from campaign.documents import papers
from campaign.documents.models import Paper, PaperKind, PaperState
from campaign.transaction import transaction

DISTRICT = "33.75"
DATES = (date(2027, 6, 14), date(2027, 6, 15), date(2027, 6, 16), date(2027, 6, 17))
BEFORE = datetime(2027, 6, 7, 2, 0, tzinfo=UTC)  # Monday a week before, 09:00 in Pekalongan: planning
AFTER = datetime(2027, 6, 17, 9, 0, tzinfo=UTC)  # 16:00 on the last day: the site stands here


@dataclass(frozen=True, slots=True)
class Demo:
    """The application, where the demo keeps things, and how long the planner may think."""

    app: Flask
    data: Path
    plan_seconds: int

    @contextmanager
    def work(self) -> Iterator["scoped_session[Session]"]:
        """Open one transaction, as an entry point does."""
        with self.app.app_context(), transaction(self.app.extensions["send"]) as session:
            yield session

    def asking(self, query: Callable[[], int]) -> Callable[[], int]:
        """Return a function that asks the database anew each time it is called."""

        def ask() -> int:
            with self.work():
                return query()

        return ask

    def counting(self, query: "Select[int]") -> Callable[[], int]:
        """Return a function that counts anew each time it is called."""
        return self.asking(lambda: int(db.session.scalar(query) or 0))

    def keep_papers(self, campaign_id: int, kinds: tuple[PaperKind, ...]) -> None:
        """Wait until a worker has printed the campaign's papers of these kinds, and write them to papers/."""
        asked: Any = select(func.count()).select_from(Paper)
        asked = asked.where(Paper.campaign_id == campaign_id, Paper.kind.in_(kinds))
        number = self.counting(asked)()
        must(number > 0, f"papers were asked for: {[kind.value for kind in kinds]}")
        wait("papers printed", number, self.counting(asked.where(Paper.state == PaperState.READY)))
        folder = self.data / "papers"
        folder.mkdir(exist_ok=True)
        with self.work():
            for paper in papers.papers_of_campaign(campaign_id):
                if paper.kind in kinds and paper.content is not None:
                    name = f"{paper.kind}-{paper.subject_id}-v{paper.version}.{paper.format}"
                    (folder / name).write_bytes(paper.content)
        figure("papers in", folder)
