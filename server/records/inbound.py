"""What points at a thing, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import pyoxigraph as ox

from ...graph.iris import expand
from ...graph.model import FACETS
from ...graph.release.works_index import CONCEPTS
from ..web.choices import parameter_of
from ..web.site import Row, Site, integer, text

#: How many things that point at one are on a page.
PAGE = 200
#: What says that another concept, or a scheme, has something to do with a concept.
_OF_CONCEPTS = (
    "skos:broader",
    "skos:narrower",
    "skos:related",
    "skos:hasTopConcept",
    "schema:containedInPlace",
    "dcterms:isReplacedBy",
)
_FACETS = {field.name: field.predicate for field in FACETS}


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
    #: How many there are; one where nothing points at the thing.
    pages: int

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


@dataclass(frozen=True, slots=True)
class Pointing:
    """What to ask the store for: a page of what points at a thing."""

    #: A part of ``thing.rq``.
    query: str
    page: int
    #: How many works have it by which property, where the index of works says so.
    works: tuple[str, int] | None = None

    @classmethod
    def at(cls, site: Site, this: ox.NamedNode, page: int, of_parts: bool) -> Pointing:
        """Everything that points at a thing.

        Among it are parts of documents (``publication/x#author-1``) where the page is
        ``of_parts``, and only they; otherwise none.
        """
        path = site.iris.path(this.value)
        parameter = parameter_of(path.partition("/")[0])
        if parameter and parameter.facet in CONCEPTS:
            return cls._at_concept(site, this, page, parameter.facet, parameter.value(path))
        only = f'FILTER({"" if of_parts else "!"}CONTAINS(STR(?node), "#"))'
        window = {"limit": str(PAGE), "offset": str((page - 1) * PAGE)}
        return cls(site.query("thing-inbound", this=str(this), only=only, **window), page)

    @classmethod
    def _at_concept(
        cls, site: Site, this: ox.NamedNode, page: int, facet: str, value: str
    ) -> Pointing:
        """The same of a concept. Any number of works may have it: the index says which are on the
        page, and the store what these say; other concepts are on the first page.
        """
        count, ids = site.works.having_itself(facet, value, (page - 1) * PAGE, PAGE)
        works = " ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        query = site.query(
            "thing-inbound-concept",
            this=str(this),
            works=works or str(this),
            others=" ".join(_OF_CONCEPTS) if page == 1 else "rdf:nil",
        )
        return cls(query, page, (expand(_FACETS[facet], site.iris.base), count))

    def read(self, rows: Iterable[Row], inferred: str) -> Inbound:
        """What the rows of ``thing.rq`` say of it; ``inferred`` is that graph's IRI."""
        rows = list(rows)
        shown = _merged((row for row in rows if "year" in row), inferred)
        counts = Counter(
            {text(row, "property"): integer(row, "count") for row in rows if "count" in row}
        )
        if self.works:
            property, count = self.works
            counts.update(name for row in shown if (name := text(row, "property")) != property)
            counts[property] = count
        total = self.works[1] if self.works else counts.total()
        in_order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return Inbound(
            shown,
            {name: count for name, count in in_order if count},
            self.page,
            max(1, ceil(total / PAGE)),
        )


#: Where nothing is asked for.
NOTHING = Pointing("", 1)


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
