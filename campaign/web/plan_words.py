"""A plan's proof and what made it stale, in the words of whoever has to decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from campaign import i18n
from campaign.planning.board import Certificate
from campaign.planning.problem import Problem
from campaign.planning.staleness import Change
from campaign.words import WORDS


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one level of the proof says."""

    title: str
    text: str
    is_proven: bool  # no other plan does better


def proof_in_words(proof: Certificate) -> list[Sentence]:
    """Return the four levels, most important first."""
    return [
        _people(gettext("Keluarga miskin"), (proof.priority, proof.priority_of, proof.priority_bound)),
        _people(gettext("Terlayani"), (proof.served, proof.served_of, proof.served_bound)),
        _coverage(proof),
        _cost(proof),
    ]


def _people(title: str, figures: tuple[int, int, int]) -> Sentence:
    done, of, bound = figures
    told = gettext("Terlayani %(done)s dari %(of)s.", done=i18n.number(done), of=i18n.number(of))
    if done >= of:
        return Sentence(title, told + " " + gettext("Semuanya terlayani."), is_proven=True)
    if done >= bound:
        more = gettext("Tidak ada rencana lain yang dapat melayani lebih banyak.")
        return Sentence(title, f"{told} {more}", is_proven=True)
    if bound >= of:
        return Sentence(title, told + " " + gettext("Belum terbukti apakah lebih banyak mungkin."), is_proven=False)
    more = gettext("Tidak ada rencana lain yang dapat melayani lebih dari %(bound)s.", bound=i18n.number(bound))
    return Sentence(title, f"{told} {more}", is_proven=False)


def _coverage(proof: Certificate) -> Sentence:
    title = gettext("Pemerataan")
    told = gettext(
        "Kecamatan dengan capaian terendah mencapai %(percent)s %% dari targetnya.",
        percent=i18n.decimal(100 * proof.coverage),
    )
    if proof.coverage >= proof.coverage_bound - 1e-6:
        return Sentence(title, told + " " + gettext("Lebih merata dari ini tidak mungkin."), is_proven=True)
    if proof.coverage_bound >= 1:
        return Sentence(title, told + " " + gettext("Belum terbukti apakah lebih merata mungkin."), is_proven=False)
    more = gettext("Paling tinggi yang mungkin: %(percent)s %%.", percent=i18n.decimal(100 * proof.coverage_bound))
    return Sentence(title, f"{told} {more}", is_proven=False)


def _cost(proof: Certificate) -> Sentence:
    title = gettext("Biaya")
    told = gettext("Perkiraan biaya %(cost)s.", cost=i18n.rupiah(proof.cost))
    if proof.cost <= proof.cost_bound * (1 + 1e-6):
        return Sentence(title, told + " " + gettext("Tidak ada rencana setara yang lebih murah."), is_proven=True)
    if proof.cost_bound <= 0:
        return Sentence(title, told + " " + gettext("Belum terbukti apakah lebih murah mungkin."), is_proven=False)
    more = gettext("Rencana setara paling murah pun tidak di bawah %(bound)s.", bound=i18n.rupiah(proof.cost_bound))
    return Sentence(title, f"{told} {more}", is_proven=False)


def changes_in_words(changes: Iterable[Change], problem: Problem) -> list[str]:
    """Return one sentence per change, with names instead of codes; each said once."""
    known = WORDS["PlanBreak"] | WORDS["PlanChange"]
    sentences = []
    for change in changes:
        facts = named({**change.facts, "code": change.code}, problem)
        sentences.append(str(known.get(change.code, known["other"])) % facts)
    return list(dict.fromkeys(sentences))


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "–"


def named(facts: Mapping[str, object], problem: Problem) -> Mapping[str, object]:
    """Return facts with names in place of codes; one that is not known is a dash."""
    found = _Facts(facts)
    names: dict[str, dict[str, str]] = {
        "facility": {row.id: row.name for row in problem.facilities},
        "provider": {row.id: row.name for row in problem.providers},
        "item": {row.id: row.name for row in problem.items},
        "kecamatan": {row.id: row.name for row in problem.kecamatan},
    }
    for kind, known in names.items():
        if facts.get(kind) in known:
            found[kind] = known[str(facts[kind])]
    group = problem.group.get(str(facts.get("candidate")))
    if group is not None:
        found["candidate"] = group_name(problem, group.id)
    day = facts.get("date")
    if isinstance(day, date):
        found["date"] = i18n.short_day(day)
    if isinstance(facts.get("km"), float):
        found["km"] = i18n.decimal(float(str(facts["km"])))
    return found


def group_name(problem: Problem, group_id: str) -> str:
    """Return a candidate group as people call it: kelurahan, method, and whether it is served first."""
    group = problem.group[group_id]
    name = f"{problem.kelurahan_by_id[group.kelurahan].name}, {problem.method[group.method].name}"
    return gettext("%(group)s (keluarga miskin)", group=name) if group.priority else name
