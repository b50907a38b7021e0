"""Chunks: a graph validated piece by piece, each piece in any process.

A chunk is judged as if it were the whole graph, beside what is common to all chunks. What it
cannot settle by itself is noted: what it describes, and how; what it points to and does not
describe; the values that no other may have. ``join`` makes one report of that.

Nodes whose IRIs differ in the fragment only are one document: a work with its authorships, its
sources, and what was inferred of it. Links, of which a linkset may have very many, are documents of
their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Quad
from rdflib import SH

from ...ontology import BASE_IRI
from ..collection import collect_young
from .prepared import prepared
from .results import Result
from .suspects import Index, Term, Terms, terms_of
from .validate import results_on

#: The constraints whose results depend on what is said of other documents.
_LOOKS_AWAY = frozenset(
    f"<{component}>" for component in (SH.ClassConstraintComponent, SH.SPARQLConstraintComponent)
)
_COMPONENT = f"<{SH.sourceConstraintComponent}>"

#: What the IRIs of linksets and of their links have.
_LINKSET = "/linkset/"

#: The results on each document that has any.
Results = Mapping[str, tuple[Result, ...]]


class Key(NamedTuple):
    """A value of a property that no two documents may share."""

    property: Term
    value: Term
    document: str
    #: Whether the document is of a class that this holds for.
    binding: bool


class Link(NamedTuple):
    """A document that points to another."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a chunk comes to: its results, and what may change them."""

    results: Results
    #: Every document that the chunk says something of, and a digest of what it says.
    described: Mapping[str, bytes]
    keys: Set[Key]
    #: The links to what is not described here, or depends on what points to it.
    open: Set[Link]
    #: The links of the documents with results that depend on others.
    leaning: Set[Link]


@dataclass(frozen=True, slots=True)
class _Notes:
    """What there is to note of triples in N-Triples, while something else goes through them."""

    #: By the document that they describe.
    triples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: The links of documents to others.
    links: set[Link] = field(default_factory=set)

    def taken(self, triples: Iterable[str]) -> Iterator[Terms]:
        """The terms of each triple, once it is noted."""
        # each node comes many times
        document = cache(document_of)
        for triple in triples:
            subject, _, value = terms = terms_of(triple)
            source = document(subject)
            self.triples[source].append(triple)
            if value[0] != '"' and (target := document(value)) != source:
                self.links.add(Link(target, source))
            yield terms


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks chunks, which may say anything of anything, in any division.

    It is quick where a chunk has all that is said of a work, and of what the work points to.
    """

    base_iri: str
    #: The triples that are common to all chunks, in N-Triples, each with a quad that has it.
    common: Mapping[str, Quad]
    #: The documents that these describe.
    documents: Set[str]

    @classmethod
    def of(cls, common: Iterable[Quad], base_iri: str = BASE_IRI) -> Checker:
        """The checker of the chunks beside these statements: the ontology and the vocabularies."""
        triples = by_triple(common)
        return cls(base_iri, triples, {document_of(terms_of(triple)[0]) for triple in triples})

    def check(self, quads: Iterable[Quad], beside: Iterable[Quad] = ()) -> Findings:
        """What these statements come to, beside the common ones.

        What they need, or are needed by, in other documents may be given as ``beside``: the
        documents that this describes are neither judged here nor noted, so nothing is judged again
        for their sake.
        """
        return self._findings(by_triple(quads), by_triple(beside))

    def check_common(self) -> Findings:
        """What the common statements come to by themselves."""
        return self._findings(self.common, {})

    def judge(self, quads: Iterable[Quad]) -> Results:
        """The results on all documents of a graph that has all they need, but what is common."""
        own = by_triple(quads)
        return self._judged(own, map(terms_of, own), {})[0]

    def _judged(
        self, own: Mapping[str, Quad], terms: Iterable[Terms], beside: Mapping[str, Quad]
    ) -> tuple[Results, Index]:
        context = {**self.common, **beside}
        whole = {**context, **own}
        index = Index(chain(map(terms_of, context), terms))
        results: defaultdict[str, tuple[Result, ...]] = defaultdict(tuple)
        for result in results_on(whole, index, self.base_iri):
            results[document_of(result.focus)] += (result,)
        collect_young()  # each graph of rdflib is in a cycle with its store
        return results, index

    def _findings(self, own: Mapping[str, Quad], beside: Mapping[str, Quad]) -> Findings:
        notes = _Notes()
        every, index = self._judged(own, notes.taken(own), beside)
        triples, links = notes.triples, notes.links
        beside_it = {document_of(terms_of(triple)[0]) for triple in beside}
        known = self.documents | beside_it
        results = {document: each for document, each in every.items() if document in triples}
        leaning = {document for document, each in results.items() if any(map(_looks_away, each))}
        return Findings(
            results=results,
            described={document: _digest(each) for document, each in triples.items()},
            keys=set(self._keys(index, triples.keys())),
            open={
                *(e for e in links if e.target not in triples and e.target not in known),
                *(e for e in self._dependent(index, triples.keys()) if e.target not in beside_it),
            },
            leaning={link for link in links if link.source in leaning},
        )

    def _keys(self, index: Index, documents: Set[str]) -> Iterator[Key]:
        for path, classes in prepared(self.base_iri).unique.items():
            members = set().union(*map(index.instances, classes))
            for node, values in index.of(path).items():
                if (document := document_of(node)) in documents:
                    yield from (Key(path, value, document, node in members) for value in values)

    def _dependent(self, index: Index, documents: Set[str]) -> Iterator[Link]:
        """The links to documents that depend on what points to them."""
        for path in prepared(self.base_iri).inverse:
            for node, values in index.of(path).items():
                if (source := document_of(node)) in documents:
                    targets = {document_of(value) for value in values if not value.startswith('"')}
                    yield from (Link(target, source) for target in targets - {source})


def document_of(node: Term) -> str:
    """The IRI of a node, but of a link's without its fragment; a blank node stands for itself."""
    if not node.startswith("<"):
        return node
    document = node[1:-1].partition("#")[0]
    return node[1:-1] if _LINKSET in document else document


def links_of(triples: Iterable[str]) -> set[Link]:
    """The links of documents to others, as triples in N-Triples have them."""
    notes = _Notes()
    for _ in notes.taken(triples):
        pass
    return notes.links


def by_triple(quads: Iterable[Quad]) -> dict[str, Quad]:
    """The triples in N-Triples, each with a quad that has it."""
    return {str(quad.triple): quad for quad in quads}


def _digest(triples: Iterable[str]) -> bytes:
    return blake2b("\n".join(sorted(triples)).encode(), digest_size=8).digest()


def _looks_away(result: Result) -> bool:
    return dict(result.said)[_COMPONENT] in _LOOKS_AWAY
