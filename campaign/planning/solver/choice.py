"""A choice: what a plan decides, in the layout's numbers, before people get names and minutes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaign.planning.solver.layout import Layout
from campaign.planning.solver.model import Model


@dataclass
class Choice:
    """`flows` are people of a node served at a cell; `shipped` units brought to a facility; `arrival` its slot."""

    flows: dict[tuple[int, int], int] = field(default_factory=dict)  # (node, cell)
    priority: dict[int, int] = field(default_factory=dict)  # node -> how many of its served have priority
    teams: dict[int, tuple[int, ...]] = field(default_factory=dict)  # cell -> providers
    packs: dict[tuple[int, int, str], int] = field(default_factory=dict)  # (slot, facility, item)

    def loads(self, layout: Layout) -> dict[int, dict[int, int]]:
        """Candidates by cell and method."""
        found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for (node, cell), people in self.flows.items():
            found[cell][layout.nodes[node].method] += people
        return {cell: dict(methods) for cell, methods in found.items()}


def trimmed(layout: Layout, choice: Choice, fits: Mapping[int, Mapping[int, int]]) -> Choice:
    """The choice with no more at these cells than fits, by method; who has no priority stays away first."""
    small = Choice(dict(choice.flows), dict(choice.priority), dict(choice.teams), dict(choice.packs))
    loads = choice.loads(layout)
    for cell, allowed in fits.items():
        excess = {method: people - allowed.get(method, 0) for method, people in loads[cell].items()}
        least = layout.problem.rules.min_session
        if sum(min(people, allowed.get(method, 0)) for method, people in loads[cell].items()) < least:
            excess = dict(loads[cell])
        here = [(node, people) for (node, where), people in choice.flows.items() if where == cell]
        for node, people in sorted(here, key=lambda row: (layout.nodes[row[0]].priority > 0, row[0])):
            method = layout.nodes[node].method
            gone = min(people, max(0, excess.get(method, 0)))
            excess[method] = excess.get(method, 0) - gone
            small.flows[node, cell] = people - gone
    small.flows = {key: people for key, people in small.flows.items() if people}
    served: dict[int, int] = defaultdict(int)
    for (node, _), people in small.flows.items():
        served[node] += people
    for node, first in choice.priority.items():
        small.priority[node] = min(first, served[node])
        small.priority[node] = max(small.priority[node], served[node] - layout.nodes[node].other)
    return small


def read_choice(model: Model, values: list[float]) -> Choice:
    """The choice in a whole solution of a model of single pools."""
    layout = model.layout
    choice = Choice()
    teams: dict[int, list[int]] = defaultdict(list)
    for (provider, cell), column in model.works.items():
        if values[column] > 0.5:
            teams[cell].append(provider)
    choice.teams = {cell: tuple(sorted(team)) for cell, team in teams.items()}
    for pack, column in model.packs.items():
        if values[column] > 0.5:
            choice.packs[pack] = math.floor(values[column] + 1e-6)
    room = {key: round(values[column]) for key, column in model.spread.items()}
    served: dict[int, int] = defaultdict(int)
    for arc, column in sorted(model.arcs.items(), key=lambda entry: (entry[0].pool, entry[0].facility, entry[0].days)):
        people = round(values[column])
        pool = model.pools[arc.pool]
        node = pool.members[0]
        served[node] += people
        for day in arc.days:
            if people <= 0:
                break
            key = (arc.facility, pool.method, pool.days, arc.days, day)
            part = min(people, room[key]) if key in room else people
            if part > 0:
                cell = layout.cell_number[arc.facility, day]
                choice.flows[node, cell] = choice.flows.get((node, cell), 0) + part
                people -= part
                if key in room:
                    room[key] -= part
    for pool_number, column in model.priority.items():
        choice.priority[model.pools[pool_number].members[0]] = round(values[column])
    for number, people in served.items():
        node_row = layout.nodes[number]
        least, most = max(0, people - node_row.other), min(node_row.priority, people)
        choice.priority[number] = min(most, max(least, choice.priority.get(number, most)))
    return choice
