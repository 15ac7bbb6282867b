"""The product's own source files, parsed once."""

import ast
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@cache
def modules() -> dict[str, ast.Module]:
    """Return every Python file of the product by its path in the project."""
    files = [*(PROJECT / "campaign").rglob("*.py"), *(PROJECT / "workers").rglob("*.py")]
    return {str(f.relative_to(PROJECT)): ast.parse(f.read_text()) for f in sorted(files) if "vendor" not in f.parts}


def calls(tree: ast.AST) -> list[tuple[int, str]]:
    """Return line and dotted name of every call."""
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]
