"""Broader terms: classes and properties that only the ontology has, above those that are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ...graph.errors import OutOfTime
from ...graph.iris import node_of
from ...ontology import PREFIXES, Prefixes
from ..web.site import Site, text
from .completion import Vocabulary
from .query_terms import Remark, declared_in, iri_of, replaced_at
from .triple_patterns import triple_patterns

#: The most that are looked at.
_MOST = 5
_TYPE = PREFIXES.expand("rdf:type")
_REASON = "Nothing is stated with this term; the ontology only says what is narrower"


def broader_terms(
    site: Site, query: str, vocabulary: Vocabulary, namespaces: Prefixes
) -> list[Remark]:
    """The classes and properties of a query that are stated of nothing, as a broader one is.

    What follows from the ontology is not in the graph: there are persons in ``oo:Person``, of
    which it says that each is a ``foaf:Person``.
    """
    used = {namespaces.expand(name) for name in vocabulary.labels}
    places: dict[str, tuple[str, int]] = {}
    for name, iri, start in _terms(query):
        if iri not in used and len(places) < _MOST and node_of(iri):
            places.setdefault(iri, (name, start))
    narrower: dict[str, list[str]] = {}
    with suppress(OutOfTime):  # the answer is there, and can be read without
        terms = " ".join(f"<{iri}>" for iri in places)
        for row in site.select("narrower-terms", terms=terms) if places else ():
            if (iri := text(row, "narrower")) in used:
                narrower.setdefault(text(row, "term"), []).append(namespaces.compress(iri))
    return [_meant(query, *places[iri], names, namespaces) for iri, names in narrower.items()]


def _terms(query: str) -> Iterator[tuple[str, str, int]]:
    """The classes and properties of the plain patterns: as written, as an IRI, and where."""
    declared = declared_in(query)
    for pattern in triple_patterns(query):
        name, start = pattern.predicate, pattern.start
        if name == "a" or iri_of(name, declared) == _TYPE:
            name, start = pattern.object, pattern.object_start
        yield name, iri_of(name, declared), start


def _meant(query: str, name: str, start: int, narrower: list[str], namespaces: Prefixes) -> Remark:
    """What is narrower than a term, in its place where it is one."""
    if len(narrower) > 1:
        return Remark(name, _REASON, " or ".join(narrower))
    return Remark(name, _REASON, *replaced_at(query, start, name, narrower[0], namespaces))
