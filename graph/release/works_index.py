"""The index of works as a file: what ``/works`` finds, filters, counts and sorts by.

``works.db`` is an SQLite file. Works are numbered newest first. Each value of each facet holds the
numbers of its works as a roaring bitmap (https://roaringbitmap.org/), those of narrower concepts
included, so that a count is the size of an intersection, whatever else is asked for; a concept
those that have it itself, too.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
from pyroaring import BitMap

from ..iris import IRIs, fold
from ..languages import language_name
from ..model import FACETS, Record
from .completion_index import write_completions
from .word_index import Texts, write_words
from .works_graph import FACETS_OF_WORKS, Graph, Work, above, gather

#: The file in a release's folder.
WORKS = "works.db"
#: The value of a facet that stands for the works that have none.
NOT_STATED = "-"
#: The facets whose values are concepts with names that people write in a question.
CONCEPTS = tuple(field.name for field in FACETS if field.scheme and field.kind != "bodies")
#: The facets whose values are organisations.
_BODIES = ("organisations", "organization")
#: What only a record page or a coded table states; keywords come with many a citation.
_CODED = frozenset(field.name for field in FACETS if field.scheme and not field.bibtex)
#: Works of one block of an order.
_BLOCK = 1_000
#: A way to sort -> work -> its place.
_Ranks = Mapping[str, Mapping[str, int]]

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE work (
  number INTEGER PRIMARY KEY, id TEXT, title TEXT, other_titles TEXT, language TEXT, year INTEGER,
  authors TEXT, venue TEXT, doi TEXT, facets TEXT, by_title INTEGER, by_author INTEGER);
CREATE TABLE block (sort TEXT, place INTEGER, works BLOB, PRIMARY KEY (sort, place));
CREATE TABLE graph (iri TEXT PRIMARY KEY, statements INTEGER) WITHOUT ROWID;
CREATE TABLE read_beyond_title (works BLOB);
CREATE TABLE value (
  facet TEXT, value TEXT, label TEXT, names TEXT, listed TEXT, sort TEXT, parents TEXT,
  works INTEGER, stated BLOB, inferred BLOB, itself BLOB, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
"""
#: How the values of a facet begin that are listed apart from its others: of authors, their kind.
_START = "CASE facet WHEN 'author' THEN substr(value, 1, instr(value, '/')) ELSE '' END"
_FINISH = f"""
CREATE INDEX work_id ON work (id);
CREATE INDEX value_sort ON value (facet, sort);
CREATE TABLE letter AS
  SELECT facet, {_START} AS start, substr(sort, 1, 1) AS letter, COUNT(*) AS number
  FROM value WHERE value <> '{NOT_STATED}' GROUP BY 1, 2, 3;
CREATE TABLE listed (
  facet TEXT, start TEXT, place INTEGER, value TEXT, PRIMARY KEY (facet, start, place)
) WITHOUT ROWID;
INSERT INTO listed
  SELECT facet, {_START} AS start,
    row_number() OVER (PARTITION BY facet, {_START} ORDER BY sort, value) - 1, value
  FROM value WHERE value <> '{NOT_STATED}';
"""


def write_works(quads: Iterable[ox.Quad], statements: int, path: Path, iris: IRIs) -> None:
    """Write the index of the works that the quads state.

    Of the graph of provenance some may be missing: ``statements`` is how many there are in all.
    """
    graph = gather(quads, iris)
    graph.sizes[iris.graph("provenance")] += statements - graph.sizes.total()
    works = {iri: work for iri, work in graph.works.items() if work.title}
    order = sorted(works, key=lambda iri: (-(works[iri].year or 0), fold(works[iri].title), iri))
    ranks = _ranks(order, works)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(_SCHEMA)
        base.executemany(
            "INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _works(order, works, graph, iris, ranks),
        )
        base.executemany("INSERT INTO block VALUES (?, ?, ?)", _blocks(order, ranks))
        base.executemany("INSERT INTO graph VALUES (?, ?)", sorted((+graph.sizes).items()))
        write_words(base, (_texts(iri, works[iri], graph) for iri in order))
        base.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _values(order, works, graph, iris),
        )
        base.executescript(_FINISH)
        write_completions(base, NOT_STATED)
        base.commit()


def add_read(records: Iterable[Record], path: Path) -> None:
    """Add to an index of which works more than the title was read, as their records say."""
    with closing(sqlite3.connect(path)) as base:
        numbers = dict(base.execute("SELECT id, number FROM work"))
        read = {record.id for record in records if _is_read_beyond_title(record)}
        works = BitMap(numbers[id] for id in read & numbers.keys())
        base.execute("INSERT INTO read_beyond_title VALUES (?)", (works.serialize(),))
        base.commit()


def _is_read_beyond_title(record: Record) -> bool:
    return any(
        source.abstract is not None or any(name in _CODED for name, _ in source.stated)
        for source in record.sources
    )


