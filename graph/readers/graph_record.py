"""From the graph (docs/data-model.md) back to the record of a publication.

``dump`` says what is lost.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

import pyoxigraph as ox

from ...ontology import prefixes
from ..csl_types import TYPES
from ..edtf import edtf, start
from ..identifiers import normal_orcid
from ..iris import IRIs
from ..model import FACETS, FIELDS, Facets, Name, Organisation, Record, Source
from .names import person


class StatedGraph:
    """A store of one release's triples, with or without its named graphs."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self.iris = IRIs(base)
        self._prefixes = prefixes(base)
        self._inferred = ox.NamedNode(self.iris.graph("inferred"))

    def node(self, curie: str) -> ox.NamedNode:
        return ox.NamedNode(self._prefixes.expand(curie))

    def works(self) -> Iterator[ox.NamedNode]:
        """The publications, sorted by IRI."""
        kind = self.node("oo:Publication")
        query = f"SELECT DISTINCT ?w WHERE {{ ?w a {kind} }} ORDER BY STR(?w)"
        rows = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            if isinstance(work := row["w"], ox.NamedNode):
                yield work

    def objects(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode | ox.Literal]:
        """The distinct values of a property, sorted, without inferred ones."""
        quads = self._store.quads_for_pattern(subject, self.node(curie), None)
        values = {
            quad.object
            for quad in quads
            if quad.graph_name != self._inferred
            and isinstance(quad.object, ox.NamedNode | ox.Literal)
        }
        return sorted(values, key=str)

    def nodes(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        return [o for o in self.objects(subject, curie) if isinstance(o, ox.NamedNode)]

    def texts(self, subject: ox.NamedNode, curie: str) -> list[str]:
        return [o.value for o in self.objects(subject, curie) if isinstance(o, ox.Literal)]

    def text(self, subject: ox.NamedNode, curie: str) -> str:
        """The one value of a literal property; "" if there is none."""
        return next(iter(self.texts(subject, curie)), "")

    def number(self, subject: ox.NamedNode, curie: str) -> int:
        """The one whole number of a property; 0 if there is none."""
        text = self.text(subject, curie)
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else 0

    def in_order(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        """The nodes of a property by their oo:position."""
        parts = self.nodes(subject, curie)
        return sorted(parts, key=lambda part: (self.number(part, "oo:position"), part.value))

    def label(self, concept: ox.NamedNode) -> str:
        """The preferred label in English, or in any language; without one, the IRI's end."""
        labels = [o for o in self.objects(concept, "skos:prefLabel") if isinstance(o, ox.Literal)]
        labels.sort(key=lambda label: label.language not in (None, "en"))
        return labels[0].value if labels else concept.value.rpartition("/")[2]

    def inferences(self, work: ox.NamedNode) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, self.node("rdf:subject"), work)
        return sorted({q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}, key=str)

    def statements(self, work: ox.NamedNode) -> str:
        """All statements about a node, as N-Triples."""
        quads = self._store.quads_for_pattern(work, None, None)
        return "\n".join(sorted({f"{quad.triple} ." for quad in quads}))


#: Class -> CSL type; a work without one of these is a document.
_TYPES = {names.rdf: csl for csl, names in reversed([*TYPES.items()]) if names.rdf}
_TYPES["bibo:Proceedings"] = "book"
_LITERALS = {
    field.name: field.predicate
    for field in FIELDS
    if field.kind == "text" and field.name not in ("container_title", "publisher", "url")
}
_CONCEPTS = {
    field.name: field.predicate for field in FACETS if field.kind in ("concept", "concepts")
}
_ONE = {field.name for field in FACETS if field.kind == "concept"}


def record(graph: StatedGraph, work: ox.NamedNode) -> Record:
    """The record of a publication."""
    space = graph.iris.thing("publication", "")
    classes = graph.nodes(work, "rdf:type")
    kinds = (csl for curie, csl in sorted(_TYPES.items()) if graph.node(curie) in classes)
    authors, agents = _contributions(graph, work, "oo:authorship")
    editors, editor_agents = _contributions(graph, work, "oo:editorship")
    venues = graph.nodes(work, "dcterms:isPartOf")
    venue = next((v for v in venues if v.value.startswith(graph.iris.thing("venue", ""))), None)
    inferred = _inferred(graph, work)
    facets = _facets(graph, work, inferred)
    named = {body.name for body in facets.organisations if body.kind == "Publisher"}
    publishers = [_name_of(graph, body) for body in graph.nodes(work, "dcterms:publisher")]
    year = graph.number(work, "oo:year")
    date = edtf(graph.text(work, "dcterms:issued"))
    urls = graph.nodes(work, "schema:url")
    return Record(
        **_literals(graph, work, inferred),
        id=work.value.removeprefix(space),
        type=next(kinds, "document"),
        authors=authors,
        agents=agents,
        more_authors=graph.text(work, "oo:moreAuthors") in ("true", "1"),
        # older dumps have only the names of editors
        editors=editors or tuple(map(person, graph.texts(work, "bibo:editor"))),
        editor_agents=editor_agents,
        issued=start(date) if date else (year,) if year else (),
        issued_edtf=date,
        container_title=graph.text(venue, "dcterms:title") if venue else "",
        publisher=next((name for name in publishers if name not in named), ""),
        isbn=tuple(t for curie in ("bibo:isbn10", "bibo:isbn13") for t in graph.texts(work, curie)),
        issn=tuple(graph.texts(venue, "bibo:issn")) if venue else (),
        url=urls[0].value if urls else "",
        facets=facets,
        sources=_sources(graph, work),
        version_of=tuple(
            node.value.removeprefix(space)
            for node in graph.nodes(work, "dcterms:isVersionOf")
            if node.value.startswith(space)
        ),
    )


def _contributions(
    graph: StatedGraph, work: ox.NamedNode, link: str
) -> tuple[tuple[Name, ...], tuple[str, ...]]:
    """The names of the authors or editors, and an agent id for each; "" if it has none."""
    parts = graph.in_order(work, link)
    agents = [next(iter(graph.nodes(part, "oo:agent")), None) for part in parts]
    names = (_name(graph, part, agent) for part, agent in zip(parts, agents, strict=True))
    ids = (graph.iris.path(agent.value) if agent else "" for agent in agents)
    return tuple(names), tuple(ids)


def _name_of(graph: StatedGraph, body: ox.NamedNode) -> str:
    return graph.text(body, "foaf:name") or body.value.rpartition("/")[2]


def _name(graph: StatedGraph, authorship: ox.NamedNode, agent: ox.NamedNode | None) -> Name:
    """The name as written, split into parts if it is a person's."""
    written = graph.text(authorship, "oo:nameAsWritten")
    if agent is None or graph.node("oo:Person") not in graph.nodes(agent, "rdf:type"):
        return Name(literal=written)
    ids = [id for iri in _orcid_iris(graph, agent) if (id := normal_orcid(iri))]
    orcid = ids[0] if len(ids) == 1 else ""
    name = person(written)
    if name.literal and name.literal == graph.text(agent, "foaf:familyName"):
        return Name(family=name.literal, orcid=orcid)
    return Name(name.family, name.given, name.particle, name.suffix, name.literal, orcid)


def _orcid_iris(graph: StatedGraph, agent: ox.NamedNode) -> list[str]:
    iris = (node.value for node in graph.nodes(agent, "schema:sameAs"))
    return [iri for iri in iris if re.match(r"https?://orcid\.org/", iri)]


def wrong_orcids(graph: StatedGraph, work: ox.NamedNode) -> Iterator[str]:
    """The IRIs of invalid ORCID iDs of a publication's authors."""
    for part in graph.in_order(work, "oo:authorship"):
        for agent in graph.nodes(part, "oo:agent"):
            yield from (iri for iri in _orcid_iris(graph, agent) if not normal_orcid(iri))


def _inferred(graph: StatedGraph, work: ox.NamedNode) -> set[tuple[str, str]]:
    """The properties and values that rules inferred for a work."""
    return {
        (predicate.value, value.value)
        for node in graph.inferences(work)
        for predicate in graph.nodes(node, "rdf:predicate")
        for value in graph.objects(node, "rdf:object")
    }


def _literals(
    graph: StatedGraph, work: ox.NamedNode, inferred: Container[tuple[str, str]]
) -> dict[str, str]:
    """The fields that hold one literal, without inferred values."""
    texts = {field: graph.text(work, curie) for field, curie in _LITERALS.items()}
    return {
        field: "" if (graph.node(_LITERALS[field]).value, text) in inferred else text
        for field, text in texts.items()
    }


def _facets(graph: StatedGraph, work: ox.NamedNode, inferred: Container[tuple[str, str]]) -> Facets:
    lists = {
        field: [
            graph.label(concept)
            for concept in graph.nodes(work, curie)
            if (graph.node(curie).value, concept.value) not in inferred
        ]
        for field, curie in _CONCEPTS.items()
    }
    lists["keywords"] += graph.texts(work, "schema:keywords")
    facets: dict[str, Any] = {
        field: next(iter(labels), "") if field in _ONE else tuple(labels)
        for field, labels in lists.items()
    }
    return Facets(
        **facets,
        flag=graph.text(work, "oo:flag"),
        organisations=tuple(
            Organisation(_name_of(graph, body), _kind(graph, body))
            for body in graph.nodes(work, "oo:organization")
        ),
        year=graph.number(work, "oo:recordedYear") or None,
    )


def _kind(graph: StatedGraph, body: ox.NamedNode) -> str:
    kinds = graph.nodes(body, "oo:organizationKind")
    return graph.label(kinds[0]) if kinds else ""


def _sources(graph: StatedGraph, work: ox.NamedNode) -> tuple[Source, ...]:
    def number(node: ox.NamedNode) -> int:
        end = node.value.rpartition("-")[2]
        return int(end) if re.fullmatch(r"[0-9]{1,9}", end) else 0

    return tuple(
        Source(
            graph.text(node, "oo:file"),
            graph.text(node, "oo:key"),
            graph.number(node, "oo:line"),
            tuple(
                (graph.text(part, "oo:fieldName"), graph.text(part, "rdf:value"))
                for part in graph.in_order(node, "oo:statedField")
            ),
        )
        for node in sorted(graph.nodes(work, "prov:wasDerivedFrom"), key=number)
    )
