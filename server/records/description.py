"""A thing as its page shows it: the statements about it and their sources."""

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
#: The properties whose values are labels of linked things.
_NAMINGS = frozenset(map(expand, ("rdfs:label", "skos:prefLabel", "dcterms:title")))
#: Properties that have their own place on a page, so the list of the rest omits them.
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
    "dcterms:description",
)
#: The facets of a publication with their headings; those that rules can infer come first.
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
    # its meaning is unknown
    "oo:flag",
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a node or a literal."""

    term: ox.NamedNode | ox.Literal
    #: The label of the node; "" for a literal or if it has none.
    label: str
    inferred: bool = False

    @property
    def iri(self) -> str:
        """The node's IRI; "" for a literal."""
        return self.term.value if isinstance(self.term, ox.NamedNode) else ""

    @property
    def text(self) -> str:
        """The text to show."""
        return self.label or self.term.value


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one property."""

    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """The statements about one node: property IRI -> its values."""

    iri: str
    properties: dict[str, list[Value]]
    #: The base IRI of ``oo:``.
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
        """Whether a rule only suggests it, so it is not in the graph of inferred statements."""
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
        """The text of the first value of a property; "" if it has none."""
        return next((value.text for value in self.values(name)), "")

    def groups(self, leave_out: tuple[str, ...]) -> list[Group]:
        """All other properties with their values."""
        hidden = set(map(self.expand, leave_out))
        return [Group(p, tuple(v)) for p, v in self.properties.items() if p not in hidden]


@dataclass(frozen=True, slots=True)
class Fact:
    """Values of a publication's facet and their origin: one inferred value, or all stated ones."""

    values: tuple[Value, ...]
    #: The rule and the words it matched; None for stated values.
    inference: Node | None
    #: The source records with a field of that name, if their fields are known.
    sources: tuple[Node, ...]
    #: Whether a curator states it, such as a scope that no source gives.
    by_curator: bool = False

    @property
    def named_sources(self) -> dict[str, list[Node]]:
        """The source records by the label of their file; "" for those without one."""
        by_name: dict[str, list[Node]] = {}
        for source in self.sources:
            by_name.setdefault(source.first("rdfs:label"), []).append(source)
        return by_name


@dataclass(frozen=True)
class Description:
    """A thing and its parts, with one page of the things that point to it."""

    this: Node
    #: By IRI; also the labels of the things that it refers to.
    parts: dict[str, Node]
    inbound: Inbound

    @property
    def triples(self) -> Iterator[ox.Triple]:
        """The statements about the thing and its parts."""
        for node in (self.this, *self.parts.values()):
            for property, values in node.properties.items():
                for value in values:
                    subject, predicate = ox.NamedNode(node.iri), ox.NamedNode(property)
                    yield ox.Triple(subject, predicate, value.term)

    @property
    def title(self) -> str:
        """Its name, or the end of its IRI if it has none."""
        name = next(filter(None, map(self.this.first, _LABELS)), "")
        return name or self.this.iri.rsplit("/", 1)[-1]

    @property
    def authorships(self) -> list[Node]:
        """A publication's authors in order, with their names as written."""
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
        """What rules infer or suggest about a publication, with the evidence."""
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
        """A stated fact, if all stated facts have the same source records."""
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
        """The stated values of a facet, and the sources that have the field."""
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
        """Each inferred value of a facet, with its inference."""
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
        """The properties that no other part of the page shows."""
        return self.this.groups(_PLACED)

    @property
    def rest_of_publication(self) -> list[Group]:
        """The same for a publication, without its citation and facets."""
        return self.this.groups((*_PLACED, *_FACETS, *_CITATION))


def describe(site: Site, this: ox.NamedNode, pointing: Pointing | None) -> Description:
    """Describe a thing with one query to the store; an unknown thing has no properties.

    Without ``pointing``, the things that point to it are left out, and do not add to the cost.
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
    """The statements about each node; a value in two graphs counts once."""
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
