"""What points at a thing, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import pyoxigraph as ox

from ..web.site import Row, integer, text

#: How many things that point at one are on a page.
PAGE = 200


@dataclass(frozen=True, slots=True)
class Inbound:
    """A page of what points at a thing, newest publications first.

    Each row has ``node``, ``property``, ``year`` (an integer, where there is one), ``label`` and
    ``naming`` (the property that says it), and ``inferred`` where it is only inferred.
    """

    rows: list[Row]
    #: Property IRI -> how many things point at it by that, on all pages; the most first.
    counts: dict[str, int]
    page: int

    @classmethod
    def of(cls, rows: Iterable[Row], page: int, inferred: str) -> Inbound:
        """The rows of ``thing.rq`` that are about a page; ``inferred`` is that graph's IRI."""
        counted = [row for row in rows if "count" in row]
        counted.sort(key=lambda row: (-integer(row, "count"), text(row, "property")))
        counts = {text(row, "property"): integer(row, "count") for row in counted}
        return cls(_merged((row for row in rows if "year" in row), inferred), counts, page)

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing points at the thing."""
        return max(1, ceil(sum(self.counts.values()) / PAGE))

    @property
    def shown(self) -> dict[str, list[Row]]:
        """Property IRI -> the things on this page, that of most things first."""
        rows_by = {
            name: [r for r in self.rows if text(r, "property") == name] for name in self.counts
        }
        return {name: rows for name, rows in rows_by.items() if rows}

    @property
    def relations(self) -> dict[str, int]:
        """Link relation -> the page it leads to; none where there is one page only."""
        numbers = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.pages}
        there_are = range(1, self.pages + 1) if self.pages > 1 else ()
        return {name: number for name, number in numbers.items() if number in there_are}


def _merged(rows: Iterable[Row], inferred: str) -> list[Row]:
    """One row for each thing and property: a thing may have two names, and two graphs say so."""
    by_link: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_link.setdefault((text(row, "node"), text(row, "property")), []).append(row)
    return sorted(
        (_joined(several, inferred) for several in by_link.values()),
        key=lambda row: (-integer(row, "year"), text(row, "label").casefold(), text(row, "node")),
    )


def _joined(rows: list[Row], inferred: str) -> Row:
    first = min(rows, key=lambda each: (text(each, "naming"), text(each, "label")))
    row = dict(first)
    row["thing"] = row["node"]
    if {text(row, "graph") for row in rows} == {inferred}:
        row["inferred"] = ox.Literal(True)
    if not integer(row, "year"):
        del row["year"]
    if "label" not in row and "#" in text(row, "node"):
        row["label"] = ox.Literal(text(row, "node").partition("#")[2])
    return row
