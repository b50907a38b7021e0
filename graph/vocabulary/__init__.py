"""The controlled vocabularies: find the concept that a source's words name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from ...ontology import BASE_IRI, turtle, turtle_names
from ..fields import Scheme
from ..iris import RDF_TYPE, IRIs, fold, named_node
from ..model import FACETS

__all__ = ["CONCEPTS", "LABELS", "NOUNS", "SCHEMES", "Vocabulary", "load_vocabulary"]


_BROADER = named_node("skos:broader")
_IN_SCHEME = named_node("skos:inScheme")
_CONCEPT = named_node("skos:Concept")
_TOP = named_node("skos:topConceptOf")
#: A SKOS property -> its inverse.
_INVERSES = {
    named_node(stated): named_node(inverse)
    for stated, inverse in (
        ("skos:broader", "skos:narrower"),
        ("skos:topConceptOf", "skos:hasTopConcept"),
    )
}
#: A scheme's title is also given as its labels, where SKOS tools look for it.
_TITLE = named_node("dcterms:title")
_TITLES = tuple(named_node(curie) for curie in ("rdfs:label", "skos:prefLabel"))
LABELS = tuple(named_node(f"skos:{name}Label") for name in ("pref", "alt", "hidden"))


#: Every concept scheme, by the stem of its Turtle file (also the end of the scheme's IRI).
SCHEMES: Mapping[str, Scheme] = {
    field.scheme.stem: field.scheme for field in FACETS if field.scheme
}
#: The kinds of concepts: what their IRIs have between the base and the slug.
CONCEPTS = frozenset(scheme.kind for scheme in SCHEMES.values())
_BY_KIND = {scheme.kind: scheme for scheme in SCHEMES.values()}
#: The schemes whose concepts are looked for in titles; if words fit several, the first one wins.
NOUNS: Mapping[str, str] = {
    "platforms": "platform",
    "countries": "country",
    "methods": "method",
    "topics": "topic",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The triples of the ontology and the vocabularies, and the labels to find concepts by."""

    triples: tuple[ox.Triple, ...]
    #: Scheme -> every label as written -> the concept's IRI.
    forms: Mapping[str, Mapping[str, str]]
    #: Scheme -> folded label -> the concept's IRI.
    folded: Mapping[str, Mapping[str, str]]
    #: The concepts' IRIs.
    iris: frozenset[str]
    #: The IRIs of a catalogue's own concepts.
    own: frozenset[str]
    base_iri: str

    def concept(self, scheme: str, label: str) -> str | None:
        """The IRI of the concept with this label, ignoring case and accents; None if none has."""
        return self.folded[scheme].get(fold(label))

    def slugs(self, scheme: str) -> dict[str, str]:
        """The slugs of a scheme's concepts (the ends of their IRIs), each with its IRI."""
        return {iri.rpartition("/")[2]: iri for iri in self.forms[scheme].values()}

    def broader(self, scheme: str) -> Iterator[tuple[str, str]]:
        """Yield each pair of a concept and its broader concept, by their slugs."""
        concepts = set(self.forms[scheme].values())
        for t in self.triples:
            if t.predicate == _BROADER and isinstance(t.object, ox.NamedNode):
                if isinstance(t.subject, ox.NamedNode) and t.subject.value in concepts:
                    yield t.subject.value.rpartition("/")[2], t.object.value.rpartition("/")[2]

    def labels(self, scheme: str) -> frozenset[str]:
        """All labels of a scheme (preferred, alternative and hidden), folded."""
        return frozenset(self.folded[scheme])


def load_vocabulary(base_iri: str = BASE_IRI, own: tuple[str, ...] = ()) -> Vocabulary:
    """Load the shipped ontology and vocabularies, with ``base_iri`` instead of ours.

    ``own`` are a catalogue's own concepts, in Turtle with IRIs relative to the base.
    """
    return _loaded(base_iri, own)


@cache
def _loaded(base_iri: str, own: tuple[str, ...]) -> Vocabulary:
    triples = {
        quad.triple
        for name in turtle_names()
        for quad in ox.parse(turtle(name, base_iri), format=ox.RdfFormat.TURTLE)
    }
    added = {
        quad.triple
        for text in own
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base_iri)
    }
    triples |= added.union(_placed(added, IRIs(base_iri)))
    ordered = tuple(sorted(triples.union(_entailed(triples)), key=str))
    scheme_of = {
        t.subject: t.object.value.rsplit("/", 1)[-1]
        for t in ordered
        if t.predicate == _IN_SCHEME and isinstance(t.object, ox.NamedNode)
    }
    forms: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
    for predicate in LABELS:  # preferred first: it wins if two concepts share a label
        for t in ordered:
            if t.predicate == predicate and t.subject in scheme_of:
                assert isinstance(t.object, ox.Literal) and isinstance(t.subject, ox.NamedNode)
                forms[scheme_of[t.subject]].setdefault(t.object.value, t.subject.value)
    folded = {scheme: _folded(labels) for scheme, labels in forms.items()}
    iris = frozenset(iri for labels in forms.values() for iri in labels.values())
    owned = frozenset(t.subject.value for t in added if isinstance(t.subject, ox.NamedNode))
    return Vocabulary(ordered, forms, folded, iris, owned, base_iri)


def _placed(own: Set[ox.Triple], iris: IRIs) -> Iterator[ox.Triple]:
    """Yield the class and vocabulary of a catalogue's concepts, which follow from their paths."""
    below = {t.subject for t in own if t.predicate == _BROADER}
    for concept in {t.subject for t in own if isinstance(t.subject, ox.NamedNode)}:
        scheme = _BY_KIND[concept.value.removeprefix(iris.base).partition("/")[0]]
        vocabulary = ox.NamedNode(iris.scheme(scheme.stem))
        kind = ox.NamedNode(f"{iris.ontology}{scheme.concept_class}")
        yield ox.Triple(concept, RDF_TYPE, kind)
        yield ox.Triple(concept, _IN_SCHEME, vocabulary)
        if concept not in below:
            yield ox.Triple(concept, _TOP, vocabulary)


def _folded(labels: Mapping[str, str]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for label, iri in labels.items():
        folded.setdefault(fold(label), iri)
    return folded


def _entailed(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield what SKOS entails and tools expect to be stated, so that no reasoner is needed."""
    schemes = set()
    for t in triples:
        if t.predicate == _IN_SCHEME and isinstance(t.object, ox.NamedNode):
            schemes.add(t.object)
            yield ox.Triple(t.subject, RDF_TYPE, _CONCEPT)
        elif t.predicate in _INVERSES and isinstance(t.object, ox.NamedNode):
            yield ox.Triple(t.object, _INVERSES[t.predicate], t.subject)
    for t in triples:
        if t.predicate == _TITLE and t.subject in schemes:
            yield from (ox.Triple(t.subject, label, t.object) for label in _TITLES)
