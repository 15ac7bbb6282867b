"""What lies on each facility's shelf on the morning of each session, as a plan has it. Pure."""

from collections import Counter
from datetime import date

from campaign.planning.plan import Plan
from campaign.planning.problem import Problem, shifted

LotKey = tuple[str, str]  # item, lot


def shelves_by_day(problem: Problem, plan: Plan) -> dict[tuple[str, date], Counter[LotKey]]:
    """Return by facility and date the units of each lot: own stock and arrivals, less what earlier sessions took."""
    shelves: dict[str, Counter[LotKey]] = {row.id: Counter() for row in problem.facilities}
    for facility in problem.facilities:
        for lot in facility.stock:
            shelves[facility.id][lot.item, lot.lot] += lot.quantity
    lead = problem.rules.delivery_lead_days
    coming = sorted(plan.deliveries, key=lambda row: row.date)
    found = {}
    for session in sorted(plan.sessions, key=lambda row: (row.date, row.facility)):
        while coming and shifted(coming[0].date, lead) <= session.date:
            row = coming.pop(0)
            for line in row.lines:
                shelves[row.facility][line.item, line.lot] += line.quantity
        shelf = shelves[session.facility]
        found[session.facility, session.date] = shelf.copy()
        for line in session.usage:
            shelf[line.item, line.lot] -= line.quantity
    return found
