"""The index of names as a file: every name of everything that has a page, for a release.

``names.db`` is an SQLite file. A name's number holds its class in the high bits and, below, its
place by length: a class is a range of numbers, and the first hits of a search are the shortest.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from ...ontology import PREFIXES, prefixes
from ..iris import RDF_TYPE, IRIs, fold

#: The file in a release's folder.
NAMES = "names.db"
#: The kinds of names, the best first. "short": a title before its colon, a family name with
#: initials; "slug": the words of a publication's IRI (author, year, three words of the title).
KINDS = ("preferred", "alternative", "notation", "hidden", "slug", "short")
#: A name longer than this has enough words to be found by one that is spelt right.
TRIGRAM_CHARACTERS = 40
#: IRIs that are remembered to be those of a thing, or not.
_REMEMBERED = 2**12
#: The bits of a name's number below its class.
CLASS_BITS = 32

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE class (number INTEGER PRIMARY KEY, path TEXT);
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, year INTEGER, mentions INTEGER);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER, kind INTEGER, text TEXT, folded TEXT);
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE trigrams USING fts5(
  folded, content='', detail=none, tokenize='trigram');
"""
_FINISH = """
CREATE INDEX name_folded ON name (folded);
CREATE VIRTUAL TABLE temp.word_rows USING fts5vocab(main, words, row);
CREATE VIRTUAL TABLE temp.trigram_rows USING fts5vocab(main, trigrams, row);
CREATE TABLE word (term TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID;
CREATE TABLE trigram (term TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID;
INSERT INTO word SELECT term, doc FROM temp.word_rows;
INSERT INTO trigram SELECT term, doc FROM temp.trigram_rows;
INSERT INTO words (words) VALUES ('optimize');
INSERT INTO trigrams (trigrams) VALUES ('optimize');
"""


@dataclass(slots=True)
class _Thing:
    names: set[tuple[str, str]] = field(default_factory=set)
    family: str = ""
    given: str = ""
    year: int | None = None
    typed: bool = False

    @property
    def label(self) -> str:
        return min((text for kind, text in self.names if kind == "preferred"), default="")


def write_names(quads: Iterable[ox.Quad], path: Path, iris: IRIs) -> None:
    """Write the index of the names of everything that has a page (a class, and a name)."""
    things, mentions = _things(quads, iris)
    named = sorted((iri, thing) for iri, thing in things.items() if thing.typed and thing.label)
    # What is small in number comes first: the vocabularies, then works, then their authors.
    sizes = Counter(_kind(iri, iris) for iri, _ in named)
    order = {kind: place for place, kind in enumerate(sorted(sizes, key=lambda k: (sizes[k], k)))}
    rows = [
        (order[_kind(iri, iris)], len(folded), folded, KINDS.index(kind), text, number)
        for number, (iri, thing) in enumerate(named)
        for kind, text in _names(iri, thing, iris)
        if (folded := fold(text))
    ]
    rows.sort()
    path.unlink(missing_ok=True)

    def numbered() -> Iterator[tuple[int, tuple[int, int, str, int, str, int]]]:
        return (((row[0] << CLASS_BITS) + place, row) for place, row in enumerate(rows))

    with closing(sqlite3.connect(path)) as base:
        base.executescript(_SCHEMA)
        base.executemany("INSERT INTO class VALUES (?, ?)", [(n, k) for k, n in order.items()])
        base.executemany(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?)",
            (
                (number, iri, thing.label, thing.year, mentions[iri])
                for number, (iri, thing) in enumerate(named)
            ),
        )
        base.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?)",
            ((id, thing, kind, text, key) for id, (_, _, key, kind, text, thing) in numbered()),
        )
        base.executemany(
            "INSERT INTO words (rowid, folded) VALUES (?, ?)",
            ((id, row[2]) for id, row in numbered()),
        )
        base.executemany(
            "INSERT INTO trigrams (rowid, folded) VALUES (?, ?)",
            ((id, row[2]) for id, row in numbered() if row[1] <= TRIGRAM_CHARACTERS),
        )
        base.executescript(_FINISH)
        base.commit()


def _properties(iris: IRIs) -> dict[str, str]:
    """The kind of name that a property of a thing is."""
    kinds = {
        "preferred": "rdfs:label skos:prefLabel dcterms:title",
        "alternative": "skos:altLabel dcterms:alternative",
        "hidden": "skos:hiddenLabel",
        "notation": "skos:notation oo:alpha3 oo:m49",
    }
    expand = prefixes(iris.base).expand
    return {expand(curie): kind for kind, curies in kinds.items() for curie in curies.split()}


def _things(quads: Iterable[ox.Quad], iris: IRIs) -> tuple[dict[str, _Thing], Counter[str]]:
    """Every node with an IRI of a thing, and how many publications point at it."""
    kinds = _properties(iris)
    foaf = PREFIXES["foaf"]
    things: defaultdict[str, _Thing] = defaultdict(_Thing)
    # A pair is one integer: a large graph has millions of them.
    numbers: dict[str, int] = {}
    pointers: set[int] = set()
    publication = iris.thing("publication", "")
    path = re.compile(re.escape(iris.base) + r"(?!graph/)[a-z-]+/[^/#]+")
    # sorted quads ask for the same ones again and again
    is_thing = lru_cache(_REMEMBERED)(path.fullmatch)
    for quad in quads:
        node, predicate, value, _ = quad
        if not isinstance(node, ox.NamedNode) or not is_thing(node.value):
            continue
        subject, property = node.value, predicate.value
        if isinstance(value, ox.NamedNode):
            if predicate == RDF_TYPE:
                things[subject].typed = True
            elif subject.startswith(publication) and is_thing(value.value):
                source = numbers.setdefault(subject, len(numbers))
                target = numbers.setdefault(value.value, len(numbers))
                pointers.add(source << 32 | target)
        elif isinstance(value, ox.Literal):
            if property in kinds:
                things[subject].names.add((kinds[property], value.value))
            elif property == f"{foaf}familyName":
                things[subject].family = value.value
            elif property == f"{foaf}givenName":
                things[subject].given = value.value
            elif property == f"{iris.ontology}year":
                things[subject].year = int(value.value)
    names = list(numbers)
    counts = Counter(pair & (1 << 32) - 1 for pair in pointers)
    return dict(things), Counter({names[target]: count for target, count in counts.items()})


def _names(iri: str, thing: _Thing, iris: IRIs) -> Iterator[tuple[str, str]]:
    """The names of a thing, and the forms of them that follow by rule."""
    yield from thing.names
    if thing.family and thing.given:
        initials = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", thing.given) if part)
        yield "hidden", f"{thing.family}, {thing.given}"
        yield "short", f"{thing.family}, {initials}"
    if _kind(iri, iris) == "publication":
        yield "slug", iri.rpartition("/")[2].replace("-", " ")
        for kind, text in thing.names:
            main, colon, _ = text.partition(":")
            if colon and kind == "preferred" and len(main.split()) > 2:
                yield "short", main


def _kind(iri: str, iris: IRIs) -> str:
    return iri.removeprefix(iris.base).partition("/")[0]
