"""constraints.txt pins everything that pyproject.toml asks for, and says nothing of where from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
PINS = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines()]


@pytest.mark.parametrize("text", ASKED)
def test_each_dependency_is_pinned_within_its_bounds(text: str) -> None:
    asked = Requirement(text)
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(asked.name)]
    assert pins, f"{asked.name} is not pinned; run `make lock`"
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "==" and asked.specifier.contains(exact.version), pin


def test_there_are_pins_alone() -> None:
    assert not re.search(r"://|^-", (ROOT / "constraints.txt").read_text(), re.MULTILINE)


def test_each_dependency_has_a_lower_bound() -> None:
    """Without one, `make test-min` tries the first version that there ever was."""
    for text in ASKED:
        assert any(bound.operator == ">=" for bound in Requirement(text).specifier), text
