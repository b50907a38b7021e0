"""A thing as its page shows it: what is said of it, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from ...graph.iris import expand
from ...graph.model import FACETS
from ..web.facets import SHOWN
from ..web.site import Row, Site, text
from .inbound import NOTHING, Inbound, Pointing

_LABELS = ("dcterms:title", "skos:prefLabel", "rdfs:label", "foaf:name")
#: The properties whose values name what a page links to.
_NAMINGS = frozenset(map(expand, ("rdfs:label", "skos:prefLabel", "dcterms:title")))
#: What a page shows in a place of its own, and not in the list of everything else.
_PLACED = (
    *_LABELS,
    "rdf:type",
    "dcterms:creator",
    "oo:authorship",
    "bibo:editor",
    "oo:editorship",
    "prov:wasDerivedFrom",
    "skos:definition",
    "rdfs:comment",
)
#: What classifies a publication, with its heading; what a work may be found to study comes first.
_FACETS = {
    field.predicate: field.plural or field.label.capitalize() for field in SHOWN if field.scheme
}
#: The property of a facet -> the field of a source record that states it.
_FIELDS = {field.predicate: field.name for field in FACETS}
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
    "schema:url",
    "schema:isPartOf",
    "dcterms:alternative",
    "oo:moreAuthors",
    "oo:recordedYear",
    # nobody knows what it means
    "oo:flag",
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
    #: What ``oo:`` is below.
    base: str

    @property
    def is_term(self) -> bool:
        """Whether it is a term of an ontology rather than a document."""
        return "#" in self.iri

    def expand(self, name: str) -> str:
        """The IRI of a prefixed name."""
        return expand(name, self.base)

    @property
    def is_suggestion(self) -> bool:
        """Whether a rule only suggests it: it is not in the graph of what is inferred."""
        return self.is_a("oo:Suggestion")

    def is_a(self, name: str) -> bool:
        """Whether it has the class with this prefixed name."""
        return self.expand(name) in self.iris("rdf:type")

    def values(self, name: str) -> list[Value]:
        """The values of a property, by its prefixed name."""
        return self.properties.get(self.expand(name), [])

    def iris(self, name: str) -> list[str]:
        """The nodes among the values of a property."""
        return [value.iri for value in self.values(name) if value.iri]

    def first(self, name: str) -> str:
        """The text of the first value of a property; "" where it has none."""
        return next((value.text for value in self.values(name)), "")

    def groups(self, leave_out: tuple[str, ...]) -> list[Group]:
        """All other properties with their values."""
        hidden = set(map(self.expand, leave_out))
        return [Group(p, tuple(v)) for p, v in self.properties.items() if p not in hidden]


@dataclass(frozen=True, slots=True)
class Fact:
    """Values of a facet of a publication, and where they come from: one that is inferred, or all
    that are stated.
    """

    values: tuple[Value, ...]
    #: The rule that read it and the words it read; None for what is stated.
    inference: Node | None
    #: The source records with a field of that name, where their fields are known.
    sources: tuple[Node, ...]
    #: Whether a curator states it, as the scope of a work that no source gives one.
    by_curator: bool = False

    @property
    def named_sources(self) -> dict[str, list[Node]]:
        """The source records by what their files are called; "" for those without a name."""
        by_name: dict[str, list[Node]] = {}
        for source in self.sources:
            by_name.setdefault(source.first("rdfs:label"), []).append(source)
        return by_name


@dataclass(frozen=True)
class Description:
    """A thing and its parts, and a page of what points at it."""

    this: Node
    #: By IRI; also of each thing that it refers to what that is called.
    parts: dict[str, Node]
    inbound: Inbound

    @property
    def triples(self) -> Iterator[ox.Triple]:
        """What is said of the thing and its parts."""
        for node in (self.this, *self.parts.values()):
            for property, values in node.properties.items():
                for value in values:
                    subject, predicate = ox.NamedNode(node.iri), ox.NamedNode(property)
                    yield ox.Triple(subject, predicate, value.term)

    @property
    def title(self) -> str:
        """What it is called; the end of its IRI where it has no name."""
        name = next(filter(None, map(self.this.first, _LABELS)), "")
        return name or self.this.iri.rsplit("/", 1)[-1]

    @property
    def authorships(self) -> list[Node]:
        """A publication's authors in order, each with the name as written."""
        return self._in_order("oo:authorship")

    @property
    def editorships(self) -> list[Node]:
        """The editors of a publication, or of the book it is in, likewise."""
        return self._in_order("oo:editorship")

    @cached_property
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

    @cached_property
    def inferences(self) -> list[Node]:
        """What rules infer or suggest of a publication, with the words that say so."""
        return [node for node in self.parts.values() if node.values("oo:rule")]

    @cached_property
    def facets(self) -> dict[str, list[Fact]]:
        """A publication's classification, by the heading it is shown under."""
        facets = {
            title: [*self._stated(name), *self._inferred(name)] for name, title in _FACETS.items()
        }
        return {title: facts for title, facts in facets.items() if facts}

    @property
    def stated_alike(self) -> Fact | None:
        """A fact that is stated, where all others that are have the same source records."""
        stated = [
            fact
            for facts in self.facets.values()
            for fact in facts
            if not (fact.values[0].inferred or fact.by_curator)
        ]
        alike = len(stated) > 1 and all(fact.sources == stated[0].sources for fact in stated)
        return stated[0] if alike and stated[0].sources else None

    def _in_order(self, name: str) -> list[Node]:
        nodes = (self.parts[iri] for iri in self.this.iris(name) if iri in self.parts)
        return sorted(nodes, key=_position)

    def _stated(self, name: str) -> Iterator[Fact]:
        """The values of a facet that are stated, and the sources that have the field."""
        values = tuple(value for value in self.this.values(name) if not value.inferred)
        field = _FIELDS[name]
        sources = tuple(
            source
            for source, fields in self.sources
            if any(each.first("oo:fieldName") == field for each in fields)
        )
        if values:
            yield Fact(values, None, sources, by_curator=name == "oo:scope" and not sources)

    def _inferred(self, name: str) -> Iterator[Fact]:
        """Each value of a facet that is inferred, and what it is inferred from."""
        predicate = self.this.expand(name)
        for value in self.this.values(name):
            of_this = (
                node
                for node in self.inferences
                if predicate in node.iris("rdf:predicate") and value.iri in node.iris("rdf:object")
            )
            if value.inferred:
                yield Fact((value,), next(of_this, None), ())

    @property
    def rest(self) -> list[Group]:
        """What no other part of the page shows."""
        return self.this.groups(_PLACED)

    @property
    def rest_of_publication(self) -> list[Group]:
        """The same for a publication, whose citation and facets have their own place."""
        return self.this.groups((*_PLACED, *_FACETS, *_CITATION))


