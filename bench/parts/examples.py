"""Examples: things, names, words and identifiers in a release, to request from its site."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from oograph.graph.iris import IRIs
from oograph.graph.release import Release
from oograph.ontology import PREFIXES

#: How many examples there are of each kind, and how many of the most linked come first.
_MANY, _HUBS = 100, 10
_SEED = 5
#: Predicates whose objects are things; those linked most are hubs.
_LINKS = (
    *("dcterms:creator", "dcterms:isPartOf", "dcterms:publisher", "dcterms:subject", "oo:scope"),
    *("oo:platform", "dcterms:spatial", "oo:method", "oo:sector", "oo:workType", "dcterms:type"),
    *("dcterms:accessRights", "oo:organizationKind", "skos:inScheme", "oo:organization"),
)
#: Registries, and how the IRIs of their identifiers begin.
_TARGETS = {
    "doi": "https://doi.org/",
    "wikidata": "http://www.wikidata.org/entity/",
    "orcid": "https://orcid.org/",
    "isbn": "urn:isbn:",
    "issn": "urn:issn:",
    "geonames": "https://sws.geonames.org/",
}
_SAME = ("schema:sameAs", "skos:exactMatch")


@dataclass(frozen=True, slots=True)
class Examples:
    """What to request."""

    #: Kind of thing, as in its IRI -> slugs.
    things: Mapping[str, Sequence[str]]
    #: Kind of thing -> names, as people write them.
    names: Mapping[str, Sequence[str]]
    #: Words of titles.
    words: Sequence[str]
    #: Registry -> identifiers.
    identifiers: Mapping[str, Sequence[str]]


def examples(release: Release) -> Examples:
    """Choose examples of everything in a release, the same each time."""
    store = ox.Store.read_only(str(release.folder.resolve() / "store"))
    iris, rng = IRIs(release.base_iri), random.Random(_SEED)
    works = _sample(_subjects(store, "oo:Publication", iris), rng)
    linked: dict[str, Counter[str]] = defaultdict(Counter)
    for curie in _LINKS:
        predicate = ox.NamedNode(_expand(curie, iris))
        for quad in store.quads_for_pattern(None, predicate, None, None):
            value = getattr(quad.object, "value", "")
            if kind := iris.kind(value):
                linked[kind][value.rpartition("/")[2]] += 1
    things = {"publication": works} | {
        kind: _with_hubs(counts, rng) for kind, counts in sorted(linked.items())
    }
    names = {kind: list(_names(store, kind, slugs, iris)) for kind, slugs in things.items()}
    words = re.findall(r"[A-Za-z]{5,}", " ".join(names["publication"]))
    return Examples(
        things, names, list(dict.fromkeys(map(str.lower, words)))[:_MANY], _identifiers(store)
    )


def _expand(curie: str, iris: IRIs) -> str:
    prefix, _, name = curie.partition(":")
    return iris.ontology + name if prefix == "oo" else PREFIXES.expand(curie)


def _subjects(store: ox.Store, curie: str, iris: IRIs) -> Iterator[str]:
    kind, cls = ox.NamedNode(PREFIXES.expand("rdf:type")), ox.NamedNode(_expand(curie, iris))
    for quad in store.quads_for_pattern(None, kind, cls, None):
        yield getattr(quad.subject, "value", "").rpartition("/")[2]


def _sample(values: Iterable[str], rng: random.Random) -> list[str]:
    """At most ``_MANY`` of them, each equally likely (reservoir sampling)."""
    values = iter(values)
    chosen = list(islice(values, _MANY))
    for number, value in enumerate(values, _MANY + 1):
        if (place := rng.randrange(number)) < _MANY:
            chosen[place] = value
    return chosen


def _with_hubs(counts: Counter[str], rng: random.Random) -> list[str]:
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return ranked[:_HUBS] + _sample(ranked[_HUBS:], rng)


def _names(store: ox.Store, kind: str, slugs: Sequence[str], iris: IRIs) -> Iterator[str]:
    labels = [ox.NamedNode(PREFIXES.expand(curie)) for curie in ("rdfs:label", "skos:prefLabel")]
    for slug in slugs:
        thing = ox.NamedNode(iris.thing(kind, slug))
        for label in labels:
            quads = store.quads_for_pattern(thing, label, None, None)
            if quad := next(iter(quads), None):
                yield getattr(quad.object, "value", "")
                break


def _identifiers(store: ox.Store) -> Mapping[str, Sequence[str]]:
    identifiers: dict[str, list[str]] = defaultdict(list)
    for curie in _SAME:
        predicate = ox.NamedNode(PREFIXES.expand(curie))
        for quad in store.quads_for_pattern(None, predicate, None, None):
            value = getattr(quad.object, "value", "")
            for target, space in _TARGETS.items():
                if value.startswith(space) and len(identifiers[target]) < _MANY:
                    identifiers[target].append(value.removeprefix(space).rstrip("/"))
    return identifiers
