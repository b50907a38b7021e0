"""A part of the benchmark: what it measures at one size, and how its figures are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oograph.graph.catalogue import default_folder
from oograph.graph.release import Release
from oograph.graph.release.build import build

from .catalogues import RELEASE, generate
from .clients import CLIENTS
from .peers import Peer

#: The size that stands for the catalogue that oograph ships.
SHIPPED = 0
#: What was measured, as JSON has it.
Figures = dict[str, Any]


class Skipped(Exception):
    """A part that cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a run keeps catalogues and releases, and to whom it says what it does."""

    work: Path
    step: Callable[[str], None]
    #: How long eight clients ask for one page.
    seconds: float = 2.0
    #: How many clients ask for a page at once.
    clients: int = CLIENTS
    #: Whether peers may be installed.
    may_install: bool = True

    def peer(self, name: str) -> Peer:
        """A program to measure beside."""
        return Peer(name, self.work.resolve() / "peers", self.may_install)

    def catalogue(self, size: int) -> Path:
        """The catalogue of a size."""
        if size == SHIPPED:
            return default_folder()
        return generate(size, self.work / f"catalogue-{size}", self.step)

    def release(self, size: int) -> Release:
        """The release of a size, built unless it is there."""
        catalogue = self.catalogue(size)
        out = self.work / "shipped" if size == SHIPPED else catalogue / RELEASE
        return build(catalogue, out, step=self.step).release


@dataclass(frozen=True, slots=True)
class Part:
    """One part. Its figures at each size become one section of bench/README.md."""

    name: str
    measure: Callable[[int, Bench], Figures]
    #: The section, of the figures by size, the smallest first.
    markdown: Callable[[Mapping[int, Figures]], str]
    #: The section's pictures, as SVG, by the names of their files.
    charts: Mapping[str, Callable[[Mapping[int, Figures]], str]] = field(default_factory=dict)
    #: What is measured beside generated catalogues, as size 0 ("" for nothing), and up to which
    #: size they are.
    base: str = ""
    most: int = 0

    def sizes(self, asked: Sequence[int]) -> list[int]:
        """Those of the sizes asked for that it is measured at."""
        return [SHIPPED] * bool(self.base) + [size for size in sorted(asked) if size <= self.most]


def called(size: int) -> str:
    """A size in a heading."""
    return "shipped" if size == SHIPPED else f"{size:,}"


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first are numbers."""
    rule = ("---", *("---:",) * (len(head) - 1))
    return "\n".join(map(row, (head, rule, *lines)))


def row(cells: Sequence[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"
