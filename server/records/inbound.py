"""The things that point to a thing, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import pyoxigraph as ox

from ...graph.index.works_index import OWN
from ...graph.iris import expand
from ...graph.model import FACETS
from ..web.parameters import parameter_of
from ..web.site import Row, Site, integer, text

#: Things on a page.
PAGE = 200
#: Facet -> the property from a work to its value.
_FACETS = {field.name: field.predicate for field in FACETS} | {"venue": "dcterms:isPartOf"}
#: The properties by which things other than works point to a thing.
_OF_OTHERS = (
    "skos:broader",
    "skos:narrower",
    "skos:related",
    "skos:hasTopConcept",
    "schema:containedInPlace",
    "dcterms:isReplacedBy",
    "dcterms:isPartOf",
)
#: A thing states the inverses of these properties itself, so its page has them already.
_STATED_BOTH_WAYS = frozenset(map(expand, ("skos:hasTopConcept", "skos:topConceptOf")))


@dataclass(frozen=True, slots=True)
class Inbound:
    """A page of the things that point to a thing, newest publications first.

    Each row has ``node``, ``property``, ``year`` (an integer, if there is one), ``label``,
    ``naming`` (the property of the label), and ``inferred`` if it is only inferred.
    """

    rows: list[Row]
    #: Property IRI -> how many things point to it that way, on all pages; the most first.
    counts: dict[str, int]
    page: int
    #: The number of pages; one if nothing points to the thing.
    pages: int

    @property
    def shown(self) -> dict[str, list[Row]]:
        """Property IRI -> the things on this page; the most frequent property first."""
        rows_by = {
            name: [r for r in self.rows if text(r, "property") == name]
            for name in self.counts
            if name not in _STATED_BOTH_WAYS
        }
        return {name: rows for name, rows in rows_by.items() if rows}

    @property
    def relations(self) -> dict[str, int]:
        """Link relation -> page number; empty if there is only one page."""
        numbers = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.pages}
        there_are = range(1, self.pages + 1) if self.pages > 1 else ()
        return {name: number for name, number in numbers.items() if number in there_are}


@dataclass(frozen=True, slots=True)
class Pointing:
    """A request to the store for one page of the things that point to a thing."""

    #: A part of ``thing.rq``.
    query: str
    page: int
    #: If the index of works has them: the property, the number of works with it, and the works on
    #: this page.
    works: tuple[str, int] | None = None
    listed: frozenset[str] = frozenset()

    @classmethod
    def at(cls, site: Site, this: ox.NamedNode, page: int, of_parts: bool) -> Pointing:
        """Everything that points to a thing.

        With ``of_parts``, only parts of documents (``publication/x#author-1``); otherwise
        everything else.
        """
        path = site.iris.path(this.value)
        parameter = parameter_of(path.partition("/")[0])
        if parameter and parameter.facet in OWN:
            return cls._of_index(site, this, page, parameter.facet, parameter.value(path))
        only = f'FILTER({"" if of_parts else "!"}CONTAINS(STR(?node), "#"))'
        window = {"limit": str(PAGE), "offset": str((page - 1) * PAGE)}
        return cls(site.query("thing-inbound", this=str(this), only=only, **window), page)

    @classmethod
    def _of_index(
        cls, site: Site, this: ox.NamedNode, page: int, facet: str, value: str
    ) -> Pointing:
        """The same for a concept or a venue, which may have any number of works.

        The index tells which works are on the page, and the store describes them. Things other
        than works are on the first page.
        """
        count, ids = site.works.having_itself(facet, value, (page - 1) * PAGE, PAGE)
        start = site.iris.thing("publication", "")
        query = site.query(
            "thing-inbound-of-index",
            this=str(this),
            works=" ".join(f"<{start}{id}>" for id in ids) or str(this),
            others=" ".join(_OF_OTHERS) if page == 1 else "rdf:nil",
            start=f'"{start}"',
        )
        works = (expand(_FACETS[facet], site.iris.base), count)
        return cls(query, page, works, frozenset(f"{start}{id}" for id in ids))

    def read(self, rows: Iterable[Row], inferred: str) -> Inbound:
        """Read the rows of ``thing.rq``; ``inferred`` is the IRI of the inferred graph."""
        rows = list(rows)
        shown = _merged((row for row in rows if "year" in row), inferred)
        counts = Counter(
            {text(row, "property"): integer(row, "count") for row in rows if "count" in row}
        )
        if self.works:
            property, count = self.works
            pairs = ((text(row, "property"), text(row, "node")) for row in shown)
            counts.update(by for by, node in pairs if by != property or node not in self.listed)
            counts[property] += count
        total = self.works[1] if self.works else counts.total()
        in_order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return Inbound(
            shown,
            {name: count for name, count in in_order if count},
            self.page,
            max(1, ceil(total / PAGE)),
        )


#: A request for nothing.
NOTHING = Pointing("", 1)


def _merged(rows: Iterable[Row], inferred: str) -> list[Row]:
    """One row per thing and property, since labels and graphs can multiply rows."""
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
