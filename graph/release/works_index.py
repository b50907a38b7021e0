"""The index of works as a file: what ``/works`` finds, filters, counts and sorts by.

``works.db`` is an SQLite file. Works are numbered newest first. Each value of each facet holds the
numbers of its works as a roaring bitmap (https://roaringbitmap.org/), those of narrower concepts
included, so that a count is the size of an intersection, whatever else is asked for.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from pyroaring import BitMap

from ...ontology import prefixes
from ..iris import IRIs, fold
from ..model import FACETS

__all__ = ["NOT_STATED", "WORKS", "write_works"]

#: The file in a release's folder.
WORKS = "works.db"
#: The value of a facet that stands for the works that have none.
NOT_STATED = "-"

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE work (
  number INTEGER PRIMARY KEY, id TEXT, title TEXT, year INTEGER, authors TEXT, venue TEXT,
  doi TEXT, facets TEXT, by_title INTEGER, by_author INTEGER);
CREATE TABLE value (
  facet TEXT, value TEXT, label TEXT, parents TEXT, works INTEGER, stated BLOB, inferred BLOB,
  PRIMARY KEY (facet, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5(
  title, names, labels, content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2');
"""
_FINISH = """
CREATE INDEX work_id ON work (id);
CREATE INDEX work_by_title ON work (by_title);
CREATE INDEX work_by_author ON work (by_author);
CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, text, row);
CREATE TABLE term (term TEXT PRIMARY KEY, works INTEGER) WITHOUT ROWID;
INSERT INTO term SELECT term, doc FROM temp.terms;
INSERT INTO text (text) VALUES ('optimize');
"""
#: Properties of works that are only ever stated -> the facet that their values are of.
_STATED = {
    "oo:year": "year",
    "dcterms:isPartOf": "venue",
    "dcterms:creator": "author",
    "schema:inLanguage": "language",
}
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


@dataclass(slots=True)
class _Work:
    title: str = ""
    year: int | None = None
    doi: str = ""
    venue: str = ""
    names: list[str] = field(default_factory=list)
    #: Position -> the authorship's agent and the name as written.
    authors: dict[int, tuple[str, str]] = field(default_factory=dict)
    #: (facet, value) -> whether it is only inferred.
    facets: dict[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(slots=True)
class _Graph:
    """What the index needs of a graph, gathered in one pass over its quads."""

    works: dict[str, _Work] = field(default_factory=lambda: defaultdict(_Work))
    authorships: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    labels: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    broader: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def write_works(quads: Iterable[ox.Quad], path: Path, iris: IRIs) -> None:
    """Write the index of the works that the quads state."""
    graph = _gathered(quads, iris)
    works = {iri: work for iri, work in graph.works.items() if work.title}
    for iri, work in works.items():
        _add_names(work, iri, graph)
    order = sorted(works, key=lambda iri: (-(works[iri].year or 0), fold(works[iri].title), iri))
    by_title = _ranks(order, lambda iri: fold(works[iri].title))
    by_author = _ranks(order, lambda iri: fold(works[iri].names[0]) if works[iri].names else "~")
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(_SCHEMA)
        base.executemany(
            "INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    number,
                    iri.removeprefix(iris.thing("publication", "")),
                    work.title,
                    work.year,
                    json.dumps(work.names, ensure_ascii=False),
                    graph.labels.get(work.venue, ""),
                    work.doi,
                    _facets(work, iris),
                    by_title[iri],
                    by_author[iri],
                )
                for number, iri in enumerate(order)
                if (work := works[iri])
            ),
        )
        base.executemany(
            "INSERT INTO text (rowid, title, names, labels) VALUES (?, ?, ?, ?)",
            (
                (number, works[iri].title, _names_of(works[iri], graph), _words(works[iri], graph))
                for number, iri in enumerate(order)
            ),
        )
        base.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?)", _values(order, works, graph, iris)
        )
        base.executescript(_FINISH)
        base.commit()


