"""Stages 4 to 6 of the demo: invitations, service days, tally and report."""

from collections import defaultdict
from typing import Any

import click
from sqlalchemy import func, select

from campaign.accounts.roles import Role
from campaign.attendance import queries as attendance
from campaign.demo import mail, people
from campaign.demo.replay import replay
from campaign.demo.screen import figure, must, stage, table, wait
from campaign.demo.session import Demo
from campaign.documents.models import PaperKind
from campaign.logistics.campaign_stock import campaign_stock
from campaign.logistics.verifying import verify_stock
from campaign.outreach.models import Channel, Invitation, InvitationState
from campaign.registry import queries as registry
from campaign.reports import campaign_report
from campaign.reports.campaign_report import CampaignReport
from campaign.reports.results import ResultRow, sum_of


def send_invitations(demo: Demo) -> None:
    """Wait until the worker has sent every invitation, and count what arrived."""
    stage(4, "Undangan · invitations through a worker")
    every: Any = select(func.count()).select_from(Invitation)
    settled = every.where(Invitation.state.not_in((InvitationState.PENDING, InvitationState.SENDING)))
    wait("invitations settled", demo.counting(every)(), demo.counting(settled))
    sent = every.where(Invitation.state == InvitationState.SENT)
    by_channel = {channel: demo.counting(sent.where(Invitation.channel == channel))() for channel in Channel}
    arrived = mail.deliveries(demo.data / "mail")
    for channel, number in by_channel.items():
        figure(f"sent by {channel.value}", number)
    figure("arrived at the SMTP server", arrived.total())
    must(demo.counting(every)() == sum(by_channel.values()), "every invitation was sent")
    must(arrived.total() == len(arrived) == by_channel[Channel.EMAIL], "each e-mail arrived exactly once")


def replay_service_days(demo: Demo, campaign_id: int) -> None:
    """Let the service days happen: arrivals, no-shows, walk-ins, refusals, services with method and lot."""
    stage(5, "Hari pelayanan · the service days, replayed")
    with click.progressbar(length=1, label=f"   {'arrivals and services':<34}", width=30, show_pos=True) as bar:

        def show(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        replay(demo.app, campaign_id, show)


def report(demo: Demo, campaign_id: int) -> None:
    """Wait for the tally, print it, check the stock identity and the ledger, and print the report."""
    stage(6, "Rekapitulasi dan laporan · tally and report")
    wait("tallies up to date", 1, demo.asking(lambda: int(not attendance.tally(campaign_id).is_provisional)))
    with demo.work():
        found = campaign_report.build_report(campaign_id)
        _must_agree(found, attendance.tally(campaign_id))
        _print_results(found)
        _print_stock(found)
        verification = verify_stock(people.actor_of(Role.ADMINISTRATOR))
        must(not verification.differences, "every balance equals the sum of its entries")
        figure("ledger verified, entries", verification.entries)
    with demo.work():
        campaign_report.ask_report(people.actor_of(Role.PLANNER), campaign_id)
    demo.keep_papers(campaign_id, (PaperKind.CAMPAIGN_REPORT,))


def _must_agree(found: CampaignReport, tally: attendance.CampaignTally) -> None:
    """The worker's stored tallies and the report's own count come from the same rows."""
    stored = sum(counts.served for counts in tally.cells.values())
    must(stored == found.total.counts.served, f"tally {stored} and report {found.total.counts.served} agree")


HEADINGS = ("kecamatan, method", "target", "invited", "came", "walk-in", "served", "deferred", "refused", "referred")


def _print_results(found: CampaignReport) -> None:
    rows = []
    for code, name in found.names.kecamatan.items():
        of_kecamatan = [row for row in found.results if row.kecamatan_code == code]
        rows += [_line(f"{name}, {found.names.methods[row.method_code]}", row) for row in of_kecamatan]
        rows.append(_line(f"{name}, all", sum_of(of_kecamatan)))
    table(HEADINGS, [*rows, _line("all", found.total)])


def _line(label: str, row: ResultRow) -> tuple[object, ...]:
    c = row.counts
    return (label, row.target, c.invited, c.came, c.walk_ins, c.served, c.deferred, c.refused, c.referred)


def _print_stock(found: CampaignReport) -> None:
    """Print what went to the facilities of each kecamatan and what came back, by item: what its methods use up."""
    sums: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in campaign_stock(found.campaign_id):
        place = registry.place_of(row.facility_id)
        for index, quantity in enumerate((row.issued, row.used, row.returned)):
            sums[place.area_code or "", row.item_id][index] += quantity
    click.echo()
    table(
        ("kecamatan of the facility, item", "issued", "used", "returned"),
        [
            (f"{found.names.kecamatan[code]}, {found.names.items[item_id][0]}", *row)
            for (code, item_id), row in sorted(sums.items())
        ],
    )
    must(all(used == issued - back for issued, used, back in sums.values()), "used = issued - returned everywhere")
    must(found.is_settled and any(used for _, used, _ in sums.values()), "something was used, and all is settled")
