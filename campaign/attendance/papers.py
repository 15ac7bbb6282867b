"""The attendance list on paper: QR and readable code a row, signatures left and right in turn. It names no method."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from campaign import audit, clock, i18n
from campaign.accounts.policy import Actor, Permission
from campaign.attendance.cards import card_code
from campaign.attendance.services import open_desk
from campaign.documents import pdf
from campaign.documents.contexts import Foot, Signature, foot, place_and_date, qr, signature
from campaign.documents.office import BLANK, Letterhead, Official, office
from campaign.documents.papers import (
    PaperFormat,
    PaperKind,
    PaperRequest,
    Printing,
    ask_paper,
    paper_for_download,
    papers_of,
)
from campaign.errors import NotFound
from campaign.events import queries as events
from campaign.outreach import expected as outreach
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.documents.models import Paper

BLANK_ROWS = 5  # for walk-ins


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line; a blank one has neither name nor code."""

    code: str = ""
    qr: str = ""  # SVG
    name: str = ""
    address: str = ""
    hour: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """Everything that the printed list shows."""

    letterhead: Letterhead
    foot: Foot
    place_date: str
    signatures: tuple[Signature, ...]
    name: str
    place: str
    day: str
    hours: str
    expected: str
    rows: tuple[SheetRow, ...]


def ask_attendance_list(actor: Actor, service_session_id: int) -> "Paper":
    """Ask for the printed list of a session of the actor's own facility."""
    session = open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    place = registry.facility(session.facility_id).name
    request = PaperRequest(
        kind=PaperKind.ATTENDANCE_LIST,
        format=PaperFormat.PDF,
        subject_id=service_session_id,
        title=f"Daftar hadir {place}, {session.held_on:%d-%m-%Y}"[:160],
    )
    audit.record(actor, "ask-attendance-list", ("service_session", service_session_id))
    return ask_paper(request)


def printed_lists(service_session_id: int) -> "list[Paper]":
    """Return the printed lists of a session, newest first."""
    return papers_of(PaperKind.ATTENDANCE_LIST, service_session_id)


def download_attendance_list(actor: Actor, service_session_id: int, paper_id: int) -> "Paper":
    """Return a printed list with its bytes, to staff of its facility only."""
    open_desk(actor, service_session_id, Permission.RECORD_ATTENDANCE)
    if paper_id not in {paper.paper_id for paper in printed_lists(service_session_id)}:
        raise NotFound(paper_id=paper_id)
    return paper_for_download(actor, paper_id)


def prepare(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what the PDF of a session's list shows as it stands now."""
    at = clock.now()
    with i18n.with_locale("id"):
        version = max((paper.version for paper in papers_of(kind, subject_id)), default=1)
        mark = foot(at, version, f"{base_url}/attendance/{subject_id}")
        return partial(pdf.render, "attendance_list.typ", attendance_sheet(subject_id, mark), at)


def attendance_sheet(service_session_id: int, mark: Foot) -> AttendanceSheet:
    """Return what the printed list of a session shows, by time."""
    session = events.session(service_session_id)
    facility = registry.facility(session.facility_id)
    head = office()
    rows = _rows(service_session_id)
    return AttendanceSheet(
        letterhead=head,
        foot=mark,
        place_date=place_and_date(head, session.held_on),
        signatures=(signature(Official(f"Petugas {facility.name}", BLANK), "Mengetahui,"),),
        name=events.campaign(session.campaign_id).name,
        place=f"{facility.name}, {facility.address}",
        day=i18n.day(session.held_on),
        hours=f"{i18n.hour(session.opens_at)}–{i18n.hour(session.closes_at)}",
        expected=f"{i18n.number(len(rows))} orang",
        rows=(*rows, *[SheetRow()] * BLANK_ROWS),
    )


def _rows(service_session_id: int) -> list[SheetRow]:
    appointed = outreach.appointed_in([service_session_id])
    people = candidates_by_ids(row.candidate_id for row in appointed)
    areas = {code: registry.area(code).name for code in {person.kelurahan_code for person in people.values()}}
    return [
        SheetRow(
            code=card_code(row.candidate_id),
            qr=qr(card_code(row.candidate_id)),
            name=people[row.candidate_id].name,
            address=", ".join(
                part
                for part in (people[row.candidate_id].address, areas[people[row.candidate_id].kelurahan_code])
                if part
            ),
            hour=i18n.hour(row.expected_at),
        )
        for row in appointed
    ]
