"""Papers: asked for in the transaction that makes them true, rendered after it by a worker, stored once with a hash."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from campaign import audit, clock
from campaign.audit import Actor
from campaign.db import db
from campaign.documents.models import Paper as Paper  # for callers: they may not import models
from campaign.documents.models import PaperFormat as PaperFormat
from campaign.documents.models import PaperKind as PaperKind
from campaign.documents.models import PaperState as PaperState
from campaign.errors import Conflict, NotFound
from campaign.jobs import JobName, enqueue

# A paper whose matter has been read from the database: called when the transaction is over, it renders.
Printing = Callable[[], bytes]

# The document behind these never changes: one paper for good. The others get a new version each time they are asked.
ONE_VERSION = frozenset(
    {
        PaperKind.SPMB,
        PaperKind.SBBK,
        PaperKind.SBBM,
        PaperKind.BAST,
        PaperKind.TRANSFER,
        PaperKind.RETURN_NOTE,
        PaperKind.WRITE_OFF,
    }
)


class UnknownPaper(NotFound):
    """No paper has this id."""

    code = "unknown-paper"


class PaperNotReady(Conflict):
    """The paper is still being rendered, or rendering failed."""

    code = "paper-not-ready"


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """Which paper of which thing."""

    kind: PaperKind
    format: PaperFormat
    subject_id: int
    title: str  # as lists show it
    campaign_id: int | None = None
    basis: str | None = None  # digest of what it shows: asked again with the same one, it is the same paper


def ask_paper(request: PaperRequest) -> Paper:
    """Ask for a paper to be rendered; one that is already under way, or can never change, is returned instead."""
    if request.kind in ONE_VERSION and (first := _add(request, 1)):  # mostly the document was written just now
        return first
    latest = _latest(request)
    if latest is not None and latest.state is PaperState.FAILED:
        latest.state, latest.asked_at = PaperState.WAITING, clock.now()
        enqueue(JobName.RENDER_DOCUMENT, paper_id=latest.paper_id)
        return latest
    is_same = latest is not None and latest.basis == request.basis
    # One that waits is drawn as things stand then, so it will do, unless it was asked for under another basis.
    waits = latest is not None and latest.state is PaperState.WAITING and is_same
    is_known = is_same and request.basis is not None
    if latest is not None and (waits or request.kind in ONE_VERSION or is_known):
        return latest
    # Nothing is added when somebody asked for the same version at this moment.
    return _add(request, 1 if latest is None else latest.version + 1) or _latest_or_fail(request)


def _add(request: PaperRequest, version: int) -> Paper | None:
    row = {
        "kind": request.kind,
        "format": request.format,
        "subject_id": request.subject_id,
        "version": version,
        "campaign_id": request.campaign_id,
        "title": request.title,
        "basis": request.basis,
        "state": PaperState.WAITING,
        "asked_at": clock.now(),
    }
    added = db.session.scalar(insert(Paper).values(row).on_conflict_do_nothing().returning(Paper))
    if added is not None:
        enqueue(JobName.RENDER_DOCUMENT, paper_id=added.paper_id)
    return added


def _latest(request: PaperRequest) -> Paper | None:
    query = select(Paper).where(
        Paper.kind == request.kind, Paper.format == request.format, Paper.subject_id == request.subject_id
    )
    return db.session.scalar(query.order_by(Paper.version.desc()).limit(1))


def _latest_or_fail(request: PaperRequest) -> Paper:
    found = _latest(request)
    if found is None:
        raise UnknownPaper(subject_id=request.subject_id)
    return found


def store_paper(paper_id: int, content: bytes) -> Paper:
    """Keep what was rendered; a second rendering of the same paper changes nothing."""
    found = _locked(paper_id)
    if found.state is not PaperState.READY:
        found.state, found.content, found.ready_at = PaperState.READY, content, clock.now()
        found.sha256 = hashlib.sha256(content).hexdigest()
        db.session.flush()
    return found


def fail_paper(paper_id: int) -> None:
    """Record that a paper cannot be rendered; asking again tries again."""
    found = _locked(paper_id)
    if found.state is PaperState.WAITING:
        found.state = PaperState.FAILED


def _locked(paper_id: int) -> Paper:
    found = db.session.get(Paper, paper_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise UnknownPaper(paper_id=paper_id)
    return found


def paper(paper_id: int) -> Paper:
    """Return one paper without its bytes."""
    found = db.session.get(Paper, paper_id)
    if found is None:
        raise UnknownPaper(paper_id=paper_id)
    return found


def papers_of(kind: PaperKind, subject_id: int) -> list[Paper]:
    """Return the papers of one thing, newest version first."""
    query = select(Paper).where(Paper.kind == kind, Paper.subject_id == subject_id)
    return list(db.session.scalars(query.order_by(Paper.version.desc(), Paper.format)))


PAGE = 50


def list_papers(visible: Mapping[PaperKind, Collection[int] | None], page: int = 1) -> tuple[list[Paper], int]:
    """Return a page of papers, newest first, and how many pages there are.

    `visible` says of which subjects of each kind; None: of all. A kind that is not named is left out.
    """
    of_kind = [
        Paper.kind == kind if subjects is None else (Paper.kind == kind) & Paper.subject_id.in_(subjects)
        for kind, subjects in visible.items()
    ]
    query = select(Paper).where(or_(false(), *of_kind))
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Paper.asked_at.desc(), Paper.paper_id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    return list(db.session.scalars(newest)), max(1, -(-count // PAGE))


def try_again(actor: Actor, paper_id: int) -> None:
    """Ask once more for a paper that could not be rendered; others stay as they are."""
    found = _locked(paper_id)
    if found.state is not PaperState.FAILED:
        raise PaperNotReady(paper_id=paper_id, state=found.state.value)
    found.state, found.asked_at = PaperState.WAITING, clock.now()
    audit.record(actor, "ask-paper", ("paper", paper_id), kind=found.kind.value)
    enqueue(JobName.RENDER_DOCUMENT, paper_id=paper_id)


def papers_of_campaign(campaign_id: int) -> list[Paper]:
    """Return the papers of a campaign, newest first."""
    query = select(Paper).where(Paper.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(Paper.asked_at.desc(), Paper.paper_id.desc())))


def forgotten_papers(older_than: timedelta) -> list[int]:
    """Return papers that have waited longer than `older_than`: their job was lost."""
    query = select(Paper.paper_id).where(Paper.state == PaperState.WAITING, Paper.asked_at < clock.now() - older_than)
    return list(db.session.scalars(query.order_by(Paper.asked_at)))


def paper_for_download(actor: Actor, paper_id: int) -> Paper:
    """Return a paper with its bytes and write down who took it; the caller has asked the policy of its subject."""
    found = db.session.get(Paper, paper_id, options=[undefer(Paper.content)], populate_existing=True)
    if found is None:
        raise UnknownPaper(paper_id=paper_id)
    if found.state is not PaperState.READY:
        raise PaperNotReady(paper_id=paper_id, state=found.state.value)
    audit.record(actor, "download-paper", ("paper", paper_id), kind=found.kind.value)
    return found
