"""A choice: what a plan decides, in the layout's numbers, before people get names and minutes."""

from __future__ import annotations

from collections import defaultdict
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
            choice.packs[pack] = round(values[column])
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
