"""The terms of the ontology for its page: definitions, alignments, use and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records.description import Group, Node, Value, terms
from ..web.site import Row, Site, integer, text
from .validation import NodeShape, read_shapes

_KINDS = {
    "owl:Class": "Class",
    "owl:ObjectProperty": "Object property",
    "owl:DatatypeProperty": "Datatype property",
}
#: The sections of the page.
_SECTIONS = {
    "Class": "Classes",
    "Object property": "Properties with things as values",
    "Datatype property": "Properties with literals as values",
    "Term": "Other terms",
}
#: The headings for relations between terms, by property.
_RELATIONS = {
    "rdfs:subClassOf": "Kind of",
    "rdfs:subPropertyOf": "Kind of",
    "rdfs:domain": "Domain",
    "schema:domainIncludes": "Used of",
    "rdfs:range": "Range",
    "owl:disjointWith": "Disjoint with",
    "owl:inverseOf": "Inverse of",
}
#: The properties that align our terms with other people's.
_ALIGNMENTS = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:relatedMatch",
    "rdfs:seeAlso",
)
_PLACED = (
    *_RELATIONS,
    *_ALIGNMENTS,
    "rdf:type",
    "rdfs:label",
    "rdfs:comment",
    "rdfs:isDefinedBy",
    "skos:definition",
    "skos:example",
)


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property of ours."""

    node: Node
    kind: str
    #: How often it is used in this release: members of a class, statements of a property.
    uses: int
    #: A triple of the release; None if the term is not used.
    example: Row | None
    #: Our terms that are narrower than this one.
    narrower: tuple[str, ...]
    #: The names of the shapes that check it.
    checks: tuple[str, ...]

    @property
    def name(self) -> str:
        """The end of its IRI, which is its anchor on the page."""
        return self.node.iri.partition("#")[2]

    @property
    def title(self) -> str:
        """The label of the term."""
        return self.node.first("rdfs:label") or self.name

    @property
    def relations(self) -> dict[str, list[Value]]:
        """Its relations to our terms and to datatypes, by heading."""
        relations: dict[str, list[Value]] = {}
        for name, heading in _RELATIONS.items():
            values = self.node.values(name)
            if name in _ALIGNMENTS:
                values = [value for value in values if self._is_ours(value)]
            if values:
                relations.setdefault(heading, []).extend(values)
        return relations

    @property
    def alignments(self) -> dict[str, list[Value]]:
        """Other people's terms that it is aligned with, by property."""
        alignments = {
            name: [value for value in self.node.values(name) if not self._is_ours(value)]
            for name in _ALIGNMENTS
        }
        return {name: values for name, values in alignments.items() if values}

    @property
    def rest(self) -> list[Group]:
        """The statements that no other part of the page shows."""
        return self.node.groups(_PLACED)

    def _is_ours(self, value: Value) -> bool:
        return value.iri.startswith(self.node.expand("oo:"))


@dataclass(frozen=True, slots=True)
class Ontology:
    """The ontology and the vocabularies that go with it."""

    #: The ontology's own statements; None if the release does not contain them.
    header: Node | None
    #: The terms by section, sorted by name.
    sections: dict[str, list[Term]]
    #: The controlled vocabularies by title, with the number of concepts.
    schemes: list[Row]


def read_ontology(site: Site) -> Ontology:
    """Read the ontology of a release, with counts and examples from its graph."""
    nodes = terms(site)
    ours = [node for node in nodes if node.is_term]
    kinds = {node.iri: _kind(node) for node in ours}
    properties = [iri for iri, kind in kinds.items() if kind != "Class"]
    uses = _uses(site, properties) if properties else {}
    examples = _examples(site, kinds)
    shapes = read_shapes(site.release.folder / "shapes.ttl")
    described = [
        Term(
            node=node,
            kind=kinds[node.iri],
            uses=uses.get(node.iri, site.release.classes.get(node.iri.partition("#")[2], 0)),
            example=examples.get(node.iri),
            narrower=tuple(sorted(n.iri for n in ours if _is_below(n, node.iri))),
            checks=tuple(_checks(shapes, node.iri)),
        )
        for node in ours
    ]
    sections = {
        title: sorted((t for t in described if t.kind == kind), key=lambda t: t.name.lower())
        for kind, title in _SECTIONS.items()
    }
    return Ontology(
        header=next((node for node in nodes if not node.is_term), None),
        sections={title: members for title, members in sections.items() if members},
        schemes=sorted(site.select("schemes"), key=lambda row: text(row, "label")),
    )


def _uses(site: Site, properties: Sequence[str]) -> dict[str, int]:
    """Return how often each property is used, according to the release's VoID."""
    terms = " ".join(f"<{iri}>" for iri in properties)
    dataset = f"<{site.iris.dataset()}>"
    rows = site.select("property-partitions", terms=terms, dataset=dataset)
    return {text(row, "term"): integer(row, "count") for row in rows}


def _kind(node: Node) -> str:
    return next((kind for name, kind in _KINDS.items() if node.is_a(name)), "Term")


def _is_below(node: Node, iri: str) -> bool:
    above = (*node.values("rdfs:subClassOf"), *node.values("rdfs:subPropertyOf"))
    return any(value.iri == iri for value in above)


def _examples(site: Site, kinds: dict[str, str]) -> dict[str, Row]:
    """Return an example triple for each term in use; the engine stops at the first one."""
    patterns = " UNION ".join(_example(f"<{iri}>", kind) for iri, kind in kinds.items())
    rows = site.select("term-examples", examples=patterns) if patterns else []
    return {text(row, "term"): row for row in reversed(rows)}


def _example(term: str, kind: str) -> str:
    if kind == "Class":
        # Bind the object as well: unbound, it would be everything that has a name.
        inside = f"VALUES (?term ?object) {{ ({term} {term}) }} ?subject a ?term"
    else:
        inside = f"VALUES ?term {{ {term} }} ?subject ?term ?object"
    return f"{{ SELECT ?term ?subject ?object {{ {inside} }} LIMIT 1 }}"


def _checks(shapes: tuple[NodeShape, ...], iri: str) -> Iterator[str]:
    for shape in shapes:
        if iri in shape.targets:
            yield shape.name
        yield from (check.name for check in shape.checks if check.path == iri)
