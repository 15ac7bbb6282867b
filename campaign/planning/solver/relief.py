"""Who goes elsewhere when a site cannot serve everybody: a small integer program, proven best.

Maximised is first the number of people who find a place, then least distance: a person who is moved travels as little
as possible. Sites offer places per method (the shelf) and in all (the hours left).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECONDS = 5.0
METRES = 1000  # distances are compared in metres: the program is in whole numbers


@dataclass(frozen=True, slots=True)
class Stranded:
    """People who are alike and will not be served where they are expected."""

    group: str
    method: str
    count: int


@dataclass(frozen=True, slots=True)
class Haven:
    """A site that could take people in."""

    site: int
    places: int  # in all
    of_method: Mapping[str, int]  # what the shelf allows; a method that is not named is not offered


@dataclass(frozen=True, slots=True)
class Passage:
    """So many of a group go to a site."""

    group: str
    site: int
    count: int


def relieve(
    stranded: Sequence[Stranded], havens: Sequence[Haven], km: Mapping[tuple[str, int], float]
) -> list[Passage]:
    """Return who goes where; a pair of group and site that `km` does not name is too far. Deterministic."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    flow = {
        (one.group, haven.site): model.new_int_var(0, min(one.count, haven.places), f"{one.group}>{haven.site}")
        for one in stranded
        for haven in havens
        if (one.group, haven.site) in km and one.method in haven.of_method
    }
    if not flow:
        return []
    method_of = {one.group: one.method for one in stranded}
    for one in stranded:
        model.add(sum(var for (group, _), var in flow.items() if group == one.group) <= one.count)
    for haven in havens:
        model.add(sum(var for (_, site), var in flow.items() if site == haven.site) <= haven.places)
        for method, room in haven.of_method.items():
            model.add(
                sum(v for (group, site), v in flow.items() if site == haven.site and method_of[group] == method) <= room
            )
    metres = {pair: round(km[pair] * METRES) for pair in flow}
    people = sum(one.count for one in stranded)
    dear = 1 + people * max(metres.values())  # one more person served outweighs every distance
    model.maximize(sum((dear - metres[pair]) * var for pair, var in flow.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = SECONDS
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    found = ((pair, int(solver.value(var))) for pair, var in sorted(flow.items()))
    return [Passage(group, site, count) for (group, site), count in found if count]
