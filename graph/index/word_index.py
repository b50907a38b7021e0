"""The index of words, in ``works.db``: the works that have a word, by how much it says about them.

A word has one roaring bitmap of its works for each level of relevance. To find several words is an
intersection, and to rank is a sum, whose cost hardly grows with the number of works.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from pyroaring import BitMap

from .postings import Postings
from .spellings import spelt, words_of

#: Prefixes up to this length, which many words begin with, have bitmaps of their own.
SHORT_PREFIX = 4
#: The highest level: that of works whose short title has the word.
_LEVELS = 8
#: The weight of a word in titles, names, labels of concepts, and labels of broader ones.
_WEIGHTS = (4.0, 2.0, 1.0, 0.5)
#: The k1 of BM25 (how counts level off), and its b (how much the length of texts matters).
_FLATTENING, _BY_LENGTH = 1.2, 0.75
#: The words of an average work. A constant, so that no work's levels depend on other works.
_USUAL_WORDS = 100

_SCHEMA = """
CREATE TABLE term (term TEXT PRIMARY KEY, works INTEGER) WITHOUT ROWID;
CREATE TABLE posting (term TEXT, level INTEGER, works BLOB, PRIMARY KEY (term, level));
CREATE TABLE scratch.begun (prefix TEXT, level INTEGER, works BLOB);
CREATE TABLE begun (prefix TEXT, level INTEGER, works BLOB, PRIMARY KEY (prefix, level));
CREATE VIRTUAL TABLE text USING fts5(title, content='', prefix='2 3', tokenize='ascii');
CREATE VIRTUAL TABLE named USING fts5(spelt, content='', columnsize=0, tokenize='ascii');
"""

#: Level of relevance -> works.
Levels = Mapping[int, BitMap]
#: The works of a word at a level.
_Postings = Postings[tuple[str, int]]
#: The texts of a work: titles, names, labels of concepts, those of broader ones.
Texts = Sequence[Sequence[str]]


def write_words(base: sqlite3.Connection, every: Iterable[Texts]) -> None:
    """Add the index of the texts of each work; works come in the order of their numbers."""
    base.executescript(_SCHEMA)
    postings: _Postings = Postings(base, "posting", 2)
    for number, texts in enumerate(every):
        postings.add(_levels(texts), (number,))
        titles, names = map(spelt, texts[:2])
        base.execute("INSERT INTO text (rowid, title) VALUES (?, ?)", (number, titles))
        base.execute("INSERT INTO named (rowid, spelt) VALUES (?, ?)", (number, names))
    for table in ("text", "named"):
        base.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    base.executemany("INSERT INTO term VALUES (?, ?)", _counts(postings))
    base.executemany(
        "INSERT INTO posting VALUES (?, ?, ?)",
        ((term, level, works.serialize()) for (term, level), works in postings),
    )
    base.executemany("INSERT INTO scratch.begun VALUES (?, ?, ?)", _begun(postings))
    base.execute("INSERT INTO begun SELECT * FROM scratch.begun ORDER BY prefix, level")


def _levels(texts: Texts) -> list[tuple[str, int]]:
    """Each word of a work's texts, with its level: BM25 of weighted columns in equal steps."""
    counts: dict[str, float] = {}
    length = 0
    for column, weight in zip(texts, _WEIGHTS, strict=True):
        words = [word for text in column for word in words_of(text)]
        length += len(words)
        for word in words:
            counts[word] = counts.get(word, 0.0) + weight
    usual = _FLATTENING * (1 - _BY_LENGTH + _BY_LENGTH * length / _USUAL_WORDS)
    # many words of a work have the same count
    levels = {
        count: min(_LEVELS, 1 + int(_LEVELS * count / (count + usual)))
        for count in set(counts.values())
    }
    return [(word, levels[count]) for word, count in counts.items()]


def _counts(postings: _Postings) -> Iterator[tuple[str, int]]:
    """Each word, and how many works have it."""
    for term, levels in groupby(postings, lambda posting: posting[0][0]):
        yield term, sum(len(works) for _, works in levels)


def _begun(postings: _Postings) -> Iterator[tuple[str, int, bytes]]:
    """The works of each short prefix, each at the highest level that a word gives it."""
    # the prefixes of the current word, which words before it may share
    begun: dict[str, defaultdict[int, BitMap]] = {}
    for (term, level), works in postings:
        prefixes = {term[:end] for end in range(1, SHORT_PREFIX + 1)}
        for prefix in begun.keys() - prefixes:
            yield from _rows(prefix, begun.pop(prefix))
        for prefix in prefixes:
            begun.setdefault(prefix, defaultdict(BitMap))[level] |= works
    for prefix, levels in begun.items():
        yield from _rows(prefix, levels)


def _rows(prefix: str, levels: Levels) -> Iterator[tuple[str, int, bytes]]:
    for level, works in highest(levels.items()).items():
        yield prefix, level, works.serialize()


def highest(levels: Iterable[tuple[int, BitMap]]) -> Levels:
    """Works by level, each only under its highest."""
    by_level: dict[int, BitMap] = {}
    higher = BitMap()
    for level, works in sorted(levels, key=lambda each: -each[0]):
        by_level[level] = by_level.get(level, BitMap()) | (works - higher)
        higher |= works
    return by_level
