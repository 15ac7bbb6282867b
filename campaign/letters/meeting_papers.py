"""The attendance list and the minutes of a meeting, on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from campaign import clock, i18n
from campaign.accounts.policy import Actor, Permission, require
from campaign.documents import pdf
from campaign.documents.contexts import Foot, Signature, foot, long_date, place_and_date, signature
from campaign.documents.office import Letterhead, SignatoryRole, office, official
from campaign.documents.papers import Paper, PaperFormat, PaperKind, PaperRequest, Printing, ask_paper
from campaign.events.meetings.models import Meeting
from campaign.events.meetings.queries import meeting as one_meeting
from campaign.letters.body import Block, blocks

BLANK_ROWS = 5  # for who comes unasked


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of the attendance list."""

    name: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPaper:
    """What both papers of a meeting show."""

    letterhead: Letterhead
    foot: Foot
    place_date: str
    signatures: tuple[Signature, ...]
    title: str
    day: str
    hours: str
    place: str
    agenda: str
    guests: tuple[Guest, ...]
    came: tuple[Guest, ...]
    blocks: tuple[Block, ...]
    agreements: tuple[tuple[str, str, str], ...]  # task, who, until when


def ask_meeting_paper(actor: Actor, meeting_id: int, kind: PaperKind) -> Paper:
    """Ask for the attendance list or the minutes of a meeting; as long as nothing changed it is the same one."""
    require(actor, Permission.SEE_DOCUMENTS)
    meeting = one_meeting(meeting_id)
    basis = f"{len(meeting.minutes)}-{len(meeting.agreements)}-{len(meeting.invitees)}-{meeting.meets_on}"
    title = f"{i18n.word(kind)}: {meeting.title}"[:160]
    return ask_paper(PaperRequest(kind, PaperFormat.PDF, meeting_id, title, meeting.campaign_id, basis[:64]))


def prepare(kind: PaperKind, subject_id: int, base_url: str) -> Printing:
    """Read what a paper of a meeting shows; `base_url` is the site's address, for the QR code."""
    with i18n.with_locale("id"):
        meeting = one_meeting(subject_id)
        return partial(pdf.render, TEMPLATES[kind], _context(meeting, base_url), clock.now())


TEMPLATES = {PaperKind.MEETING_ATTENDANCE: "meeting_attendance.typ", PaperKind.MEETING_MINUTES: "meeting_minutes.typ"}
Prepare = Callable[[PaperKind, int, str], Printing]


def _context(meeting: Meeting, base_url: str) -> MeetingPaper:
    letterhead, newest = office(), meeting.minutes[-1] if meeting.minutes else None
    until = i18n.hour(meeting.ends_at) if meeting.ends_at else "selesai"
    guests = [Guest(one.name, one.office) for one in meeting.invitees]
    return MeetingPaper(
        letterhead=letterhead,
        foot=foot(clock.now(), newest.version if newest else 1, f"{base_url}/meetings/{meeting.meeting_id}"),
        place_date=place_and_date(letterhead, meeting.meets_on),
        signatures=(signature(official(SignatoryRole.HEAD), "Mengetahui,"),),
        title=meeting.title,
        day=i18n.day(meeting.meets_on),
        hours=f"{i18n.hour(meeting.starts_at)} s.d. {until}",
        place=meeting.place,
        agenda=meeting.agenda,
        guests=(*guests, *(Guest() for _ in range(BLANK_ROWS))),
        came=tuple(Guest(one.stood_in or one.name, one.office or one.name) for one in meeting.invitees if one.came),
        blocks=blocks(newest.text) if newest else (),
        agreements=tuple(
            (one.task, one.who, long_date(one.due_on) if one.due_on else "–") for one in meeting.agreements
        ),
    )
