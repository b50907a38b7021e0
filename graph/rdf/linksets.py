"""Linksets: links and sets of links as RDF, described in VoID (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..iris import THINGS, IRIs, Minter, slug
from ..targets import TARGETS, target_of
from ..vocabulary.links import Links, Linkset
from ..vocabulary.sssom_reader import Link
from ..vocabulary.sssom_writer import UNSPECIFIED
from .graph_builder import GraphBuilder, typed

#: The oo:linkMethod of links that come with records.
_STATED = "stated by the record"

#: The linkset of a link stated by a record itself, rather than in a table, by the kind of its
#: subject, the predicate's IRI and the target.
_PLACE: Mapping[tuple[str, str, str], Linkset] = {
    (kind, PREFIXES.expand(predicate), target): Linkset(
        f"{kind}s-{target}", target, title, description
    )
    for kind, target, title, description, *predicates in (
        (
            "publication",
            "arxiv",
            "Publications on arXiv",
            "Works and their papers on arXiv: the same, or an earlier version of a published work.",
            "schema:sameAs",
            "dcterms:hasVersion",
        ),
        ("publication", "doi", "DOIs of publications", "Works and their DOIs.", "schema:sameAs"),
        (
            "publication",
            "isbn",
            "ISBNs of publications",
            "Books and their ISBNs; chapters and papers, and the ISBN of the containing book.",
            "schema:sameAs",
            "schema:isPartOf",
        ),
        (
            "publication",
            "openalex",
            "Publications in OpenAlex",
            "Works and the OpenAlex entries from which they were read.",
            "schema:sameAs",
        ),
        (
            "publication",
            "ssrn",
            "Publications on SSRN",
            "Works and their papers on SSRN: the same, or an earlier version of a published work.",
            "schema:sameAs",
            "dcterms:hasVersion",
        ),
        (
            "publication",
            "web",
            "Pages and full texts of publications",
            "Works and the page or full text given in their record.",
            "schema:url",
        ),
        (
            "venue",
            "issn",
            "ISSNs of venues",
            "Journals and their ISSNs; proceedings, and the ISSN of their series.",
            "schema:sameAs",
            "schema:isPartOf",
        ),
        (
            "person",
            "orcid",
            "ORCID iDs of persons",
            "Authors and their ORCID iDs, if a record gives them.",
            "schema:sameAs",
        ),
    )
    for predicate in predicates
}
#: The predicates of these links.
LINKING = frozenset(predicate for _, predicate, _ in _PLACE)


def record_linkset(subject: str, predicate: str, thing: str, iris: IRIs) -> Linkset | None:
    """The linkset of a statement from a record; None if it is not such a link."""
    if predicate not in LINKING:
        return None
    target = "web" if predicate == PREFIXES.expand("schema:url") else target_of(thing)
    return _PLACE.get((iris.kind(subject), predicate, target))


def dataset_iri(iris: IRIs, name: str = "dataset") -> ox.NamedNode:
    """The IRI of our dataset, or of a target dataset, as described in void.ttl."""
    return ox.NamedNode(iris.dataset(name))


def link_quads(links: Iterable[Link], iris: IRIs, minter: Minter) -> Iterator[ox.Quad]:
    """Each link, and its evidence.

    A concept's link goes to the graph vocabulary, and any other link to stated. The evidence goes
    to provenance, on a node minted by ``minter``.
    """
    provenance = GraphBuilder(iris, "provenance")
    graphs = {True: GraphBuilder(iris, "stated"), False: GraphBuilder(iris, "vocabulary")}
    for link in links:
        subject, predicate, thing = map(ox.NamedNode, (link.subject, link.predicate, link.object))
        graph = graphs[iris.kind(link.subject) in THINGS]
        graph.add(subject, predicate, thing)
        linkset = iris.thing("linkset", link.linkset)
        node = ox.NamedNode(minter.mint(iris.part(linkset, _name(link, iris))))
        provenance.reify(node, "oo:Link", subject, predicate, thing)
        provenance(node, "oo:linkset", ox.NamedNode(linkset))
        provenance(node, "oo:justification", ox.NamedNode(link.justification))
        provenance(node, "dcterms:source", ox.Literal(link.source))
        provenance(node, "dcterms:date", typed(link.date, "date"))
        if link.confidence:
            provenance(node, "oo:confidence", typed(link.confidence, "decimal"))
        if link.comment:
            provenance(node, "rdfs:comment", ox.Literal(link.comment))
    for sink in (*graphs.values(), provenance):
        yield from sink.quads


def linkset_quads(links: Links, iris: IRIs) -> Iterator[ox.Quad]:
    """The linksets of tables, each with its number of links."""
    provenance = GraphBuilder(iris, "provenance")
    members: dict[str, list[Link]] = defaultdict(list)
    for link in links.links:
        members[link.linkset].append(link)
    for name, of_linkset in members.items():
        methods = {_words(link.justification) for link in of_linkset}
        predicates = {link.predicate for link in of_linkset}
        sources = {link.source for link in of_linkset}
        _describe(provenance, iris, links.linksets[name], len(of_linkset), predicates, methods)
        for source in sources:
            provenance(_node(iris, name), "dcterms:source", ox.Literal(source))
    yield from provenance.quads


def record_linkset_quads(
    stated: Mapping[tuple[Linkset, str], int], iris: IRIs, licence: str
) -> Iterator[ox.Quad]:
    """The linksets of links stated by records, from the number of links by linkset and predicate.

    They have the licence of the dataset.
    """
    provenance = GraphBuilder(iris, "provenance")
    predicates: dict[Linkset, list[str]] = defaultdict(list)
    for linkset, predicate in stated:
        predicates[linkset].append(predicate)
    for linkset, of_linkset in predicates.items():
        number = sum(stated[linkset, predicate] for predicate in of_linkset)
        licensed = replace(linkset, license=licence)
        _describe(provenance, iris, licensed, number, of_linkset, {_STATED})
    yield from provenance.quads


def _describe(
    add: GraphBuilder,
    iris: IRIs,
    linkset: Linkset,
    number: int,
    predicates: Iterable[str],
    methods: Iterable[str],
) -> None:
    node, target = _node(iris, linkset.name), dataset_iri(iris, linkset.target)
    add(node, "rdf:type", add.node("void:Linkset"))
    add(node, "dcterms:title", ox.Literal(linkset.title, language="en"))
    if linkset.description:
        add(node, "dcterms:description", ox.Literal(linkset.description, language="en"))
    if linkset.license:
        add(node, "dcterms:license", ox.NamedNode(linkset.license))
    add(node, "void:subjectsTarget", dataset_iri(iris))
    add(node, "void:objectsTarget", target)
    add(node, "void:triples", typed(number, "integer"))
    for predicate in predicates:
        add(node, "void:linkPredicate", ox.NamedNode(predicate))
    for method in methods:
        add(node, "oo:linkMethod", ox.Literal(method))
    add(target, "dcterms:title", ox.Literal(TARGETS[linkset.target].title, language="en"))
    if space := TARGETS[linkset.target].space:
        add(target, "void:uriSpace", ox.Literal(space))


def _node(iris: IRIs, name: str) -> ox.NamedNode:
    return ox.NamedNode(iris.thing("linkset", name))


def _name(link: Link, iris: IRIs) -> str:
    """The name of a link's node in its linkset, such as ``topic-telework-3552``."""
    subject = link.subject.removeprefix(iris.base).replace("/", "-")
    local = link.object.removeprefix(TARGETS[target_of(link.object)].space)
    return f"{subject}-{slug(local.removeprefix('https://').removeprefix('http://'))}"


def _words(justification: str) -> str:
    """``semapv:ManualMappingCuration`` in words: "manual mapping curation"."""
    if justification == UNSPECIFIED:
        return "stated by the source"
    name = justification.removeprefix(PREFIXES["semapv"])
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