def describe(site: Site, this: ox.NamedNode, pointing: Pointing | None) -> Description:
    """What the store says of a thing, in one query; of an unknown thing it says nothing.

    Without ``pointing`` nothing is said of what points at it, and the cost does not grow with that.
    """
    rows = site.select("thing", this=str(this), inbound=pointing.query if pointing else "")
    nodes = _nodes((row for row in rows if "value" in row), site)
    mine = nodes.pop(this.value, Node(this.value, {}, site.iris.base))
    inbound = (pointing or NOTHING).read(rows, site.iris.graph("inferred"))
    return Description(mine, nodes, inbound)


def terms(site: Site) -> list[Node]:
    """The ontology's own header and each of its terms."""
    rows = site.select("terms", ontology=str(ox.Literal(site.iris.at("ontology"))))
    return list(_nodes(rows, site).values())


def _nodes(rows: Iterable[Row], site: Site) -> dict[str, Node]:
    """What is said of each node; a value that two graphs state is one value."""
    graphs: dict[tuple[str, str, ox.NamedNode | ox.Literal], set[str]] = {}
    labels: dict[str, str] = {}
    for row in rows:
        node, property, value = text(row, "node"), text(row, "property"), row["value"]
        graphs.setdefault((node, property, value), set()).add(text(row, "graph"))
        thing, label = (
            (node, value.value) if property in _NAMINGS else (value.value, text(row, "label"))
        )
        labels[thing] = min(filter(None, (labels.get(thing), label)), default="")
    inferred = {site.iris.graph("inferred")}
    nodes: dict[str, Node] = {}

    def order(said: tuple[str, str, ox.NamedNode | ox.Literal]) -> tuple[str, ...]:
        node, property, term = said
        return node, property, labels.get(term.value, ""), term.value, str(term)

    for node, property, term in sorted(graphs, key=order):
        label = labels.get(term.value, "") if isinstance(term, ox.NamedNode) else ""
        properties = nodes.setdefault(node, Node(node, {}, site.iris.base)).properties
        shown = Value(term, label, graphs[node, property, term] == inferred)
        properties.setdefault(property, []).append(shown)
    return nodes


def _position(node: Node) -> int:
    return int(node.first("oo:position") or 0)
