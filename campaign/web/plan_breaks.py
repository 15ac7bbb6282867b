"""What breaks in a plan made by hand, what cannot be kept, and what a change would do: in the planner's words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from campaign import i18n
from campaign.planning.problem import Problem
from campaign.web.plan_words import group_name, named
from campaign.words import WORDS


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: what, how often, and at which facility-day."""

    text: str
    count: int
    facility: str | None
    day: str | None


def breaks_in_words(broken: Iterable[Mapping[str, Any]], problem: Problem) -> list[Breach]:
    """Return one line per broken rule and place, the most frequent first."""
    known = WORDS["PlanBreak"]
    lines: Counter[tuple[str, str | None, str | None]] = Counter()
    for row in broken:
        facts = dict(row["facts"])
        day = facts.get("date")
        if isinstance(day, str):
            facts["date"] = date.fromisoformat(day)
        text = str(known.get(row["code"], known["other"])) % named({**facts, "code": row["code"]}, problem)
        lines[text, facts.get("facility"), day] += 1
    return [Breach(text, number, facility, day) for (text, facility, day), number in lines.most_common()]


def clashes_in_words(clashes: Iterable[str], problem: Problem | None) -> list[str]:
    """Return why what was changed by hand could not be kept; a clash is told as "code: where"."""
    known = WORDS["PlanClash"]
    found = []
    for clash in clashes:
        code, _, where = clash.partition(": ")
        if not where:
            found.append(str(known["together"]))
            continue
        what = " ".join(_name(word, problem) for word in where.split(" "))
        found.append(str(known.get(code, known["other"])) % {"what": what})
    return list(dict.fromkeys(found))


def _name(word: str, problem: Problem | None) -> str:
    if problem is None:
        return word
    if word in problem.group:
        return group_name(problem, word)
    for rows in (problem.facility, problem.provider):
        if word in rows:
            return str(rows[word].name)
    try:
        return i18n.short_day(date.fromisoformat(word))
    except ValueError:
        return word


def change_in_words(change: Mapping[str, Any], problem: Problem) -> str:
    """Return one change of a problem as a planner would say it."""
    known = WORDS["PlanEffect"]
    code = str(change["change"])
    if code == "hours" and change.get("facility") is None:
        code = "hours-everywhere"
    if code == "team" and "provider" not in change:
        code = "team-there"
    if code == "travel" and change.get("cross_kecamatan"):
        code = "travel-across"
    facts = dict(named({**change, "code": code}, problem))
    facts["place"] = _place(change, problem)
    return str(known[code]) % facts


def _place(change: Mapping[str, Any], problem: Problem) -> str:
    if change.get("warehouse") in problem.warehouse:
        return str(problem.warehouse[change["warehouse"]].name)
    if change.get("facility") in problem.facility:
        return str(problem.facility[change["facility"]].name)
    return str(gettext("gudang"))
