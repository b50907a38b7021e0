"""A part of the benchmark: what it measures at a size, and how it shows the figures."""

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

#: The size that stands for the shipped catalogue.
SHIPPED = 0
#: Measurements that can be written as JSON.
Figures = dict[str, Any]


class Skipped(Exception):
    """A part cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Settings of a run: where it keeps catalogues and releases, and how it reports progress."""

    work: Path
    step: Callable[[str], None]
    #: How long the clients request one page.
    seconds: float = 2.0
    #: How many clients request a page at once.
    clients: int = CLIENTS
    #: Whether peers may be installed.
    may_install: bool = True

    def peer(self, name: str) -> Peer:
        """The peer of that name."""
        return Peer(name, self.work.resolve() / "peers", self.may_install)

    def catalogue(self, size: int) -> Path:
        """The catalogue of a size, generated if needed."""
        if size == SHIPPED:
            return default_folder()
        return generate(size, self.work / f"catalogue-{size}", self.step)

    def release(self, size: int) -> Release:
        """The release of a size, built if needed."""
        catalogue = self.catalogue(size)
        out = self.work / "shipped" if size == SHIPPED else catalogue / RELEASE
        return build(catalogue, out, step=self.step).release


@dataclass(frozen=True, slots=True)
class Part:
    """A part. Its figures at all sizes become a section of bench/README.md."""

    name: str
    measure: Callable[[int, Bench], Figures]
    #: Writes the section from the figures by size, the smallest first.
    markdown: Callable[[Mapping[int, Figures]], str]
    #: The section's charts: file name -> function that writes SVG.
    charts: Mapping[str, Callable[[Mapping[int, Figures]], str]] = field(default_factory=dict)
    #: What size 0 stands for ("" if it is not measured), and the largest size that is measured.
    base: str = ""
    most: int = 0

    def sizes(self, asked: Sequence[int]) -> list[int]:
        """The sizes at which the part is measured, of those requested."""
        return [SHIPPED] * bool(self.base) + [size for size in sorted(asked) if size <= self.most]


def called(size: int) -> str:
    """The name of a size in a heading."""
    return "shipped" if size == SHIPPED else f"{size:,}"


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    rule = ("---", *("---:",) * (len(head) - 1))
    return "\n".join(map(row, (head, rule, *lines)))


def row(cells: Sequence[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"
