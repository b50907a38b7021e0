"""The index of works as a file: what ``/works`` finds, filters, counts and sorts by.

``works.db`` is an SQLite file. Works are numbered newest first. Each value of each facet holds the
numbers of its works as a roaring bitmap (https://roaringbitmap.org/), including those of narrower
concepts. A count is then the size of an intersection, whatever else is asked for. A concept and a
venue also hold the works that have the value itself.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyoxigraph as ox
from pyroaring import BitMap

from ..iris import IRIs, fold
from ..languages import language_name
from ..model import FACETS, Record
from .completion_index import write_completions
from .postings import Postings
from .scratch import with_scratch
from .things import Things
from .word_index import Texts, write_words
from .works_graph import FACETS_OF_WORKS, Graph, Work

#: The file in a release's folder.
WORKS = "works.db"
#: The value of a facet that stands for the works that have none.
NOT_STATED = "-"
#: The facets whose values are concepts with names that people type into a search.
CONCEPTS = tuple(field.name for field in FACETS if field.scheme and field.kind != "bodies")
#: The facets that keep which works have a value itself; each comes from one property.
OWN = (*CONCEPTS, "venue")
#: The facets whose values are organisations.
_BODIES = ("organisations", "organization")
#: The facets that only a record page or a coded table states; keywords come with citations, too.
_CODED = frozenset(field.name for field in FACETS if field.scheme and not field.bibtex)
#: Works per block of an order.
_BLOCK = 1_000
#: The works of a value of a facet, by how they have it.
_Members = Postings[tuple[str, str, int]]
_json = json.JSONEncoder(ensure_ascii=False).encode
#: How works have a value: it or a narrower one, stated or inferred; or itself, by any evidence.
_STATED, _INFERRED, _ITSELF = range(3)

# a draft has what a work is sorted and found by, then what lists show
_SCHEMA = """
CREATE TABLE scratch.draft (
  iri TEXT, title_key TEXT, author_key TEXT, venue TEXT, whole_facets TEXT,
  id TEXT, title TEXT, other_titles TEXT, language TEXT, year INTEGER, authors TEXT, doi TEXT,
  facets TEXT);
CREATE TABLE scratch.place (
  number INTEGER PRIMARY KEY, draft INTEGER, by_title INTEGER, by_author INTEGER);
CREATE TABLE work (
  number INTEGER PRIMARY KEY, id TEXT, title TEXT, other_titles TEXT, language TEXT, year INTEGER,
  authors TEXT, venue TEXT, doi TEXT, facets TEXT, by_title INTEGER, by_author INTEGER);
