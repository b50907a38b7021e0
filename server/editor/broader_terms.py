"""Broader terms: classes and properties that no statement uses, although narrower ones are used."""

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

#: The most terms that are checked.
_MOST = 5
_TYPE = PREFIXES.expand("rdf:type")
_REASON = "No statement uses this term, only narrower ones"


def broader_terms(
    site: Site, query: str, vocabulary: Vocabulary, namespaces: Prefixes
) -> list[Remark]:
    """Return a remark on each class and property of a query of which only narrower terms are used.

    The graph does not contain what follows from the ontology. Persons, for example, are stated as
    ``oo:Person``; that each is also a ``foaf:Person`` follows, but is not stated.
    """
    used = {namespaces.expand(name) for name in vocabulary.labels}
    places: dict[str, tuple[str, int]] = {}
    for name, iri, start in _terms(query):
        if iri not in used and len(places) < _MOST and node_of(iri):
            places.setdefault(iri, (name, start))
    narrower: dict[str, list[str]] = {}
    with suppress(OutOfTime):  # the answer can be shown without remarks
        terms = " ".join(f"<{iri}>" for iri in places)
        for row in site.select("narrower-terms", terms=terms) if places else ():
            if (iri := text(row, "narrower")) in used:
                narrower.setdefault(text(row, "term"), []).append(namespaces.compress(iri))
    return [_meant(query, *places[iri], names, namespaces) for iri, names in narrower.items()]


def _terms(query: str) -> Iterator[tuple[str, str, int]]:
    """Yield the classes and properties of the plain patterns: as written, IRI, and position."""
    declared = declared_in(query)
    for pattern in triple_patterns(query):
        name, start = pattern.predicate, pattern.start
        if name == "a" or iri_of(name, declared) == _TYPE:
            name, start = pattern.object, pattern.object_start
        yield name, iri_of(name, declared), start


def _meant(query: str, name: str, start: int, narrower: list[str], namespaces: Prefixes) -> Remark:
    """Suggest the narrower terms; a single one is also put into the query."""
    if len(narrower) > 1:
        return Remark(name, _REASON, " or ".join(narrower))
    return Remark(name, _REASON, *replaced_at(query, start, name, narrower[0], namespaces))