def _gathered(quads: Iterable[ox.Quad], iris: IRIs) -> _Graph:
    graph = _Graph()
    iri = prefixes(iris.base).expand
    start, venues = iris.thing("publication", ""), iris.thing("venue", "")
    part_of = iri("dcterms:isPartOf")  # an edition's works are its series' works
    inferred, type_ = ox.NamedNode(iris.graph("inferred")), iri("rdf:type")
    facets = {iri(f.predicate): f.name for f in FACETS if f.kind in ("concept", "concepts")}
    facets[iri("oo:organization")] = "organisations"
    # what is only ever stated
    stated = {iri(curie): facet for curie, facet in _STATED.items()}
    kinds = {iri(curie): label for curie, label in _KINDS.items()}
    labels = {iri("skos:prefLabel"): 0, iri("rdfs:label"): 1}
    others = {iri("skos:altLabel"), iri("dcterms:alternative")}
    # the last: a person's works are those of all who are likely that person
    names = ("skos:broader", "schema:containedInPlace", "oo:probablySameAs")
    broader = {iri(name) for name in names}
    parts = {iri(f"oo:{name}"): name for name in ("position", "agent", "nameAsWritten")}
    literals = {iri("dcterms:title"): "title", iri("bibo:doi"): "doi"}
    for quad in quads:
        if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
            continue
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        if predicate in labels:
            if labels[predicate] == 0 or subject not in graph.labels:
                graph.labels[subject] = value
        elif predicate in others:
            graph.others[subject].append(value)
        elif predicate in broader or (predicate == part_of and subject.startswith(venues)):
            graph.broader[subject].add(value)
        elif predicate in parts:
            graph.authorships[subject][parts[predicate]] = value
        if not subject.startswith(start) or "#" in subject:
            continue
        work = graph.works[subject]
        if predicate in literals:
            setattr(work, literals[predicate], value)
        elif predicate in facets:
            only_inferred = quad.graph_name == inferred
            pair = (facets[predicate], value)
            work.facets[pair] = only_inferred and work.facets.get(pair, True)
        elif predicate in stated:
            work.facets[stated[predicate], value] = False
            if stated[predicate] == "year":
                work.year = int(value)
            elif stated[predicate] == "venue":
                work.venue = value
        elif predicate == type_ and value in kinds:
            work.facets["kind", kinds[value]] = False
    return graph


def _add_names(work: _Work, iri: str, graph: _Graph) -> None:
    """The names of the authors as written, in their order."""
    number = 1
    while part := graph.authorships.get(f"{iri}#author-{number}"):
        work.names.append(part.get("nameAsWritten", ""))
        number += 1


def _ranks(order: list[str], key: Callable[[str], str]) -> dict[str, int]:
    """The place of each work when sorted by a key, equal ones newest first."""
    return {iri: rank for rank, iri in enumerate(sorted(order, key=key))}


def _names_of(work: _Work, graph: _Graph) -> str:
    return " ".join([*work.names, graph.labels.get(work.venue, "")])


def _words(work: _Work, graph: _Graph) -> str:
    """What the concepts of a work, and all broader ones, are called."""
    concepts = {value for facet, value in work.facets if facet not in ("author", "venue")}
    concepts |= {above for concept in concepts for above in _above(concept, graph.broader)}
    labels = [(graph.labels.get(c, ""), *graph.others.get(c, ())) for c in sorted(concepts)]
    return " ".join(text for texts in labels for text in texts)


def _above(concept: str, broader: Mapping[str, set[str]]) -> set[str]:
    """All broader concepts of one, at any distance."""
    above: set[str] = set()
    waiting = [concept]
    while waiting:
        for wider in broader.get(waiting.pop(), ()):
            if wider not in above:
                above.add(wider)
                waiting.append(wider)
    return above


def _values(
    order: list[str], works: Mapping[str, _Work], graph: _Graph, iris: IRIs
) -> Iterable[tuple[str, str, str, str, int, bytes, bytes]]:
    """A row for each value of each facet that has works, those of narrower values included."""
    stated: dict[tuple[str, str], BitMap] = defaultdict(BitMap)
    inferred: dict[tuple[str, str], BitMap] = defaultdict(BitMap)
    having: dict[str, BitMap] = defaultdict(BitMap)
    for number, iri in enumerate(order):
        for (facet, value), only_inferred in works[iri].facets.items():
            having[facet].add(number)
            for each in (value, *_above(value, graph.broader)):
                (inferred if only_inferred else stated)[facet, each].add(number)
    names = [f.name for f in FACETS if f.kind in ("concept", "concepts", "bodies")]
    for facet in (*names, *_STATED.values(), "kind"):
        without = BitMap(range(len(order))) - having[facet]
        if without:
            stated[facet, NOT_STATED] = without
    for facet, value in sorted(stated.keys() | inferred.keys()):
        said = stated.get((facet, value), BitMap())
        read = inferred.get((facet, value), BitMap()) - said
        parents = sorted(graph.broader.get(value, ()))
        yield (
            facet,
            _short(facet, value, iris),
            graph.labels.get(value, value),
            json.dumps([_short(facet, parent, iris) for parent in parents]),
            len(said | read),
            said.serialize(),
            read.serialize(),
        )


def _facets(work: _Work, iris: IRIs) -> str:
    facets = sorted(work.facets.items())
    return json.dumps(
        [[facet, _short(facet, value, iris), only] for (facet, value), only in facets]
    )


def _short(facet: str, value: str, iris: IRIs) -> str:
    """A value as it stands in an address: without what all values of the facet have in common.

    Authors keep their kind ("person/jane-doe"): a body may have the name of a person. A value
    that is not ours stands whole.
    """
    if not value.startswith(iris.base):
        return value
    path = value.removeprefix(iris.base)
    return path if facet == "author" else path.partition("/")[2]
