"""Problems are read strictly: every mistake is told, with its path, and nothing ends in a traceback."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.planning.problem import InvalidProblem, Problem, load
from tests.solver.cases import small, tiny, warehouse


def mistakes(raw):
    with pytest.raises(InvalidProblem) as refused:
        load(json.dumps(raw).encode())
    return {(row.path, row.reason) for row in refused.value.mistakes}


def paths(raw):
    return {path for path, _ in mistakes(raw)}


def test_a_problem_survives_being_written_and_read_again():
    for seed in range(20):
        problem = Problem.from_json(tiny(seed))
        assert Problem.from_json(problem.to_json()) == problem


def test_the_hash_is_of_the_bytes():
    assert load(b" " + json.dumps(small()).encode()).sha256 != load(json.dumps(small()).encode()).sha256


def test_every_mistake_is_told_at_once():
    raw = small(extra=1)
    raw["facilities"][0]["stations"]["desk"] = -1
    raw["candidates"][1]["kelurahan"] = "nowhere"
    raw["candidates"][0]["id"] = "other"
    raw["facilities"][0]["hours"]["2027-03-01"] = [["10:00", "09:00"]]
    assert paths(raw) == {
        "$.extra",
        "$.facilities[0].stations.desk",
        "$.candidates[1].kelurahan",
        "$.candidates[1].id",
        "$.facilities[0].hours.2027-03-01[0]",
    }


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("format",), "campaign-problem/2", "$.format"),
        (("dates",), ["2027-03-02", "2027-03-01"], "$.dates[1]"),
        (("dates",), ["2027-03-01", "2027-03-01"], "$.dates[1]"),
        (("dates",), ["2027-02-30"], "$.dates[0]"),
        (("dates",), ["20270301"], "$.dates[0]"),
        (("items", 0, "pack"), 0, "$.items[0].pack"),
        (("items", 0, "pack"), True, "$.items[0].pack"),
        (("items", 0, "id"), "", "$.items[0].id"),
        (("methods", 0, "steps", 0, "minutes"), -5, "$.methods[0].steps[0].minutes"),
        (("methods", 0, "steps", 0, "minutes"), 2.5, "$.methods[0].steps[0].minutes"),
        (("methods", 0, "uses"), {"kit": 1}, "$.methods[0].uses.kit"),
        (("kecamatan", 0, "target"), {"mow": 1}, "$.kecamatan[0].target.mow"),
        (("candidates", 0, "count"), 0, "$.candidates[0].count"),
        (("candidates", 0, "priority"), 1, "$.candidates[0].priority"),
        (("candidates", 0, "dates"), ["soon"], "$.candidates[0].dates[0]"),
        (("facilities", 0, "lat"), "south", "$.facilities[0].lat"),
        (("facilities", 0, "hours"), {"2027-03-01": [["8:00", "10:00"]]}, "$.facilities[0].hours.2027-03-01[0][0]"),
        (("facilities", 0, "stock", 0, "quantity"), -1, "$.facilities[0].stock[0].quantity"),
        (("providers", 0, "base"), "G", "$.providers[0].base"),
        (("providers", 0, "max_days"), None, "$.providers[0].max_days"),
        (("rules",), {"max_wait": 3}, "$.rules.max_wait"),
        (("rules",), {"min_session": -1}, "$.rules.min_session"),
        (("rules",), {"road_factor": None}, "$.rules.road_factor"),
        (("travel",), [{"kelurahan": "L", "facility": "F", "km": -1}], "$.travel[0].km"),
    ],
)
def test_a_wrong_value_is_refused_at_its_path(path, value, where):
    raw = small()
    row = raw
    for key in path[:-1]:
        row = row[key]
    row[path[-1]] = value
    assert where in paths(raw)


def test_a_lot_listed_twice_on_one_shelf_is_refused():
    raw = small()
    raw["facilities"][0]["stock"] *= 2
    assert paths(raw) == {"$.facilities[0].stock[1]"}


def test_a_lot_expires_on_one_date_wherever_it_lies():
    raw = small(warehouses=[warehouse(5)])
    raw["warehouses"][0]["stock"][0].update(lot="A", expiry="2028-01-02")  # the shelf of F says 2028-01-01
    assert mistakes(raw) == {("$.warehouses[0].stock[0].expiry", "lot A of iud expires on 2028-01-01 elsewhere")}
    raw["warehouses"][0]["stock"][0]["expiry"] = "2028-01-01"
    assert load(json.dumps(raw).encode()).expiry["iud", "A"].isoformat() == "2028-01-01"


@pytest.mark.parametrize(
    "document", [b"", b"{", b"[]", b"null", b"\xff", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 100_000]
)
def test_what_is_no_document_is_refused(document):
    with pytest.raises(InvalidProblem):
        load(document)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.just(10**30), st.floats(allow_nan=False), st.text(max_size=3),
    st.just("\ud800"), st.lists(st.none(), max_size=2), st.dictionaries(st.text(max_size=2), st.none(), max_size=2),
)  # fmt: skip


def places(value, path=()):
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in rows:
        yield from places(entry, (*path, key))


BASE = small(
    warehouses=[warehouse(5)],
    outreach=[{"id": "U", "dates": ["2027-02-28"], "stops_per_day": 1}],
    travel=[{"kelurahan": "L", "facility": "F", "km": 1}],
    rules={"min_session": 1, "max_sessions_per_day": None},
)
PLACES = [path for path in places(BASE) if path]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), VALUES, st.sampled_from(("replace", "delete", "repeat")))
def test_a_mutated_problem_is_read_or_refused_and_nothing_else(path, value, how):
    raw = copy.deepcopy(BASE)
    row = raw
    for key in path[:-1]:
        row = row[key]
    if how == "delete":
        del row[path[-1]]
    elif how == "repeat" and isinstance(row, list):
        row.append(copy.deepcopy(row[path[-1]]))
    else:
        row[path[-1]] = value
    try:
        problem = load(json.dumps(raw).encode())
    except InvalidProblem as refused:
        told = refused.mistakes
    else:
        told = ()
        assert problem.to_json()
    assert all(mistake.path.startswith("$") and mistake.reason for mistake in told)