CREATE TABLE block (sort TEXT, place INTEGER, works BLOB, PRIMARY KEY (sort, place));
CREATE TABLE graph (iri TEXT PRIMARY KEY, statements INTEGER) WITHOUT ROWID;
CREATE TABLE place_group (value TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE read_beyond_title (works BLOB);
CREATE TABLE value (
  facet TEXT, value TEXT, label TEXT, names TEXT, listed TEXT, sort TEXT, parents TEXT,
  works INTEGER, stated BLOB, inferred BLOB, itself BLOB, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
"""
# newest first, also among equals in each other order
_SORT = """
INSERT INTO scratch.place
  WITH numbered AS (
    SELECT row_number() OVER (ORDER BY coalesce(year, 0) DESC, title_key, iri) - 1 AS number,
      rowid AS draft, title_key, author_key
    FROM scratch.draft)
  SELECT number, draft, row_number() OVER (ORDER BY title_key, number) - 1,
    row_number() OVER (ORDER BY author_key, number) - 1
  FROM numbered ORDER BY number;
"""
_WORKS = """
INSERT INTO work
  SELECT number, id, title, other_titles, language, year, authors, coalesce(label, ''), doi,
    facets, by_title, by_author
  FROM scratch.place JOIN scratch.draft ON draft.rowid = place.draft
    LEFT JOIN scratch.thing ON thing.iri = venue
  ORDER BY number
"""
_IN_ORDER = """
SELECT number, venue, whole_facets, title, other_titles, year, authors
FROM scratch.place JOIN scratch.draft ON draft.rowid = place.draft ORDER BY number
"""
#: The beginning of a value, if a facet is listed in parts: for authors, their kind.
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
    """Write the index of the works in some quads, which come in the order of their sorted lines.

    Quads of the provenance graph may be missing: ``statements`` is the number of all quads.
    """
    with with_scratch(path) as base:
        base.executescript(_SCHEMA)
        things = Things(base)
        sizes, groups = _put_down(quads, base, things, iris)
        sizes[iris.graph("provenance")] += statements - sizes.total()
        base.executescript(_SORT)
        base.execute(_WORKS)
        base.executemany("INSERT INTO block VALUES (?, ?, ?)", _blocks(base))
        base.executemany("INSERT INTO graph VALUES (?, ?)", sorted((+sizes).items()))
        own: _Members = Postings(base, "own", 3)
        write_words(base, _texts(base, things, own, groups))
        base.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _values(base, things, own, iris),
        )
        base.executescript(_FINISH)
        write_completions(base, NOT_STATED)


def add_read(records: Iterable[Record], path: Path) -> None:
    """Add to an index for which works more than the title was read, as their records say."""
    read = (record.id for record in records if _is_read_beyond_title(record))
    with closing(sqlite3.connect(path)) as base:
        found = (base.execute("SELECT number FROM work WHERE id = ?", (id,)) for id in read)
        works = BitMap(number for rows in found for (number,) in rows)
        base.execute("INSERT INTO read_beyond_title VALUES (?)", (works.serialize(),))
        base.commit()


def _is_read_beyond_title(record: Record) -> bool:
    return any(
        source.abstract is not None or any(name in _CODED for name, _ in source.stated)
        for source in record.sources
    )


def _put_down(
    quads: Iterable[ox.Quad], base: sqlite3.Connection, things: Things, iris: IRIs
) -> tuple[Counter[str], Set[str]]:
    """Insert works and things into scratch tables, and groups of places into their table.

    Return how many statements each named graph has, and the groups.
    """
    graph = Graph(iris)
    for each in graph.read(quads):
        if not isinstance(each, Work):
            things.add(each)
        elif each.title:
            base.execute(
                "INSERT INTO scratch.draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _draft(each, iris),
            )
    things.complete()
    groups = ((_short("countries", iri, iris),) for iri in sorted(graph.groups))
    base.executemany("INSERT INTO place_group VALUES (?)", groups)
    return graph.sizes, graph.groups


def _draft(work: Work, iris: IRIs) -> tuple[object, ...]:
    facets = [(facet, value, only) for (facet, value), only in sorted(work.facets.items())]
    languages = [value for facet, value, _ in facets if facet == "language"]
    return (
        work.iri,
        fold(work.title),
        fold(work.names[0]) if work.names else "~",
        work.venue,
        _json(facets),
        work.iri.removeprefix(iris.thing("publication", "")),
        work.title,
        _json(work.other_titles),
        # if there is an original title, this one is a translation into another language
        "" if work.other_titles else min(languages, default=""),
        work.year,
        _json(work.names),
        work.doi,
        _json([(facet, _short(facet, value, iris), only) for facet, value, only in facets]),
    )


def _blocks(base: sqlite3.Connection) -> Iterator[tuple[str, int, bytes]]:
    """The numbers of the works in each sort order, a block at a time."""
    for sort in ("by_title", "by_author"):
        in_order = base.execute(f"SELECT number FROM scratch.place ORDER BY {sort}")
        start = 0
        while block := in_order.fetchmany(_BLOCK):
            yield sort, start, BitMap([number for (number,) in block]).serialize()
            start += _BLOCK


def _texts(
    base: sqlite3.Connection, things: Things, own: _Members, groups: Set[str]
) -> Iterator[Texts]:
    """The texts each work is found by: titles; names; labels of concepts; labels of broader ones.

    The names include persons who are likely its authors, and the year, as people cite it. The
    work's values go to ``own``. Groups of places lend no words to their members: "South Africa" is
    not Africa and Global South.
    """
    for number, venue, facets, title, others, year, names in base.execute(_IN_ORDER):
        values = [(facet, value, only) for facet, value, only in json.loads(facets)]
        own.add(values, (number,))
        concepts = {value for facet, value, _ in values if facet in CONCEPTS}
        bodies = {value for facet, value, _ in values if facet in _BODIES}
        broader = {wider for concept in concepts for wider in things.above(concept)}
        broader -= concepts | groups
        places = {venue, *things.above(venue)}
        likely = {
            one for facet, value, _ in values if facet == "author" for one in things.above(value)
        }
        yield (
            (title, *json.loads(others)),
            (*json.loads(names), str(year or ""), *_labels(places | bodies | likely, things)),
            _labels(concepts, things),
            _labels(broader, things),
        )


def _labels(iris: Iterable[str], things: Things) -> list[str]:
    found = map(things.get, sorted(iris))
    return [label for thing in found for label in (thing.label or "", *thing.others)]


def _values(
    base: sqlite3.Connection, things: Things, own: _Members, iris: IRIs
) -> Iterator[tuple[object, ...]]:
    """A row for each value of each facet that has works, including those of narrower values."""
    for (facet, value), works in _members(base, things, own):
        said, read, itself = (works.get(kind, BitMap()) for kind in (_STATED, _INFERRED, _ITSELF))
        read = read - said
        thing = things.get(value)
        label = language_name(value) if facet == "language" else thing.label or value
        listed = thing.listed if thing.label else label
        yield (
            facet,
            _short(facet, value, iris),
            label,
            _json(dict(sorted(things.names(value).items()))),
            listed,
            fold(listed),
            _json([_short(facet, parent, iris) for parent in sorted(thing.broader)]),
            len(said | read),
            said.serialize(),
            read.serialize(),
            itself.serialize(),
        )


def _members(
    base: sqlite3.Connection, things: Things, own: _Members
) -> Iterator[tuple[tuple[str, str], Mapping[int, BitMap]]]:
    """Each facet and value, in order, with the works that have it or a narrower one."""
    members: _Members = Postings(base, "member", 3)
    of_facets: defaultdict[str, BitMap] = defaultdict(BitMap)
    for (facet, value, kind), works in own:
        of_facets[facet] |= works
        members.add([(facet, each, kind) for each in (value, *things.above(value))], works)
        if facet in OWN:
            members.add([(facet, value, _ITSELF)], works)
    (number,) = base.execute("SELECT COUNT(*) FROM work").fetchone()
    rest = ((facet, BitMap(range(number)) - of_facets[facet]) for facet in FACETS_OF_WORKS)
    return heapq.merge(
        (
            (key, {kind: works for (_, _, kind), works in group})
            for key, group in groupby(members, lambda each: each[0][:2])
        ),
        sorted(((facet, NOT_STATED), {_STATED: works}) for facet, works in rest if works),
        key=itemgetter(0),
    )


def _short(facet: str, value: str, iris: IRIs) -> str:
    """A value as in URLs: without the part that all values of the facet have in common.

    Authors keep their kind ("person/jane-doe"), as an organisation may have the name of a person.
    A value that is not below our base IRI is kept whole.
    """
    if not value.startswith(iris.base):
        return value
    path = value.removeprefix(iris.base)
    return path if facet == "author" else path.partition("/")[2]