def _works(
    order: list[str], works: Mapping[str, Work], graph: Graph, iris: IRIs, ranks: _Ranks
) -> Iterator[tuple[object, ...]]:
    by_title, by_author = ranks["by_title"], ranks["by_author"]
    for number, iri in enumerate(order):
        work = works[iri]
        others = list(graph.others.get(iri, ()))
        languages = [value for facet, value in work.facets if facet == "language"]
        yield (
            number,
            iri.removeprefix(iris.thing("publication", "")),
            work.title,
            _json(others),
            # of a work with a title in its own language, the other title is a translation
            "" if others else min(languages, default=""),
            work.year,
            _json(work.names),
            graph.labels.get(work.venue, ""),
            work.doi,
            _facets(work, iris),
            by_title[iri],
            by_author[iri],
        )


def _ranks(order: list[str], works: Mapping[str, Work]) -> _Ranks:
    """For each way to sort, the place of each work; equal ones newest first."""
    keys: dict[str, Callable[[str], str]] = {
        "by_title": lambda iri: fold(works[iri].title),
        "by_author": lambda iri: fold(works[iri].names[0]) if works[iri].names else "~",
    }
    return {
        sort: {iri: rank for rank, iri in enumerate(sorted(order, key=key))}
        for sort, key in keys.items()
    }


def _blocks(order: list[str], ranks: _Ranks) -> Iterator[tuple[str, int, bytes]]:
    """The numbers of the works that follow each other when sorted, so many at a time."""
    numbers = {iri: number for number, iri in enumerate(order)}
    for sort, places in ranks.items():
        in_order = [numbers[iri] for iri in places]
        for start in range(0, len(in_order), _BLOCK):
            yield sort, start, BitMap(in_order[start : start + _BLOCK]).serialize()


def _texts(iri: str, work: Work, graph: Graph) -> Texts:
    """What a work is found by: titles; names and the year, as people cite it; the labels of its
    concepts, of broader ones.
    """
    concepts = {value for facet, value in work.facets if facet in CONCEPTS}
    bodies = {value for facet, value in work.facets if facet in _BODIES}
    broader = {wider for concept in concepts for wider in above(concept, graph.broader)} - concepts
    places = {work.venue, *above(work.venue, graph.broader)}
    return (
        (work.title, *graph.others.get(iri, ())),
        (*work.names, str(work.year or ""), *_labels(places | bodies, graph)),
        _labels(concepts, graph),
        _labels(broader, graph),
    )


def _labels(things: Iterable[str], graph: Graph) -> list[str]:
    return [
        label
        for thing in sorted(things)
        for label in (graph.labels.get(thing, ""), *graph.others.get(thing, ()))
    ]


def _values(
    order: list[str], works: Mapping[str, Work], graph: Graph, iris: IRIs
) -> Iterator[tuple[object, ...]]:
    """A row for each value of each facet that has works, those of narrower values included."""
    stated: dict[tuple[str, str], BitMap] = defaultdict(BitMap)
    inferred: dict[tuple[str, str], BitMap] = defaultdict(BitMap)
    itself: dict[tuple[str, str], BitMap] = defaultdict(BitMap)
    having: dict[str, BitMap] = defaultdict(BitMap)
    for number, iri in enumerate(order):
        for (facet, value), only_inferred in works[iri].facets.items():
            having[facet].add(number)
            if facet in CONCEPTS:
                itself[facet, value].add(number)
            for each in (value, *above(value, graph.broader)):
                (inferred if only_inferred else stated)[facet, each].add(number)
    for facet in FACETS_OF_WORKS:
        without = BitMap(range(len(order))) - having[facet]
        if without:
            stated[facet, NOT_STATED] = without
    others = graph.names()
    for facet, value in sorted(stated.keys() | inferred.keys()):
        said = stated.get((facet, value), BitMap())
        read = inferred.get((facet, value), BitMap()) - said
        parents = sorted(graph.broader.get(value, ()))
        label = language_name(value) if facet == "language" else graph.labels.get(value, value)
        listed = graph.listed(value) if value in graph.labels else label
        yield (
            facet,
            _short(facet, value, iris),
            label,
            _json(dict(sorted(others.get(value, {}).items()))),
            listed,
            fold(listed),
            _json([_short(facet, parent, iris) for parent in parents]),
            len(said | read),
            said.serialize(),
            read.serialize(),
            itself.get((facet, value), BitMap()).serialize(),
        )


def _facets(work: Work, iris: IRIs) -> str:
    facets = sorted(work.facets.items())
    return _json([[facet, _short(facet, value, iris), only] for (facet, value), only in facets])


def _json(values: Sequence[object] | Mapping[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _short(facet: str, value: str, iris: IRIs) -> str:
    """A value as it stands in an address: without what all values of the facet have in common.

    Authors keep their kind ("person/jane-doe"): a body may have the name of a person. A value
    that is not ours stands whole.
    """
    if not value.startswith(iris.base):
        return value
    path = value.removeprefix(iris.base)
    return path if facet == "author" else path.partition("/")[2]
