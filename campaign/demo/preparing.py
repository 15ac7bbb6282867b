"""Stages 1 to 3 of the demo: the city, the approved plan, the alokon on its way.

Each goes through the same use-cases as the site, under keys that are fixed: a second run finds what the first one did.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import SYSTEM, Actor, Grant, Reach
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.demo import letterhead, people
from campaign.demo.screen import figure, must, stage, wait
from campaign.demo.session import DATES, DISTRICT, Demo
from campaign.documents.models import PaperKind
from campaign.events.services import CampaignRules, NewCampaign, create_campaign
from campaign.events.sop import queries as sop
from campaign.events.sop.services import start_checklist
from campaign.events.sop.templates import load_shipped
from campaign.events.targeting import TargetSplit, split_targets
from campaign.imports.applying import apply_upload
from campaign.imports.models import WorkbookKind
from campaign.imports.preview import preview_workbook
from campaign.logistics.document_queries import deliveries_to_order, orders_to_issue
from campaign.logistics.places import real_place
from campaign.logistics.services import (
    Arrival,
    ArrivedLot,
    IssueOrder,
    StockIssue,
    confirm_arrival,
    issue_stock,
    order_issue,
)
from campaign.logistics.transit import Transit, Underway, underway
from campaign.planning import check
from campaign.planning import problem as problems
from campaign.planning.approving import approve_plan
from campaign.planning.models import PlanRun, PlanState
from campaign.planning.plan import Plan
from campaign.planning.services import PlanRequest, request_plan
from campaign.registry import queries as registry

NAME = "Pelayanan KB Serempak"
CITY = Path(__file__).parent / "city"
TARGETS = {
    "iud": 85,
    "implant_2": 95,
    "injection_3_progestin": 75,
    "pill_combined": 45,
    "condom": 20,
    "tubectomy": 16,
    "vasectomy": 4,
}
RULES = CampaignRules(max_travel_km=12, min_session=5)


def import_city(demo: Demo) -> int:
    """Import every workbook; the candidate list needs the campaign, which is opened as a draft on the way."""
    stage(1, "Import kota contoh · import the demo city")
    password = people.password_of(demo.data)
    with demo.work():
        people.add_administrator(password)
        letterhead.fill_in(people.actor_of(Role.ADMINISTRATOR))
    for kind in (WorkbookKind.AREAS, WorkbookKind.FACILITIES, WorkbookKind.ITEMS_METHODS, WorkbookKind.PROVIDERS):
        _import(demo, kind, Role.ADMINISTRATOR)
    with demo.work():
        first = next(f for f in registry.facilities() if f.kecamatan_code == people.KECAMATAN)
        people.add_others(password, first.facility_id)
    _import(demo, WorkbookKind.STOCK, Role.WAREHOUSE)
    campaign_id = _open_campaign(demo)
    _import(demo, WorkbookKind.CANDIDATES, Role.PLANNER, campaign_id)
    return campaign_id


def _import(demo: Demo, kind: WorkbookKind, role: Role, campaign_id: int | None = None) -> None:
    path = CITY / f"{kind.value}.xlsx"
    with demo.work():
        actor = people.actor_of(role)
        upload = preview_workbook(actor, kind, path.name, path.read_bytes(), campaign_id)
        must(not upload.preview["mistakes"], f"{path.name} has no mistakes: {upload.preview['mistakes']}")
        counts = apply_upload(actor, upload.upload_id)
        figure(path.name, f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged")


def _open_campaign(demo: Demo) -> int:
    with demo.work():
        facilities = tuple(f.facility_id for f in registry.facilities() if f.is_active)
        planner = people.actor_of(Role.PLANNER)
        campaign_id = create_campaign(
            planner, NewCampaign("demo-campaign", NAME, DISTRICT, DATES, facilities, RULES)
        ).campaign_id
        load_shipped(SYSTEM)
        start_checklist(planner, campaign_id, sop.offered(DISTRICT)[0].sop_template_id)
        return campaign_id


def make_plan(demo: Demo, campaign_id: int) -> None:
    """Split the targets, plan, check with rules that share no code with the planner, approve."""
    stage(2, "Sasaran, rencana, persetujuan · targets, plan, approval")
    with demo.work() as session:
        planner = people.actor_of(Role.PLANNER)
        if session.scalar(select(PlanRun.plan_run_id).where(PlanRun.campaign_id == campaign_id)) is None:
            split_targets(planner, TargetSplit(campaign_id, TARGETS))
        run_id = request_plan(planner, PlanRequest("demo-plan", campaign_id, seconds=demo.plan_seconds)).plan_run_id
    wait("planning, seconds", demo.plan_seconds, demo.asking(lambda: _seconds(run_id, demo.plan_seconds)))
    with demo.work() as session:
        run = session.get_one(PlanRun, run_id)
        must(run.state in (PlanState.SOLVED, PlanState.APPROVED), f"the plan is solved, not {run.state}: {run.failure}")
        assert run.problem is not None
        assert run.plan is not None
        problem = problems.load(run.problem.encode())
        must(not check.violations(problem, Plan.from_json(run.plan)), "the plan keeps every rule")
        _certify(run.plan, sum(group.count for group in problem.candidates))
        if run.state is PlanState.SOLVED:
            approve_plan(people.actor_of(Role.HEAD), run_id)
        figure("approved by", people.OTHERS[Role.HEAD][1])


def _seconds(run_id: int, limit: int) -> int:
    """Return how long the planner has been at work; the limit once it is done."""
    state, progress = db.session.execute(
        select(PlanRun.state, PlanRun.progress).where(PlanRun.plan_run_id == run_id)
    ).one()
    if state not in (PlanState.QUEUED, PlanState.SOLVING):
        return limit
    return min(int((progress or {}).get("seconds", 0)), limit - 1)


def _certify(document: Mapping[str, Any], candidates: int) -> None:
    objective, bounds = document["objective"], document["bounds"]
    figure("candidates", candidates)
    for level in ("served_priority", "served", "min_coverage", "cost"):
        figure(level, f"{objective[level]:.12g}   proven limit {bounds[level]:.12g}")
    figure("sessions", len(document["sessions"]))
    figure("deliveries", len(document["deliveries"]))


def issue_alokon(demo: Demo, campaign_id: int) -> None:
    """Sign an SPMB for each delivery of the plan and issue it with an SBBK; a worker prints both."""
    stage(3, "SPMB dan SBBK · issue alokon, first expired first out")
    with demo.work():
        head = people.actor_of(Role.HEAD)
        for row in deliveries_to_order(campaign_id):
            warehouse_id, facility_id = row.warehouse.stock_place_id, row.facility_place.facility_id
            assert facility_id is not None
            key = f"demo-spmb-{warehouse_id}-{facility_id}-{row.deliver_on}"
            order_issue(
                head,
                IssueOrder(key, campaign_id, warehouse_id, facility_id, row.deliver_on, clock.today(), purpose=NAME),
            )
    with demo.work():
        warehouse = people.actor_of(Role.WAREHOUSE)
        for movement, deliver_on in orders_to_issue(Reach(everywhere=True)):
            order_id = movement.document.stock_document_id
            issue_stock(warehouse, StockIssue(f"demo-sbbk-{order_id}", order_id, deliver_on))
    with demo.work():
        _confirm_arrivals()
    demo.keep_papers(campaign_id, (PaperKind.SPMB, PaperKind.SBBK))


def _confirm_arrivals() -> None:
    """Let each facility say that all of its shipments came, on the day on which they were sent."""
    by_shipment: dict[int, list[Underway]] = {}
    for row in underway(Transit()):
        by_shipment.setdefault(row.shipment_id, []).append(row)
    for shipment_id, rows in by_shipment.items():
        lots = tuple(ArrivedLot(row.stock_lot_id, row.quantity) for row in rows)
        facility_id = real_place(rows[0].shelf_id).facility_id
        staff = Actor(account_id=None, grants=(Grant(Role.FACILITY, facility_id=facility_id),))
        confirm_arrival(staff, Arrival(f"demo-bast-{shipment_id}", shipment_id, rows[0].sent_on, lots))
    figure("confirmed by the facilities, shipments", len(by_shipment))
