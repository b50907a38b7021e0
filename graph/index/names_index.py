"""The index of names as a file: every name of everything that has a page, for a release.

``names.db`` is an SQLite file. The number of a name holds its class in the high bits and its place
by length in the low bits: a class is a range of numbers, and the first hits of a search are the
shortest names.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

from ...ontology import prefixes
from ..iris import RDF_TYPE, IRIs, fold
from .scratch import with_scratch

#: The file in a release's folder.
NAMES = "names.db"
#: The kinds of names, the best first. "short": a title before its colon, a family name with
#: initials; "slug": the words of a publication's IRI (author, year, three words of the title).
KINDS = ("preferred", "alternative", "notation", "hidden", "slug", "short")
#: Other texts that are read of a thing, besides its names -> their property.
_PARTS = {"family": "foaf:familyName", "given": "foaf:givenName", "year": "oo:year"}
#: Longer names have no trigrams: they have enough words to be found by one that is spelt right.
TRIGRAM_CHARACTERS = 40
#: IRIs kept in a cache, with whether they are those of things.
_REMEMBERED = 2**12
#: Things whose mentions are counted in memory at a time.
_HELD = 2**14
#: The bits of a name's number below its class.
CLASS_BITS = 32

_SCHEMA = """
CREATE TABLE scratch.thing (iri TEXT, class TEXT, label TEXT, year INTEGER);
CREATE TABLE scratch.name (iri TEXT, class TEXT, kind INTEGER, text TEXT, folded TEXT);
CREATE TABLE scratch.mention (iri TEXT, publications INTEGER);
CREATE TABLE class (number INTEGER PRIMARY KEY, path TEXT);
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, year INTEGER, mentions INTEGER);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER, kind INTEGER, text TEXT, folded TEXT);
CREATE VIRTUAL TABLE words USING fts5(
  folded, content='', detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE trigrams USING fts5(
  folded, content='', detail=none, tokenize='trigram');
"""
# small classes come first: the vocabularies, then works, then their authors
_FILL = (
    """
INSERT INTO class
  SELECT row_number() OVER (ORDER BY COUNT(*), class) - 1, class FROM scratch.thing GROUP BY class
""",
    """
INSERT INTO thing
  SELECT row_number() OVER (ORDER BY iri) - 1, iri, label, year, coalesce(mentions, 0)
  FROM scratch.thing LEFT JOIN (
    SELECT iri, SUM(publications) AS mentions FROM scratch.mention GROUP BY iri) USING (iri)
  ORDER BY iri
""",
    f"""
INSERT INTO name
  SELECT (class.number << {CLASS_BITS}) + row_number() OVER (
      ORDER BY class.number, length(folded), folded, kind, text, thing.id) - 1,
    thing.id, kind, text, folded
  FROM scratch.name JOIN class ON path = class JOIN thing USING (iri)
  ORDER BY 1
""",
)
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
    #: Its texts, each with a kind: one of ``KINDS``, or of ``_PARTS``.
    texts: set[tuple[str, str]] = field(default_factory=set)
    typed: bool = False
    #: For a publication, the things that it refers to.
    pointers: set[str] = field(default_factory=set)

    def first(self, kind: str) -> str:
        """The first text of a kind; "" if there is none."""
        return min((text for each, text in self.texts if each == kind), default="")


def write_names(quads: Iterable[ox.Quad], path: Path, iris: IRIs) -> None:
    """Write the index of the names of everything that has a page (a class, and a name).

    The quads of a subject must be consecutive.
    """
    with with_scratch(path) as base:
        base.executescript(_SCHEMA)
        mentions: Counter[str] = Counter()
        for iri, thing in _things(quads, iris):
            mentions.update(thing.pointers)
            if len(mentions) > _HELD:
                _put_down(mentions, base)
            if thing.typed and (label := thing.first("preferred")):
                kind, year = _kind(iri, iris), thing.first("year")
                base.execute(
                    "INSERT INTO scratch.thing VALUES (?, ?, ?, ?)",
                    (iri, kind, label, int(year) if year else None),
                )
                base.executemany(
                    "INSERT INTO scratch.name VALUES (?, ?, ?, ?, ?)",
                    (
                        (iri, kind, KINDS.index(of), text, folded)
                        for of, text in _names(iri, thing, iris)
                        if (folded := fold(text))
                    ),
                )
        _put_down(mentions, base)
        for statement in _FILL:
            base.execute(statement)
        base.executemany(
            "INSERT INTO words (rowid, folded) VALUES (?, ?)",
            base.execute("SELECT id, folded FROM name ORDER BY id"),
        )
        base.executemany(
            "INSERT INTO trigrams (rowid, folded) VALUES (?, ?)",
            base.execute(
                "SELECT id, folded FROM name WHERE length(folded) <= ? ORDER BY id",
                (TRIGRAM_CHARACTERS,),
            ),
        )
        base.executescript(_FINISH)


def _put_down(mentions: Counter[str], base: sqlite3.Connection) -> None:
    base.executemany("INSERT INTO scratch.mention VALUES (?, ?)", mentions.items())
    mentions.clear()


def _properties(iris: IRIs) -> dict[str, str]:
    """Property -> the kind of text that its values are."""
    kinds = {
        "preferred": "rdfs:label skos:prefLabel dcterms:title",
        "alternative": "skos:altLabel dcterms:alternative",
        "hidden": "skos:hiddenLabel",
        "notation": "skos:notation oo:alpha3 oo:m49",
        **_PARTS,
    }
    expand = prefixes(iris.base).expand
    return {expand(curie): kind for kind, curies in kinds.items() for curie in curies.split()}


def _things(quads: Iterable[ox.Quad], iris: IRIs) -> Iterator[tuple[str, _Thing]]:
    """Every node with an IRI of a thing."""
    kinds, publication = _properties(iris), iris.thing("publication", "")
    path = re.compile(re.escape(iris.base) + r"(?!graph/)[a-z-]+/[^/#]+")
    # publications refer to the same things again and again
    is_thing = lru_cache(_REMEMBERED)(path.fullmatch)
    for node, group in groupby(quads, attrgetter("subject")):
        if not isinstance(node, ox.NamedNode) or not path.fullmatch(node.value):
            continue
        thing, is_publication = _Thing(), node.value.startswith(publication)
        for quad in group:
            property, value = quad.predicate.value, quad.object
            if isinstance(value, ox.NamedNode):
                if property == RDF_TYPE.value:
                    thing.typed = True
                elif is_publication and is_thing(value.value):
                    thing.pointers.add(value.value)
            elif isinstance(value, ox.Literal) and property in kinds:
                thing.texts.add((kinds[property], value.value))
        yield node.value, thing


def _names(iri: str, thing: _Thing, iris: IRIs) -> Iterator[tuple[str, str]]:
    """The names of a thing, and the forms derived from them by rule."""
    yield from (each for each in thing.texts if each[0] not in _PARTS)
    family, given = thing.first("family"), thing.first("given")
    if family and given:
        initials = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", given) if part)
        yield "hidden", f"{family}, {given}"
        yield "short", f"{family}, {initials}"
    if _kind(iri, iris) == "publication":
        yield "slug", iri.rpartition("/")[2].replace("-", " ")
        for kind, text in thing.texts:
            main, colon, _ = text.partition(":")
            if colon and kind == "preferred" and len(main.split()) > 2:
                yield "short", main


def _kind(iri: str, iris: IRIs) -> str:
    return iri.removeprefix(iris.base).partition("/")[0]
