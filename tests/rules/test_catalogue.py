"""The English catalogue says everything that the Indonesian source says, and nothing that it no longer says."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import campaign

SOURCE = Path(campaign.__file__).parent
PROJECT = SOURCE.parent
TRANSLATIONS = SOURCE / "translations"
PLACE = re.compile(r"%(?:\((\w+)\))?[sd%]")


@cache
def source_texts() -> frozenset[str]:
    """Read every marked text as pybabel does, with the project's own mapping."""
    mappings = tomllib.loads((TRANSLATIONS / "babel.toml").read_text())["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: mapping for mapping in mappings}
    found = set()
    for folder in ("campaign", "templates"):
        # templates/_macros too: Babel leaves out folders that begin with an underscore.
        texts = extract_from_dir(
            PROJECT / folder, [(p.split("/", 1)[1], m) for p, m in methods if p.startswith(folder)],
            {p.split("/", 1)[1]: o for p, o in options.items()}, directory_filter=lambda _folder: True,
        )  # fmt: skip
        found |= {text if isinstance(text, str) else text[0] for _file, _line, text, _comments, _context in texts}
    return frozenset(found)


@cache
def catalogue() -> Catalog:
    """Read the English catalogue."""
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def _entries() -> Iterator[tuple[str, tuple[str, ...]]]:
    for message in catalogue():
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            yield first, (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_every_text_is_said_in_english() -> None:
    english = {text for text, said in _entries() if all(said)}
    assert source_texts() - english == set()


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert {text for text, _said in _entries()} - source_texts() == set()


def test_nothing_is_left_to_guesswork() -> None:
    assert [message.id for message in catalogue() if message.fuzzy and message.id] == []


def test_a_translation_names_the_same_facts_as_its_source() -> None:
    differ = [
        text for text, said in _entries() if any(set(PLACE.findall(text)) != set(PLACE.findall(one)) for one in said)
    ]
    assert differ == []


def test_no_text_is_marked_inside_an_f_string() -> None:
    # Python 3.11 hands an f-string to Babel in one piece: what is marked inside is never found.
    hidden = [
        f"{path.name}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in ("_", "gettext")
    ]
    assert hidden == []


def test_texts_are_marked_by_a_name_that_the_extraction_knows() -> None:
    unknown = [
        path.name for path in SOURCE.rglob("*.py") if re.search(r"(?<!def )\blazy_n?gettext\(", path.read_text())
    ]
    assert unknown == []
