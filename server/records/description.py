"""A thing as its page shows it: what is said of it, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..web.site import Row, Site, text

__all__ = [
    "Description",
    "Group",
    "Node",
    "Value",
    "describe",
    "terms",
]


_LABELS = ("dcterms:title", "skos:prefLabel", "rdfs:label", "foaf:name")
#: What a page shows in a place of its own, and not in the list of everything else.
_PLACED = (
    *_LABELS,
    "rdf:type",
    "dcterms:creator",
    "oo:authorship",
    "prov:wasDerivedFrom",
    "skos:definition",
    "rdfs:comment",
)
#: The kinds of value that classify a publication, in the order they are shown.
_FACETS = {
    "oo:platform": "Platforms",
    "dcterms:spatial": "Countries",
    "dcterms:subject": "Topics",
    "oo:method": "Methods",
    "oo:sector": "Sectors",
    "oo:workType": "Types of work",
    "dcterms:type": "Record type",
    "oo:organization": "Organisations",
    "dcterms:accessRights": "Access",
}
_CITATION = (
    "dcterms:isPartOf",
    "dcterms:issued",
    "oo:year",
    "dcterms:publisher",
    "bibo:volume",
    "bibo:issue",
    "bibo:pages",
    "bibo:pageStart",
    "bibo:pageEnd",
    "bibo:doi",
    "schema:sameAs",
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a node or a literal."""

    term: ox.NamedNode | ox.Literal
    #: What the node is called; "" for a literal, or where it has no name.
    label: str
    inferred: bool = False

    @property
    def iri(self) -> str:
        """The node's IRI; "" for a literal."""
        return self.term.value if isinstance(self.term, ox.NamedNode) else ""

    @property
    def text(self) -> str:
        """What a reader sees."""
        return self.label or self.term.value


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one property."""

    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """What is said of one node: property IRI -> its values."""

    iri: str
    properties: dict[str, list[Value]]
    prefixes: dict[str, str]

    @property
    def is_term(self) -> bool:
        """Whether it is a term of an ontology rather than a document."""
        return "#" in self.iri

    def expand(self, name: str) -> str:
        """The IRI of a prefixed name."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    def values(self, name: str) -> list[Value]:
        """The values of a property, by its prefixed name."""
        return self.properties.get(self.expand(name), [])

    def first(self, name: str) -> str:
        """The text of the first value of a property; "" where it has none."""
        return next((value.text for value in self.values(name)), "")

    def groups(self, leave_out: tuple[str, ...]) -> list[Group]:
        """All other properties with their values."""
        hidden = set(map(self.expand, leave_out))
        return [Group(p, tuple(v)) for p, v in self.properties.items() if p not in hidden]


@dataclass(frozen=True, slots=True)
class Description:
    """A thing and its parts."""

    this: Node
    parts: dict[str, Node]

    @property
    def title(self) -> str:
        """What it is called; the end of its IRI where it has no name."""
        found = next(filter(None, map(self.this.first, _LABELS)), "")
        return found or self.this.iri.rsplit("/", 1)[-1]

    @property
    def authorships(self) -> list[Node]:
        """A publication's authors in order, each with the name as written."""
        nodes = [
            self.parts[v.iri] for v in self.this.values("oo:authorship") if v.iri in self.parts
        ]
        return sorted(nodes, key=_position)

    @property
    def sources(self) -> list[tuple[Node, list[Node]]]:
        """The source records of a publication, each with its fields in order."""
        nodes = [v.iri for v in self.this.values("prov:wasDerivedFrom")]
        return [
            (
                self.parts[iri],
                sorted(
                    (
                        self.parts[v.iri]
                        for v in self.parts[iri].values("oo:statedField")
                        if v.iri in self.parts
                    ),
                    key=_position,
                ),
            )
            for iri in nodes
            if iri in self.parts
        ]

    @property
    def inferences(self) -> list[Node]:
        """What was read out of a publication's title by rule, with the words that said so."""
        return [node for node in self.parts.values() if node.values("oo:rule")]

    @property
    def facets(self) -> dict[str, list[Value]]:
        """A publication's classification, by the heading it is shown under."""
        found = {title: self.this.values(name) for name, title in _FACETS.items()}
        return {title: values for title, values in found.items() if values}

    @property
    def rest(self) -> list[Group]:
        """What no other part of the page shows."""
        return self.this.groups(_PLACED)

    @property
    def rest_of_publication(self) -> list[Group]:
        """The same for a publication, whose citation and facets have their own place."""
        return self.this.groups((*_PLACED, *_FACETS, *_CITATION))


def describe(site: Site, this: ox.NamedNode) -> Description:
    """What the store says of a thing; of an unknown thing it says nothing."""
    base = site.release.base_iri
    prefixes = {**PREFIXES, "oo": f"{base}ontology#"}
    rows = sorted(site.select("thing", this=str(this)), key=_order)
    nodes = _nodes(rows, f"{base}graph/inferred", prefixes)
    mine = nodes.pop(this.value, Node(this.value, {}, prefixes))
    return Description(mine, nodes)


def _order(row: Row) -> tuple[str, ...]:
    return tuple(text(row, name) for name in ("node", "property", "label", "value"))


def _nodes(rows: list[Row], inferred: str, prefixes: dict[str, str]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        iri, name, term = text(row, "node"), text(row, "property"), row["value"]
        # A value with two names is one value, and so is one that two graphs state.
        if (iri, name, str(term)) in seen:
            continue
        seen.add((iri, name, str(term)))
        value = Value(term, text(row, "label"), text(row, "graph") == inferred)
        node = nodes.setdefault(iri, Node(iri, {}, prefixes))
        node.properties.setdefault(name, []).append(value)
    return nodes


def terms(site: Site) -> list[Node]:
    """The ontology's own header and each of its terms."""
    ontology = f"{site.release.base_iri}ontology"
    prefixes = {**PREFIXES, "oo": f"{ontology}#"}
    rows = site.select("terms", ontology=str(ox.Literal(ontology)))
    return list(_nodes(rows, f"{site.release.base_iri}graph/inferred", prefixes).values())


def _position(node: Node) -> int:
    return int(node.first("oo:position") or 0)
