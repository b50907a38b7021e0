"""Chunks: validate a graph piece by piece, possibly in several processes.

A chunk is validated as if it were the whole graph, together with the statements common to all
chunks. It also notes what may affect other chunks: which documents it describes, and a digest of
each; which documents it points to without describing them; and values that must be unique.
``join`` combines the findings into one report.

Nodes whose IRIs differ only in the fragment form one document: a work with its authorships, source
records and inferences. Each link is a document of its own, because a linkset may have very many.
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

#: The constraints whose results depend on other documents.
_LOOKS_AWAY = frozenset(
    f"<{component}>" for component in (SH.ClassConstraintComponent, SH.SPARQLConstraintComponent)
)
_COMPONENT = f"<{SH.sourceConstraintComponent}>"

#: The part that the IRIs of linksets and their links have in common.
_LINKSET = "/linkset/"

#: The results by document, for documents that have any.
Results = Mapping[str, tuple[Result, ...]]


class Key(NamedTuple):
    """A value of a property, which two documents may not share."""

    property: Term
    value: Term
    document: str
    #: Whether the rule applies to the document's class.
    binding: bool


class Link(NamedTuple):
    """A reference from one document to another."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The results of a chunk, and what may change them."""

    results: Results
    #: Every document described in the chunk, with a digest of its statements.
    described: Mapping[str, bytes]
    keys: Set[Key]
    #: The links to documents that are not described here, or that depend on what points to them.
    open: Set[Link]
    #: The links from documents whose results depend on others.
    leaning: Set[Link]


@dataclass(frozen=True, slots=True)
class _Notes:
    """Collects documents and links while triples in N-Triples pass through."""

    #: The triples, by the document they describe.
    triples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: The links between documents.
    links: set[Link] = field(default_factory=set)

    def taken(self, triples: Iterable[str]) -> Iterator[Terms]:
        """Note each triple and yield its terms."""
        # each node occurs many times
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
    """Checks chunks; the statements may be divided in any way.

    It is fastest if a chunk holds all statements about a work and about what the work points to.
    """

    base_iri: str
    #: The triples common to all chunks, in N-Triples, each with one of its quads.
    common: Mapping[str, Quad]
    #: The documents that they describe.
    documents: Set[str]

    @classmethod
    def of(cls, common: Iterable[Quad], base_iri: str = BASE_IRI) -> Checker:
        """A checker with these common statements: the ontology and the vocabularies."""
        triples = by_triple(common)
        return cls(base_iri, triples, {document_of(terms_of(triple)[0]) for triple in triples})

    def check(self, quads: Iterable[Quad], beside: Iterable[Quad] = ()) -> Findings:
        """Validate these statements together with the common ones.

        ``beside`` may give statements on related documents. Those documents are neither validated
        nor noted here, so nothing is validated again because of them.
        """
        return self._findings(by_triple(quads), by_triple(beside))

    def check_common(self) -> Findings:
        """Validate the common statements on their own."""
        return self._findings(self.common, {})

    def judge(self, quads: Iterable[Quad]) -> Results:
        """The results on all documents of a graph that is complete except for common statements."""
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
        collect_young()  # each rdflib graph forms a reference cycle with its store
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
        """The links to documents whose results depend on what points to them."""
        for path in prepared(self.base_iri).inverse:
            for node, values in index.of(path).items():
                if (source := document_of(node)) in documents:
                    targets = {document_of(value) for value in values if not value.startswith('"')}
                    yield from (Link(target, source) for target in targets - {source})


def document_of(node: Term) -> str:
    """The document of a node: its IRI without the fragment; a link or blank node is its own."""
    if not node.startswith("<"):
        return node
    document = node[1:-1].partition("#")[0]
    return node[1:-1] if _LINKSET in document else document


def links_of(triples: Iterable[str]) -> set[Link]:
    """The links between documents in triples given in N-Triples."""
    notes = _Notes()
    for _ in notes.taken(triples):
        pass
    return notes.links


def by_triple(quads: Iterable[Quad]) -> dict[str, Quad]:
    """The triples in N-Triples, each with one of its quads."""
    return {str(quad.triple): quad for quad in quads}


def _digest(triples: Iterable[str]) -> bytes:
    return blake2b("\n".join(sorted(triples)).encode(), digest_size=8).digest()


def _looks_away(result: Result) -> bool:
    return dict(result.said)[_COMPONENT] in _LOOKS_AWAY
