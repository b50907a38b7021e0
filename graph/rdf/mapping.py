"""Mapping: from records to RDF.

docs/data-model.md describes the mapping. Stated and inferred statements go to separate named
graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import langcodes
import pyoxigraph as ox

from ..catalogue.sources import called
from ..csl_types import names_of
from ..edtf import DATATYPE
from ..identifiers import isbn_urn, issn_urn, normal_url, openalex_iris, orcid_iri, preprints
from ..iris import IRIs, fold, slug
from ..model import FACETS, FIELDS, Record
from ..vocabulary import SCHEMES, Vocabulary, load_vocabulary
from ..vocabulary.annotate import Inference, annotate
from ..vocabulary.authority import Authority, load_authority
from ..vocabulary.gazetteer import Gazetteer, load_gazetteer
from ..vocabulary.scope import ScopeRules, infer_scope, load_scope_rules
from ..vocabulary.title_language import language_of_title
from .graph_builder import GraphBuilder, typed
from .names import CONCEPTS, Names, labels_of
from .provenance import add_inference, add_language, add_source

#: Types whose ISBN is the work's own; in other types, it is that of the containing book.
_BOOKS = frozenset({"book", "report", "thesis"})
#: Text fields that become one literal as written; the others become nodes or several statements.
_LITERALS = tuple(
    field
    for field in FIELDS
    if field.kind == "text"
    and field.name not in ("title", "original_title", "container_title", "publisher", "url")
)
_RANGE = re.compile(r"(\w+)-(\w+)")
#: The name of a contribution's node, the properties for the agent and the node, and its class.
_AUTHORS = ("author", "dcterms:creator", "oo:authorship", "oo:Authorship")
_EDITORS = ("editor", "bibo:editor", "oo:editorship", "oo:Editorship")


@dataclass(frozen=True, slots=True)
class Mapper:
    """Maps records, with the vocabularies, rules and names that this needs."""

    iris: IRIs
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    scope_rules: ScopeRules
    authority: Authority
    names: Names

    @classmethod
    def of(cls, names: Names, iris: IRIs, own: tuple[str, ...] = ()) -> Self:
        """A mapper with the shipped vocabularies and rules, and a catalogue's own concepts."""
        rules = (load_gazetteer(iris.base, own), load_scope_rules(iris.base), load_authority())
        return cls(iris, load_vocabulary(iris.base, own), *rules, names)

    def quads(self, record: Record) -> Iterator[ox.Quad]:
        """All statements of one record, in the graphs stated, inferred and provenance."""
        work = ox.NamedNode(self.iris.thing("publication", record.id))
        stated = GraphBuilder(self.iris, "stated")
        inferred = GraphBuilder(self.iris, "inferred")
        provenance = GraphBuilder(self.iris, "provenance")
        self._work(stated, work, record)
        self._contributions(stated, work, record)
        self._bodies(stated, work, record)
        facets = self._facets(stated, work, record)
        for inference in self._inferences(record):
            if inference.concept not in facets:
                add_inference(inferred, provenance, work, inference)
        if not record.language and (title := language_of_title(record)):
            add_language(inferred, provenance, work, title)
        for number, source in enumerate(record.sources, 1):
            name = called(self.names.sources, source.file)
            add_source(provenance, work, number, source, name)
        yield from stated.quads
        yield from inferred.quads
        yield from provenance.quads

    def _inferences(self, record: Record) -> Iterator[Inference]:
        yield from annotate(record, self.gazetteer)
        if not record.facets.scope and (scope := infer_scope(record, self.scope_rules)):
            yield scope

    def _work(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> None:
        add(work, "rdf:type", add.node("oo:Publication"))
        proceedings = record.genre == "Proceedings"
        if kind := "bibo:Proceedings" if proceedings else names_of(record.type).rdf:
            add(work, "rdf:type", add.node(kind))
        title = _titled(record.title, "" if record.original_title else record.language)
        add(work, "rdfs:label", title)
        add(work, "dcterms:title", title)
        if record.original_title:
            add(work, "dcterms:alternative", _titled(record.original_title, record.language))
        if record.year is not None:
            year = typed(f"{record.year:04d}", "gYear")
            edtf = ox.Literal(record.issued_edtf, datatype=ox.NamedNode(DATATYPE))
            add(work, "dcterms:issued", edtf if record.issued_edtf else year)
            add(work, "oo:year", typed(record.year, "integer"))
        for field in _LITERALS:
            if value := getattr(record, field.name):
                add(work, field.predicate, ox.Literal(value))
        if pages := _RANGE.fullmatch(record.page):
            add(work, "bibo:pageStart", ox.Literal(pages[1]))
            add(work, "bibo:pageEnd", ox.Literal(pages[2]))
        self._identifiers(add, work, record)
        if url := normal_url(record.url):
            add(work, "schema:url", ox.NamedNode(url))

    def _identifiers(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> None:
        """The IRIs of the work elsewhere, of its preprints and of the books it is part of."""
        if record.doi:
            add(work, "schema:sameAs", ox.NamedNode(self.iris.doi(record.doi)))
        part_of = "schema:sameAs" if record.type in _BOOKS else "schema:isPartOf"
        for isbn in record.isbn:
            add(work, f"bibo:isbn{len(isbn)}", ox.Literal(isbn))
            if urn := isbn_urn(isbn):
                add(work, part_of, ox.NamedNode(urn))
        for iri, itself in preprints(record):
            add(work, "schema:sameAs" if itself else "dcterms:hasVersion", ox.NamedNode(iri))
        for iri in openalex_iris(record):
            add(work, "schema:sameAs", ox.NamedNode(iri))

    def _contributions(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> None:
        """The authors and editors, each with their position and name as written."""
        if record.more_authors:
            add(work, "oo:moreAuthors", typed("true", "boolean"))
        for role, link, to_part, kind, ids, names in (
            (*_AUTHORS, record.agents, record.authors),
            (*_EDITORS, record.editor_agents, record.editors),
        ):
            for number, (agent_id, name) in enumerate(zip(ids, names, strict=True), 1):
                agent = ox.NamedNode(self.iris.agent(agent_id))
                part = ox.NamedNode(self.iris.part(work.value, f"{role}-{number}"))
                add(work, link, agent)
                add(work, to_part, part)
                add(part, "rdf:type", add.node(kind))
                add(part, "oo:position", typed(number, "integer"))
                add(part, "oo:agent", agent)
                add(part, "oo:nameAsWritten", ox.Literal(name.inverted))
                self._agent(add, agent_id)

    def _agent(self, add: GraphBuilder, agent_id: str) -> None:
        agent, name = ox.NamedNode(self.iris.agent(agent_id)), self.names.agents[agent_id]
        for orcid in filter(None, map(orcid_iri, self.names.orcids.get(agent_id, ()))):
            add(agent, "schema:sameAs", ox.NamedNode(orcid))
        if name.literal:
            self._organization(add, agent, name.literal)
            return
        add(agent, "rdf:type", add.node("oo:Person"))
        add(agent, "rdfs:label", ox.Literal(str(name)))
        add(agent, "foaf:name", ox.Literal(str(name)))
        add(agent, "foaf:familyName", ox.Literal(f"{name.particle} {name.family}".strip()))
        if name.given:
            add(agent, "foaf:givenName", ox.Literal(name.given))

    def _organization(self, add: GraphBuilder, body: ox.NamedNode, name: str) -> None:
        label = ox.Literal(self.names.labels.get(body.value, name))
        add(body, "rdf:type", add.node("oo:Organization"))
        add(body, "rdfs:label", label)
        add(body, "foaf:name", label)
        for short in self.authority.abbreviations.get(("publisher", name), ()):
            add(body, "skos:altLabel", ox.Literal(short))

    def _bodies(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> None:
        """The venue, the publisher, and the organisations named on a record page."""
        if record.container_title:
            self._venue(add, work, record)
        if name := self.authority.publisher(record.publisher):
            publisher = ox.NamedNode(self.iris.thing("organization", slug(name)))
            add(work, "dcterms:publisher", publisher)
            self._organization(add, publisher, name)
        for organisation in record.facets.organisations:
            if fold(organisation.name) == fold(record.container_title):
                continue  # already the venue
            body = ox.NamedNode(self.iris.thing("organization", slug(organisation.name)))
            add(work, "oo:organization", body)
            if organisation.kind == "Publisher":
                add(work, "dcterms:publisher", body)
            self._organization(add, body, organisation.name)
            if organisation.kind:
                kind = self._concept(add, "organization-kinds", organisation.kind)
                add(body, "oo:organizationKind", kind)

    def _venue(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> None:
        """The venue; an edition is linked to its series."""
        place = self.authority.place(record.container_title, record.issn)
        venue = self._named_venue(add, place.name)
        add(work, "dcterms:isPartOf", venue)
        if place.settled and record.container_title != place.name:
            add(venue, "dcterms:alternative", ox.Literal(record.container_title))
        if place.series:
            add(venue, "dcterms:isPartOf", self._named_venue(add, place.series))
        periodical = record.type.startswith("article")
        if periodical:
            add(venue, "rdf:type", add.node("schema:Periodical"))
        for issn in record.issn:
            add(venue, "bibo:issn", ox.Literal(issn))
            if urn := issn_urn(issn):  # for proceedings, this is the ISSN of the series
                link = "schema:sameAs" if periodical else "schema:isPartOf"
                add(venue, link, ox.NamedNode(urn))

    def _named_venue(self, add: GraphBuilder, name: str) -> ox.NamedNode:
        venue = ox.NamedNode(self.iris.thing("venue", slug(name)))
        label = ox.Literal(self.names.labels.get(venue.value, name))
        add(venue, "rdf:type", add.node("oo:Venue"))
        add(venue, "rdfs:label", label)
        add(venue, "dcterms:title", label)
        for short in self.authority.abbreviations.get(("venue", name), ()):
            add(venue, "dcterms:alternative", ox.Literal(short))
        return venue

    def _facets(self, add: GraphBuilder, work: ox.NamedNode, record: Record) -> set[str]:
        """Add everything that classifies the work; return the IRIs of the concepts."""
        stated = set()
        for field in FACETS:
            value = getattr(record.facets, field.name)
            if field.kind == "text" and value:
                add(work, field.predicate, ox.Literal(value))
            elif field.kind == "year" and value is not None:
                add(work, field.predicate, typed(value, "integer"))
        for field, scheme in CONCEPTS:
            for label in labels_of(record, field):
                if field.name == "keywords" and not self.vocabulary.concept("topics", label):
                    # keep the source's tag as it is; annotation may find a concept in it
                    add(work, "schema:keywords", ox.Literal(label))
                    continue
                concept = self._concept(add, scheme.stem, label)
                add(work, field.predicate, concept)
                stated.add(concept.value)
        return stated

    def _concept(self, add: GraphBuilder, scheme: str, label: str) -> ox.NamedNode:
        """The concept with this label in a vocabulary, or a new one marked as unreviewed."""
        if iri := self.vocabulary.concept(scheme, label):
            return ox.NamedNode(iri)
        concept = ox.NamedNode(self.iris.thing(SCHEMES[scheme].kind, slug(label)))
        chosen = self.names.labels.get(concept.value, label)
        add(concept, "rdf:type", add.node(f"oo:{SCHEMES[scheme].concept_class}"))
        add(concept, "rdf:type", add.node("skos:Concept"))
        add(concept, "skos:inScheme", ox.NamedNode(self.iris.scheme(scheme)))
        add(concept, "skos:prefLabel", ox.Literal(chosen))
        add(concept, "oo:unreviewed", typed("true", "boolean"))
        return concept


def vocabulary_quads(iris: IRIs, own: tuple[str, ...] = ()) -> Iterator[ox.Quad]:
    """The ontology and the vocabularies, including a catalogue's own concepts."""
    graph = ox.NamedNode(iris.graph("vocabulary"))
    triples = load_vocabulary(iris.base, own).triples
    return (ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _titled(title: str, language: str) -> ox.Literal:
    """A title, with a language tag if ``language`` is valid.

    A title next to an original title is a translation and gets no tag.
    """
    known = bool(language) and langcodes.tag_is_valid(language)
    return ox.Literal(title, language=language if known else None)
