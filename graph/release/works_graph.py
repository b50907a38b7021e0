"""What the index of works needs of a graph, gathered in one pass over its quads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...ontology import prefixes
from ..iris import IRIs
from ..model import FACETS

#: Properties of works that are only ever stated -> the facet that their values are of.
_STATED = {"oo:year": "year", "dcterms:isPartOf": "venue", "dcterms:creator": "author"}
_LANGUAGE = "schema:inLanguage"
#: What an organisation has to do with a work, whatever its part in it.
_ROLES = ("oo:organization", "dcterms:publisher", "dcterms:creator")
#: Classes of other vocabularies -> what people call such a work.
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
}

#: The facets of the index: those of records, and those that other properties give.
FACETS_OF_WORKS = (
    *(field.name for field in FACETS if field.kind in ("concept", "concepts", "bodies")),
    *_STATED.values(),
    "language",
    "organization",
    "kind",
    "doi",
)


@dataclass(slots=True)
class Work:
    """A work, as far as lists of works need it."""

    title: str = ""
    year: int | None = None
    doi: str = ""
    venue: str = ""
    names: list[str] = field(default_factory=list)
    #: (facet, value) -> whether it is only inferred.
    facets: dict[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(slots=True)
class Graph:
    """What the index needs of a graph, gathered in one pass over its quads."""

    works: dict[str, Work] = field(default_factory=lambda: defaultdict(Work))
    authorships: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    #: Thing other than a work -> its name.
    labels: dict[str, str] = field(default_factory=dict)
    #: Thing -> its other names, each with its BCP 47 tag, "" where it has none.
    others: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    broader: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Named graph -> how many statements it holds.
    sizes: Counter[str] = field(default_factory=Counter)
    #: Person -> family and given name.
    persons: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def names(self) -> dict[str, dict[str, str]]:
        """What else things are called, concepts by their sources, agents in their works, and in
        which language."""
        names = {iri: dict(others) for iri, others in self.others.items()}
        for part in self.authorships.values():
            if "agent" in part and "nameAsWritten" in part:
                names.setdefault(part["agent"], {}).setdefault(part["nameAsWritten"], "")
        return names

    def listed(self, iri: str) -> str:
        """What a thing is called in an alphabetical list: a person by the family name."""
        label, name = self.labels.get(iri, iri), self.persons.get(iri, {})
        return ", ".join(filter(None, (name.get("family"), name.get("given")))) or label


def gather(quads: Iterable[ox.Quad], iris: IRIs) -> Graph:
    """What the quads say that lists of works need."""
    graph = Graph()
    iri = prefixes(iris.base).expand
    start, venues = iris.thing("publication", ""), iris.thing("venue", "")
    part_of = iri("dcterms:isPartOf")  # an edition's works are its series' works
    inferred, type_ = ox.NamedNode(iris.graph("inferred")), iri("rdf:type")
    facets = {iri(f.predicate): f.name for f in FACETS if f.kind in ("concept", "concepts")}
    facets |= {iri("oo:organization"): "organisations", iri(_LANGUAGE): "language"}
    organization, roles = iris.thing("organization", ""), set(map(iri, _ROLES))
    names = {iri("foaf:familyName"): "family", iri("foaf:givenName"): "given"}
    # what is only ever stated
    stated = {iri(curie): facet for curie, facet in _STATED.items()}
    kinds = {iri(curie): label for curie, label in _KINDS.items()}
    labels = {iri("skos:prefLabel"): 0, iri("rdfs:label"): 1}
    others = {iri("skos:altLabel"), iri("dcterms:alternative")}
    # the last: a person's works are those of all who are likely that person
    wider = ("skos:broader", "schema:containedInPlace", "oo:probablySameAs")
    broader = {iri(name) for name in wider}
    parts = {iri(f"oo:{name}"): name for name in ("agent", "nameAsWritten")}
    literals = {iri("dcterms:title"): "title", iri("bibo:doi"): "doi"}
    pairs: dict[tuple[str, str], tuple[str, str]] = {}

    def pair(facet: str, value: str) -> tuple[str, str]:
        """One object for all works that have it."""
        return pairs.setdefault((facet, value), (facet, value))

    for quad in quads:
        node, property, term, of_graph = quad
        if isinstance(of_graph, ox.NamedNode):
            graph.sizes[of_graph.value] += 1
        if isinstance(node, ox.Triple) or isinstance(term, ox.Triple):
            continue
        subject, predicate, value = node.value, property.value, term.value
        is_of_work = subject.startswith(start)
        if predicate in labels:
            if not is_of_work and (labels[predicate] == 0 or subject not in graph.labels):
                graph.labels[subject] = value
        elif predicate in others:
            tag = term.language if isinstance(term, ox.Literal) else None
            graph.others[subject][value] = tag or ""
        elif predicate in broader or (predicate == part_of and subject.startswith(venues)):
            graph.broader[subject].add(value)
        elif predicate in names:
            graph.persons[subject][names[predicate]] = value
        elif predicate in parts:
            graph.authorships[subject][parts[predicate]] = value
        if not is_of_work or "#" in subject:
            continue
        work = graph.works[subject]
        if predicate in roles and value.startswith(organization):
            work.facets[pair("organization", value)] = False
        if predicate in literals:
            setattr(work, literals[predicate], value)
            if literals[predicate] == "doi":
                work.facets[pair("doi", "yes")] = False
        elif predicate in facets:
            only_inferred = of_graph == inferred
            having = pair(facets[predicate], value)
            work.facets[having] = only_inferred and work.facets.get(having, True)
        elif predicate in stated:
            work.facets[pair(stated[predicate], value)] = False
            if stated[predicate] == "year":
                work.year = int(value)
            elif stated[predicate] == "venue":
                work.venue = value
        elif predicate == type_ and value in kinds:
            work.facets[pair("kind", kinds[value])] = False
    for subject, work in graph.works.items():
        number = 1
        while part := graph.authorships.get(f"{subject}#author-{number}"):
            work.names.append(part.get("nameAsWritten", ""))
            number += 1
    return graph


def above(concept: str, broader: Mapping[str, set[str]]) -> set[str]:
    """All broader concepts of one, at any distance."""
    all_above: set[str] = set()
    waiting = [concept]
    while waiting:
        for wider in broader.get(waiting.pop(), ()):
            if wider not in all_above:
                all_above.add(wider)
                waiting.append(wider)
    return all_above
