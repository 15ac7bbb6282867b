"""Letters and meetings; everything that a test does not name is valid by default."""

from datetime import date, time
from itertools import count

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.events.meetings import services as meetings
from campaign.events.meetings.models import Meeting, MeetingKind
from campaign.events.meetings.services import Invited, MeetingPlan, Presence
from campaign.events.models import Campaign
from campaign.letters import drafting, services
from campaign.letters.drafting import LetterChange, NewLetter, Signer
from campaign.letters.handover import HandoverChannel, HandoverKind
from campaign.letters.kinds import LetterKind
from campaign.letters.models import Letter
from campaign.letters.rosters import Addressee, write_addressees
from campaign.letters.services import Handing

SIGNER = Signer("", "Kepala Dinas", "dr. Contoh Penanda", "Pembina Tk. I", "197001011995031001")
_numbers = count(1)


def key() -> str:
    """Return an idempotency key that was not used before."""
    return f"letter-{next(_numbers)}"


def make_letter(campaign: Campaign, kind: LetterKind = LetterKind.NOTICE, **changes: object) -> Letter:
    """Draft a letter of a campaign."""
    values: dict[str, object] = {"key": key(), "campaign_id": campaign.campaign_id, "kind": kind}
    return drafting.draft_letter(SYSTEM, NewLetter(**values | changes))  # type: ignore[arg-type]


def letter_change(letter: Letter, **changes: object) -> LetterChange:
    """Return a change that keeps everything, with somebody who signs."""
    people = [Addressee(one.name, one.place, one.email) for one in letter.addressees]
    values: dict[str, object] = {
        "letter_id": letter.letter_id,
        "revision": letter.revision,
        "written_on": letter.written_on,
        "nature": letter.nature,
        "classification": letter.classification,
        "subject": letter.subject,
        "body": letter.body,
        "addressees": write_addressees(people),
        "copies": letter.copies,
        "signer": SIGNER,
    }
    return LetterChange(**values | changes)  # type: ignore[arg-type]


def make_signed_letter(campaign: Campaign, kind: LetterKind = LetterKind.NOTICE, **changes: object) -> Letter:
    """Draft, approve, number and sign a letter."""
    letter = make_letter(campaign, kind, **changes)
    drafting.change_letter(SYSTEM, letter_change(letter))
    services.approve_letter(SYSTEM, letter.letter_id, letter.revision)
    services.number_letter(SYSTEM, letter.letter_id, None)
    return services.sign_letter(SYSTEM, letter.letter_id)


def handing(letter: Letter, **changes: object) -> Handing:
    """Return a handing over to everybody, signed for."""
    values: dict[str, object] = {
        "key": key(),
        "letter_id": letter.letter_id,
        "addressee_ids": tuple(one.letter_addressee_id for one in letter.addressees),
        "kind": HandoverKind.RECEIVED,
        "channel": HandoverChannel.COURIER,
        "happened_on": clock.today(),
        "receiver": "Petugas contoh",
    }
    return Handing(**values | changes)  # type: ignore[arg-type]


def meeting_plan(**changes: object) -> MeetingPlan:
    """Return a coordination meeting today."""
    values: dict[str, object] = {
        "kind": MeetingKind.COORDINATION,
        "title": "Rapat Koordinasi",
        "meets_on": date(2027, 6, 1),
        "starts_at": time(9),
        "ends_at": time(11),
        "place": "Aula dinas",
        "agenda": "Jadwal dan pembagian tugas",
        "invitees": (Invited("Camat Barat", "Kecamatan Barat"), Invited("Kepala Puskesmas Contoh")),
    }
    return MeetingPlan(**values | changes)  # type: ignore[arg-type]


def make_meeting(campaign: Campaign, **changes: object) -> Meeting:
    """Call a meeting of a campaign."""
    return meetings.call_meeting(SYSTEM, campaign.campaign_id, key(), meeting_plan(**changes))


def make_held_meeting(campaign: Campaign) -> Meeting:
    """Call a meeting, say who came, write its minutes, and close it."""
    meeting = make_meeting(campaign)
    first = meeting.invitees[0].meeting_invitee_id
    meetings.record_presence(SYSTEM, Presence(meeting.meeting_id, frozenset({first}), {}))
    meetings.write_minutes(SYSTEM, meeting.meeting_id, "Disepakati jadwal.\n\n1. Puskesmas siap.\n2. Kader siap.")
    return meetings.close_meeting(SYSTEM, meeting.meeting_id)
