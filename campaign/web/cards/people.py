"""Cards about people: who is served today, who is expected, whose invitation is in doubt. Counts, no names."""

from flask_babel import gettext, ngettext

from campaign import clock, i18n
from campaign.accounts.policy import Actor, Permission, reach
from campaign.events import queries as events
from campaign.events.lifecycle import CampaignState
from campaign.imports import queries as imports
from campaign.outreach import queries as outreach
from campaign.outreach import settling
from campaign.outreach.models import InvitationState
from campaign.outreach.upcoming import upcoming
from campaign.registry import queries as registry
from campaign.web import guard
from campaign.web.cards.campaigns import open_campaigns
from campaign.web.cards.card import Card, Task


def sessions(actor: Actor) -> Card:
    """Sessions that the actor's facilities hold today, and the next ones after it."""
    today = clock.today()
    is_open = {campaign.campaign_id for campaign in open_campaigns(actor)}
    mine = [
        row
        for row in events.sessions_within(reach(actor, Permission.RECORD_ATTENDANCE))
        if row.campaign_id in is_open and row.held_on >= today and row.closed_at is None
    ]
    mine.sort(key=lambda row: (row.held_on, row.facility_id))
    names = {row.facility_id: row.name for row in registry.facilities({row.facility_id for row in mine})}
    tasks = tuple(
        Task(
            names[row.facility_id],
            f"{i18n.short_day(row.held_on)}, {i18n.hour(row.opens_at)}–{i18n.hour(row.closes_at)}",
            guard.address("attendance.page", session_id=row.service_session_id),
            *(("info", gettext("hari ini")) if row.held_on == today else ("", "")),
        )
        for row in mine
    )
    more = guard.address("attendance.today", all=1)
    return Card(gettext("Sesi pelayanan"), "clipboard-check", len(mine), tasks, gettext("Tidak ada sesi."), more)


def candidates_expected(actor: Actor) -> Card:
    """Where the candidates of the actor's area are expected today and in the next days."""
    held = reach(actor, Permission.LIST_CANDIDATES)
    found = upcoming(held, clock.today())
    tasks = tuple(
        Task(
            registry.facility(events.session(row.service_session_id).facility_id).name,
            f"{i18n.short_day(clock.local(row.first_at).date())}, {i18n.hour(row.first_at)}–{i18n.hour(row.last_at)}",
            None,
            "info",
            ngettext("%(num)s calon", "%(num)s calon", row.candidates),
        )
        for row in found
    )
    total = sum(row.candidates for row in found)
    empty = gettext("Belum ada janji.")
    return Card(gettext("Janji calon di wilayah Anda"), "calendar-heart", total, tasks, empty)


def invitations_in_doubt(actor: Actor) -> Card:
    """Invitations of which nobody knows whether they left: a person decides."""
    tasks = []
    total = 0
    for one in open_campaigns(actor):
        in_doubt = sum(
            count
            for (_channel, state), count in settling.counts(one.campaign_id).items()
            if state is InvitationState.UNKNOWN
        )
        total += in_doubt
        if in_doubt:
            address = guard.address("invitations.page", campaign_id=one.campaign_id)
            tasks.append(Task(one.name, "", address, "warn", i18n.number(in_doubt)))
    return Card(gettext("Undangan meragukan"), "envelope-exclamation", total, tuple(tasks), gettext("Tidak ada."))


def candidate_lists(actor: Actor) -> Card:
    """How many candidates each draft campaign has, per kecamatan."""
    tasks = []
    total = 0
    names = {area.code: area.name for one in registry.districts() for area in registry.kecamatan_of(one.code)}
    for one in open_campaigns(actor):
        if one.state is not CampaignState.DRAFT:
            continue
        per_kecamatan: dict[str, int] = {}
        for row in outreach.candidate_counts(one.campaign_id):
            per_kecamatan[row.kecamatan_code] = per_kecamatan.get(row.kecamatan_code, 0) + row.listed
        total += sum(per_kecamatan.values())
        address = guard.address("candidates.page", campaign_id=one.campaign_id)
        tasks += [
            Task(names.get(code, code), one.name, address, "", ngettext("%(num)s calon", "%(num)s calon", number))
            for code, number in per_kecamatan.items()
        ]
    empty = gettext("Belum ada daftar calon untuk kampanye yang disusun.")
    return Card(gettext("Daftar calon"), "person-lines-fill", total, tuple(tasks), empty)


def recent_imports(actor: Actor) -> Card:
    """Workbooks that were looked at, can be applied, and were not; one with mistakes must be sent anew."""
    waiting = [
        upload for upload in imports.recent_uploads() if upload.state == "ready" and not upload.preview["mistakes"]
    ]
    tasks = tuple(
        Task(
            i18n.word(upload.kind),
            i18n.instant(upload.uploaded_at),
            guard.address("imports.preview", upload_id=upload.upload_id),
        )
        for upload in waiting
    )
    empty = gettext("Tidak ada buku kerja yang menunggu diterapkan.")
    return Card(gettext("Impor"), "file-earmark-spreadsheet", len(waiting), tasks, empty, guard.address("imports.page"))
