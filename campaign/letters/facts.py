"""What a letter may say about its campaign: the words that stand for its placeholders."""

from campaign import i18n
from campaign.documents.contexts import long_date
from campaign.documents.office import office
from campaign.events import queries as events
from campaign.events.meetings import queries as meetings
from campaign.events.models import Campaign
from campaign.outreach.queries import candidate_counts
from campaign.registry import queries as registry


def facts_of(campaign: Campaign, kecamatan_code: str | None, meeting_id: int | None) -> dict[str, str]:
    """Return every placeholder that can be filled in, in Indonesian whoever asks."""
    with i18n.with_locale("id"):
        return _campaign_facts(campaign, kecamatan_code) | (_meeting_facts(meeting_id) if meeting_id else {})


def _campaign_facts(campaign: Campaign, kecamatan_code: str | None) -> dict[str, str]:
    letterhead, days = office(), [row.held_on for row in campaign.dates]
    counts = [row for row in candidate_counts(campaign.campaign_id) if kecamatan_code in (None, row.kecamatan_code)]
    targets = {
        where: acceptors
        for where, acceptors in events.targets(campaign.campaign_id).items()
        if kecamatan_code in (None, where[0])
    }
    return {
        "dinas": letterhead.name,
        "faskes": i18n.number(len(events.facility_ids_of(campaign.campaign_id))),
        "kampanye": campaign.name,
        "kecamatan": registry.area(kecamatan_code).name if kecamatan_code else "",
        "kota": registry.area(campaign.district_code).name,
        "mulai": long_date(days[0]) if days else "",
        "pemerintah": letterhead.government,
        "sampai": long_date(days[-1]) if days else "",
        "sasaran": i18n.number(sum(targets.values())),
        "tanggal": ", ".join(long_date(day) for day in days),
        "terdaftar": i18n.number(sum(row.listed for row in counts)),
    }


def _meeting_facts(meeting_id: int) -> dict[str, str]:
    meeting = meetings.meeting(meeting_id)
    until = f"{i18n.hour(meeting.ends_at)}" if meeting.ends_at else "selesai"
    return {
        "rapat": meeting.title,
        "rapat_acara": " ".join(meeting.agenda.split()),
        "rapat_hari": i18n.day(meeting.meets_on),
        "rapat_pukul": f"{i18n.hour(meeting.starts_at)} s.d. {until}",
        "rapat_tempat": meeting.place,
    }
