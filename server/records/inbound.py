"""What points at a thing, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import pyoxigraph as ox

from ..web.site import Row, Site, integer, text

__all__ = [
    "Inbound",
    "inbound",
]


#: How many things that point at one are on a page.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Inbound:
    """A page of what points at a thing, newest publications first."""

    rows: list[Row]
    #: Property IRI -> how many things point at it by that, on all pages.
    counts: dict[str, int]
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing points at the thing."""
        return max(1, ceil(sum(self.counts.values()) / _PAGE))

    @property
    def shown(self) -> dict[str, list[Row]]:
        """Property IRI -> the things on this page, that of most things first."""
        found = {
            name: [r for r in self.rows if text(r, "property") == name] for name in self.counts
        }
        return {name: rows for name, rows in found.items() if rows}

    @property
    def relations(self) -> dict[str, int]:
        """Link relation -> the page it leads to; none where there is one page only."""
        numbers = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.pages}
        there_are = range(1, self.pages + 1) if self.pages > 1 else ()
        return {name: number for name, number in numbers.items() if number in there_are}


def inbound(site: Site, this: ox.NamedNode, page: int, of_parts: bool = False) -> Inbound:
    """A page of what points at a thing; empty after the last page.

    Parts of documents (``publication/x#author-1``) are left out, unless the page is ``of_parts``.

    Each row has ``property``, ``thing``, ``year`` (an integer, where there is one), ``label`` and
    ``naming`` (the property that says it), and ``inferred`` where it is only inferred.
    """
    only = f'FILTER({"" if of_parts else "!"}CONTAINS(STR(?thing), "#"))'
    counts = {
        text(row, "property"): integer(row, "count")
        for row in site.select("inbound-count", this=str(this), only=only)
    }
    found = Inbound([], counts, page)
    if not counts or page > found.pages:
        return found
    window = {"limit": str(_PAGE), "offset": str((page - 1) * _PAGE)}
    rows = site.select("inbound", this=str(this), only=only, **window)
    return replace(found, rows=_merged(rows, f"{site.release.base_iri}graph/inferred"))


def _merged(rows: list[Row], inferred: str) -> list[Row]:
    """One row for each thing and property: a thing may have two names, and two graphs say so."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((text(row, "thing"), text(row, "property")), []).append(row)
    merged = [_one(each, inferred) for each in found.values()]
    return sorted(
        merged,
        key=lambda row: (-integer(row, "year"), text(row, "label").casefold(), text(row, "thing")),
    )


def _one(rows: list[Row], inferred: str) -> Row:
    first = min(rows, key=lambda each: (text(each, "naming"), text(each, "label")))
    row = dict(first)
    graphs = {text(each, "graph") for each in rows}
    if graphs == {inferred}:
        row["inferred"] = ox.Literal(True)
    if not integer(row, "year"):
        del row["year"]
    if "label" not in row and "#" in text(row, "thing"):
        row["label"] = ox.Literal(text(row, "thing").partition("#")[2])
    return row
