"""The rules of the house that a program can check."""

import ast
import re

import pytest

from tests.rules.source import PROJECT, calls, modules

MAX_MODULE, MAX_FUNCTION = 300, 40


def _callers(pattern: str) -> set[str]:
    return {path for path, tree in modules().items() for _, name in calls(tree) if re.search(pattern, name)}


def test_only_transaction_commits_and_rolls_back() -> None:
    # migrations/env.py runs outside the application, on a connection of its own.
    allowed = {"campaign/transaction.py", "campaign/migrations/env.py"}
    assert _callers(r"\.(commit|rollback)$") - allowed == set()


def test_only_the_clock_reads_the_time() -> None:
    # time.monotonic measures durations and is no date.
    assert _callers(r"(datetime\.now|date\.today|utcnow|time\.time)$") == {"campaign/clock.py"}


def test_the_environment_is_read_at_entry_points_only() -> None:
    readers = {path for path, tree in modules().items() if "os.environ" in ast.unparse(tree)}
    # servers.py sets where a library keeps its lock, before it is imported.
    allowed = {"campaign/app.py", "campaign/stack.py", "campaign/servers.py"}
    assert {path for path in readers if not path.startswith("campaign/cli/")} - allowed == set()


def test_every_module_fits_on_a_few_screens() -> None:
    exceptions = dict(
        line.split(maxsplit=1) for line in (PROJECT / "tests/rules/sizes.txt").read_text().splitlines() if line.strip()
    )
    long = {
        path
        for path in modules()
        if "migrations/versions" not in path and len((PROJECT / path).read_text().splitlines()) > MAX_MODULE
    }
    assert long == set(exceptions), "split by subject, or give the reason in sizes.txt"


def test_every_function_fits_on_one_screen() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        if "migrations/versions" not in path
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION + len(ast.get_docstring(node) or "") // 100
    ]
    assert long == []


def test_every_public_function_and_class_says_what_it_is() -> None:
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        if "migrations/versions" not in path
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _is_nested(tree, node)
    ]
    assert silent == []


def _is_nested(tree: ast.Module, node: ast.AST) -> bool:
    return any(
        isinstance(outer, ast.FunctionDef) and outer is not node and node in ast.walk(outer) for outer in ast.walk(tree)
    )


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "base"}
    names = {part.removesuffix(".py") for path in modules() for part in path.split("/")}
    assert names & drawers == set()


LOGGED = re.compile(r"(^endpoint|_id|_ids|^job|^code|^count|^state|^attempt|^seconds|^queue|^ids|^status|^bytes)$")


def test_log_lines_are_constant_text_and_ids() -> None:
    wrong = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and re.match(r"log(ger)?\.(debug|info|warning|error|exception)$", ast.unparse(node.func))
            ):
                continue
            constant = bool(node.args) and isinstance(node.args[0], ast.Constant) and len(node.args) == 1
            fields = [
                key.value
                for keyword in node.keywords
                if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict)
                for key in keyword.value.keys
                if isinstance(key, ast.Constant)
            ]
            if not constant or any(not LOGGED.search(str(name)) for name in fields):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_decision_records_are_numbered_and_headed_by_their_number() -> None:
    for record in sorted((PROJECT / "docs/decisions").glob("*.md")):
        number = record.name[:4]
        assert re.fullmatch(r"[0-9]{4}-[a-z0-9-]+\.md", record.name), record.name
        assert record.read_text().startswith(f"# {number} "), record.name


def test_every_setting_is_documented() -> None:
    described = set(re.findall(r"`((?:SEREMPAK|DATABASE|REDIS)_[A-Z_]+)`", (PROJECT / "docs/settings.md").read_text()))
    read = set(re.findall(r"\"((?:SEREMPAK|DATABASE|REDIS)_[A-Z_]+)\"", (PROJECT / "campaign/config.py").read_text()))
    assert described == read


@pytest.mark.parametrize("folder", ["unit", "db", "web", "workers", "rules", "e2e", "solver"])
def test_every_test_can_fail(folder: str) -> None:
    empty = [
        f"{file.name}:{node.lineno} {node.name}"
        for file in (PROJECT / "tests" / folder).rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _asserts(node)
    ]
    assert empty == []


def _asserts(test: ast.FunctionDef) -> bool:
    """A test asserts, expects an error, or hands over to a function that does: `look` and `visit` measure a page."""
    checks = re.compile(r"(raises|expect|assert_\w+|^look$|^visit$)")
    return any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and checks.search(ast.unparse(node.func)))
        for node in ast.walk(test)
    )
