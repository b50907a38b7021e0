"""The works and things of a graph, each as soon as it is read, for the index of works."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby, takewhile
from operator import attrgetter

import pyoxigraph as ox

from ...ontology import prefixes
from ..iris import IRIs
from ..model import FACETS

#: Properties of works that are only ever stated -> the facet of their values.
_STATED = {"oo:year": "year", "dcterms:isPartOf": "venue", "dcterms:creator": "author"}
#: Those that may be inferred.
_FACETS = {f.predicate: f.name for f in FACETS if f.kind in ("concept", "concepts")} | {
    "oo:organization": "organisations",
    "schema:inLanguage": "language",
}
#: Properties that relate a work to an organisation, in any role.
_ROLES = ("oo:organization", "dcterms:publisher", "dcterms:creator")
#: Properties that lead upwards. By the last, a person has the works of all likely duplicates.
_BROADER = ("skos:broader", "schema:containedInPlace", "oo:probablySameAs")
_OTHER_NAMES = ("dcterms:alternative", "skos:altLabel")
#: Class of another vocabulary -> the label of such a work.
_KINDS = {
    "bibo:AcademicArticle": "Journal article",
    "bibo:Article": "Magazine or newspaper article",
    "bibo:Book": "Book",
    "bibo:Chapter": "Chapter",
    "bibo:Manuscript": "Manuscript",
    "bibo:Proceedings": "Proceedings",
    "bibo:Report": "Report",
    "bibo:Thesis": "Thesis",
    "bibo:Webpage": "Web page",
    "fabio:ConferencePaper": "Conference paper",
    "fabio:Preprint": "Preprint",
}
#: All properties that are read.
_PROPERTIES = (
    *(*_STATED, *_FACETS, *_ROLES, *_BROADER, *_OTHER_NAMES),
    *("rdf:type", "rdfs:label", "skos:prefLabel", "dcterms:title", "bibo:doi"),
    *("foaf:familyName", "foaf:givenName", "oo:agent", "oo:nameAsWritten"),
)

#: The facets of the index: those of records, and those that other properties give.
FACETS_OF_WORKS = (
    *(field.name for field in FACETS if field.kind in ("concept", "concepts", "bodies")),
    *_STATED.values(),
    "language",
    "organization",
    "kind",
    "doi",
)


@dataclass(frozen=True, slots=True)
class Work:
    """A work, as far as lists of works need it."""

    iri: str
    title: str
    other_titles: tuple[str, ...]
    year: int | None
    doi: str
    venue: str
    #: Its authors, as it writes them.
    names: tuple[str, ...]
    #: (facet, value) -> whether it is only inferred.
    facets: Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A contributor, with the name as a work writes it."""

    agent: str
    name: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that works refer to: an agent, a venue or a concept."""

    iri: str
    #: None if it has none.
    label: str | None
    #: Its name in an alphabetical list: for a person, the family name first.
    listed: str
    #: Its other names, each with its BCP 47 tag, or "" if it has none.
    others: Mapping[str, str]
    broader: frozenset[str]


#: CURIE of a property -> the values of a subject: text, BCP 47 tag, whether it is inferred.
_Said = Mapping[str, Sequence[tuple[str, str, bool]]]


class Graph:
    """A graph that is read once, in the order of its lines: parts of works before their works."""

    def __init__(self, iris: IRIs) -> None:
        expand = prefixes(iris.base).expand
        self._curies = {expand(curie): curie for curie in _PROPERTIES}
        self._kinds = {expand(curie): label for curie, label in _KINDS.items()}
        self._inferred = ox.NamedNode(iris.graph("inferred"))
        self._works, self._venues, self._organizations = (
            iris.thing(kind, "") for kind in ("publication", "venue", "organization")
        )
        #: Named graph -> how many of its statements were read.
        self.sizes: Counter[str] = Counter()
        #: Groups of places, which cut across the parts of the world.
        self.groups: set[str] = set()

    def read(self, quads: Iterable[ox.Quad]) -> Iterator[Work | Part | Thing]:
        """Everything that the quads describe."""
        # work that is still to come -> its parts -> the names in them
        waiting: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for iri, said in self._subjects(quads):
            if not iri.startswith(self._works):
                yield self._thing(iri, said)
            elif "#" not in iri:
                names = waiting.pop(iri, {})
                authors = (f"{iri}#author-{number}" for number in count(1))
                in_order = takewhile(names.__contains__, authors)
                yield self._work(iri, said, tuple(names[author] for author in in_order))
            elif "oo:agent" in said or "oo:nameAsWritten" in said:
                part = Part(_last(said, "oo:agent"), _last(said, "oo:nameAsWritten"))
                waiting[iri.partition("#")[0]][iri] = part.name
                yield part

    def _subjects(self, quads: Iterable[ox.Quad]) -> Iterator[tuple[str, _Said]]:
        """Each subject, with the values of the properties that are read."""
        for subject, group in groupby(quads, attrgetter("subject")):
            said: dict[str, list[tuple[str, str, bool]]] = {}
            for quad in group:
                graph, value = quad.graph_name, quad.object
                if isinstance(graph, ox.NamedNode):
                    self.sizes[graph.value] += 1
                curie = self._curies.get(quad.predicate.value)
                if curie and not isinstance(value, ox.Triple):
                    tag = value.language if isinstance(value, ox.Literal) else None
                    said.setdefault(curie, []).append(
                        (value.value, tag or "", graph == self._inferred)
                    )
            if not isinstance(subject, ox.Triple):
                yield subject.value, said

    def _thing(self, iri: str, said: _Said) -> Thing:
        label = next(_texts(said, "rdfs:label"), None)
        if "skos:prefLabel" in said:
            label = _last(said, "skos:prefLabel")
        name = (_last(said, "foaf:familyName"), _last(said, "foaf:givenName"))
        self.groups.update(_texts(said, "schema:containedInPlace"))
        # a series has the works of its editions
        series = ("dcterms:isPartOf",) if iri.startswith(self._venues) else ()
        return Thing(
            iri,
            label,
            listed=", ".join(filter(None, name)) or label or iri,
            others=_other_names(said),
            broader=frozenset(_texts(said, *_BROADER, *series)),
        )

    def _work(self, iri: str, said: _Said, names: tuple[str, ...]) -> Work:
        bodies = {x for x in _texts(said, *_ROLES) if x.startswith(self._organizations)}
        kinds = {self._kinds[x] for x in _texts(said, "rdf:type") if x in self._kinds}
        doi = _last(said, "bibo:doi")
        facets = {
            **{(facet, x): False for curie, facet in _STATED.items() for x in _texts(said, curie)},
            **{("organization", body): False for body in bodies},
            **{("kind", kind): False for kind in kinds},
            **({("doi", "yes"): False} if doi else {}),
        }
        for curie, facet in _FACETS.items():
            for value, _, is_inferred in said.get(curie, ()):
                facets[facet, value] = is_inferred and facets.get((facet, value), True)
        year = _last(said, "oo:year")
        return Work(
            iri,
            title=_last(said, "dcterms:title"),
            other_titles=tuple(_other_names(said)),
            year=int(year) if year else None,
            doi=doi,
            venue=_last(said, "dcterms:isPartOf"),
            names=names,
            facets=facets,
        )


def _texts(said: _Said, *curies: str) -> Iterator[str]:
    """The values of some properties, one property after the other."""
    return (text for curie in curies for text, _, _ in said.get(curie, ()))


def _last(said: _Said, curie: str) -> str:
    """The last value of a property, or ""."""
    return said[curie][-1][0] if curie in said else ""


def _other_names(said: _Said) -> dict[str, str]:
    return {text: tag for curie in _OTHER_NAMES for text, tag, _ in said.get(curie, ())}
