"""Every IRI below the base is made by graph/iris.py: no other module joins the base to a path."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASES = {"base", "base_iri", "BASE_IRI"}
MODULES = sorted(
    path
    for folder in ("graph", "server", "cli")
    for path in (ROOT / folder).rglob("*.py")
    if path != ROOT / "graph" / "iris.py"
)


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def joins_the_base(node: ast.AST) -> bool:
    """True for ``f"{base}path"`` and ``base + path``."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and name_of(node.left) in BASES
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return any(
        isinstance(base, ast.FormattedValue)
        and name_of(base.value) in BASES
        and (isinstance(path, ast.FormattedValue) or str(getattr(path, "value", ""))[:1].isalpha())
        for base, path in pairwise(parts)
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_joins_the_base_to_a_path(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = [getattr(node, "lineno", 0) for node in ast.walk(tree) if joins_the_base(node)]
    assert not lines, f"use a method of IRIs in {path}, lines {lines}"


@pytest.mark.parametrize("text", ['f"{self.base}venue/"', "release.base_iri + path"])
def test_a_join_is_seen(text: str) -> None:
    assert any(map(joins_the_base, ast.walk(ast.parse(text))))
