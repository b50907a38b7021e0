"""Every promise of docs/reliability.md names a test, and the test exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
LINES = [
    line for line in TEXT.splitlines() if line.startswith("| ") and line != "| promise | test |"
]


@pytest.mark.parametrize("line", LINES)
def test_a_promise_names_a_test_that_exists(line: str) -> None:
    match = re.fullmatch(r"\| (?P<promise>[^|]+) \| `(?P<file>[^:`]+)::(?P<test>\w+)` \|", line)
    assert match, "a line is a promise and a test"
    tree = ast.parse((ROOT / match["file"]).read_text(encoding="utf-8"))
    assert match["test"] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_no_promise_is_made_twice() -> None:
    assert len(LINES) == len(set(LINES)) > 40
