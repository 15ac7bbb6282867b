"""Every code that a person may see has a word, in Indonesian and in English."""

import ast
import importlib
import pkgutil
import re
from enum import StrEnum
from pathlib import Path

import pytest

import campaign
from campaign.errors import CampaignError
from campaign.words import FEATURES, WORDS

SOURCE = Path(campaign.__file__).parent
CODE = re.compile(r"[a-z]+[0-9]*(-[a-z0-9]+)+")

# Enums that no page shows: names of jobs and queues, inside of the solver.
UNSEEN = {"BlockKind", "Column", "Engine", "JobName", "Look", "Queue"}
# Documents for programs: their mistakes name a place in a JSON file, in English. SOP templates: tuples of names.
OTHER_LANGUAGE = (
    "planning/changes.py",
    "planning/problem.py",
    "planning/reading.py",
    "planning/values.py",
    "events/sop/shipped/",
)
# Their members are error codes and have their words there.
SPOKEN_AS_ERRORS = {"Refusal", "SignInRefused"}


def _import_everything() -> None:
    for module in pkgutil.walk_packages(campaign.__path__, "campaign."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _below(kind: type) -> set[type]:
    found = set()
    for child in kind.__subclasses__():
        if child.__module__.startswith("campaign."):
            found |= {child} | _below(child)
    return found


def test_every_error_has_a_sentence() -> None:
    _import_everything()
    codes = {kind.code for kind in _below(CampaignError)}  # type: ignore[attr-defined]
    assert codes - WORDS["Error"].keys() == set()


def test_every_state_and_choice_has_a_word() -> None:
    _import_everything()
    missing = {
        f"{kind.__name__}.{member.value}"
        for kind in _below(StrEnum)
        if kind.__name__ not in UNSEEN | SPOKEN_AS_ERRORS
        for member in kind  # type: ignore[attr-defined]
        if member.value not in WORDS.get(kind.__name__, {})
    }
    assert missing == set()


def test_every_mistake_has_a_sentence() -> None:
    # Mistake("where", "code") and Unreadable("code"); rules listed as ("where", "code", is_broken) as well.
    missing = set()
    for path in SOURCE.rglob("*.py"):
        if str(path.relative_to(SOURCE)).startswith(OTHER_LANGUAGE):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            missing |= {f"{path.name}: {code}" for code in _codes_of(node) if code not in WORDS["Error"]}
    assert missing == set()


def _codes_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Mistake", "CellMistake"):
        return _text(node.args[1:2])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Unreadable", "FileRefused"):
        return _text(node.args[:1])
    if isinstance(node, ast.Tuple) and len(node.elts) == 3:
        return {code for code in _text(node.elts[1:2]) if CODE.fullmatch(code)}
    return set()


def _text(nodes: list[ast.expr]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_action_of_the_audit_trail_has_words() -> None:
    missing = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_record = isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "record")
            if is_record:
                missing |= {f"{path.name}: {a}" for a in _text(node.args[1:2]) if a not in WORDS["Action"]}
    assert missing == set()


def test_every_code_is_explained_once() -> None:
    given = [(kind, code) for feature in FEATURES for kind, table in feature.WORDS.items() for code in table]
    assert {one for one in given if given.count(one) > 1} == set()


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_word_says_something(kind: str) -> None:
    assert all(str(word).strip() for word in WORDS[kind].values())
