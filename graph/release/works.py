"""Works: what the index of a release finds for words and facets, counted and sorted."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..errors import NoRelease
from ..iris import fold
from .database import Database, SecondsLeft, no_deadline
from .works_index import NOT_STATED, WORKS

__all__ = ["SORTS", "Answer", "Choice", "Value", "Work", "Works"]

#: How a list may be sorted: its name in an address -> the column; "" is the order of the numbers.
SORTS = {"newest": "", "title": "by_title", "author": "by_author", "relevance": ""}
#: More matches than this are sorted by walking along the whole order, fewer by themselves.
_FEW = 5_000
#: How alike a word of the index must be to stand for one that finds nothing: at most one
#: mistake in five letters, where two letters that have changed places are one mistake.
_ALIKE = 0.8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: words, and for each facet the values of which a work must have all."""

    words: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    #: "stated" leaves out what is only inferred.
    evidence: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many of the works that were found have it."""

    value: str
    label: str
    count: int
    #: How many of them have it by inference only.
    inferred: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A work as a list shows it."""

    id: str
    title: str
    year: int | None
    authors: tuple[str, ...]
    venue: str
    doi: str
    #: (facet, value's label, value, whether it is only inferred).
    facets: tuple[tuple[str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The works that a choice finds; ``numbers`` is in no order."""

    numbers: BitMap
    #: Word as asked -> the word it was taken for, where it finds nothing as it stands.
    corrected: Mapping[str, str]
    #: The numbers by how well they match the words, the best first; empty without words.
    ranked: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)


class Works:
    """The index of one release, open for reading from any thread."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        path = folder / WORKS
        self._base = Database(path, seconds_left)
        try:
            ((self.size,),) = self._base.rows("SELECT COUNT(*) FROM work")
        except sqlite3.Error as error:
            raise NoRelease(
                f"{path} cannot be read ({error}); make the release again with `oograph build`"
            ) from None

    def find(self, choice: Choice) -> Answer:
        """The works that have everything that is asked for."""
        numbers = BitMap(range(self.size))
        for facet, values in choice.facets.items():
            for value in values:
                numbers &= self._having(facet, value, choice.evidence)
        if choice.first_year is not None or choice.last_year is not None:
            numbers &= self._between(choice.first_year, choice.last_year)
        words = _WORD.findall(choice.words)
        if not words:
            return Answer(BitMap() if choice.words else numbers, {})
        ranked, corrected = self._with_words(words)
        kept = tuple(number for number in ranked if number in numbers)
        return Answer(BitMap(kept), corrected, kept)

    def page(self, answer: Answer, choice: Choice, offset: int, limit: int) -> list[Work]:
        """Some of the works in the order that was asked for."""
        numbers = list(self._in_order(answer, choice.sort, offset, limit))
        marks = ",".join("?" * len(numbers))
        rows = self._base.rows(
            "SELECT number, id, title, year, authors, venue, doi, facets FROM work"
            f" WHERE number IN ({marks})",
            *numbers,
        )
        works = {row[0]: self._work(row[1:]) for row in rows}
        return [works[number] for number in numbers]

    def ids(self, answer: Answer, choice: Choice, limit: int) -> list[str]:
        """The ids of the works in the order that was asked for."""
        numbers = list(self._in_order(answer, choice.sort, 0, limit))
        ids: dict[int, str] = {}
        for start in range(0, len(numbers), _FEW):
            marks = ",".join(map(str, numbers[start : start + _FEW]))
            ids.update(self._base.rows(f"SELECT number, id FROM work WHERE number IN ({marks})"))
        return [ids[number] for number in numbers]

    def counts(self, answer: Answer, facet: str, limit: int = 10_000) -> list[Value]:
        """The values of a facet among the works that were found, most frequent first."""
        numbers = answer.numbers
        values = []
        for value, stated, inferred in self._bitmaps(facet, limit):
            read = inferred.intersection_cardinality(numbers)
            count = stated.intersection_cardinality(numbers) + read
            if count:
                label, parents = self._labels[facet][value]
                values.append(Value(value, label, count, read, parents))
        return sorted(values, key=lambda v: (v.value == NOT_STATED, -v.count, fold(v.label)))

    def having(self, facet: str) -> tuple[int, int]:
        """How many works have a value of a facet: by a statement, and by inference only."""
        stated, inferred = BitMap(), BitMap()
        for value, said, read in self._bitmaps(facet, -1):
            if value != NOT_STATED:
                stated |= said
                inferred |= read
        return len(stated), len(inferred - stated)

    def label(self, facet: str, value: str) -> str:
        """What people call a value; "" where the facet has no such value."""
        return self._labels.get(facet, {}).get(value, ("", ()))[0]

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets there are."""
        return tuple(self._labels)

    @cached_property
    def _labels(self) -> dict[str, dict[str, tuple[str, tuple[str, ...]]]]:
        labels: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
        for facet, value, label, parents in self._base.rows(
            "SELECT facet, value, label, parents FROM value"
        ):
            labels.setdefault(facet, {})[value] = (label, tuple(json.loads(parents)))
        return labels

    def _bitmaps(self, facet: str, limit: int) -> Iterator[tuple[str, BitMap, BitMap]]:
        rows = self._base.rows(
            "SELECT value, stated, inferred FROM value WHERE facet = ?"
            " ORDER BY works DESC, value LIMIT ?",
            facet,
            limit,
        )
        for value, stated, inferred in rows:
            yield value, BitMap.deserialize(stated), BitMap.deserialize(inferred)

    def _having(self, facet: str, value: str, evidence: str) -> BitMap:
        row = next(
            self._base.rows(
                "SELECT stated, inferred FROM value WHERE facet = ? AND value = ?", facet, value
            ),
            None,
        )
        if row is None:
            return BitMap()
        stated, inferred = map(BitMap.deserialize, row)
        return stated if evidence == "stated" else stated | inferred

    def _between(self, first: int | None, last: int | None) -> BitMap:
        years = (
            BitMap.deserialize(stated)
            for value, stated in self._base.rows(
                "SELECT value, stated FROM value WHERE facet = 'year' AND value <> ?", NOT_STATED
            )
            if (first is None or int(value) >= first) and (last is None or int(value) <= last)
        )
        return BitMap.union(BitMap(), *years)

    def _with_words(self, words: Iterable[str]) -> tuple[tuple[int, ...], dict[str, str]]:
        """The numbers of the works with all the words, the best first, and what was corrected."""
        corrected: dict[str, str] = {}
        terms = []
        for word in words:
            term = fold(word)
            if not self._known(term):
                nearest = self._nearest(term)
                if nearest:
                    corrected[word] = term = nearest
            terms.append(f'"{term}"*')
        rows = self._base.rows(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 4.0, 2.0, 1.0), rowid",
            " AND ".join(terms),
        )
        return tuple(number for (number,) in rows), corrected

    def _known(self, term: str) -> bool:
        """Whether a word of the index begins with the term."""
        rows = self._base.rows(
            "SELECT 1 FROM term WHERE term >= ? AND term < ? LIMIT 1", term, term + "\U0010ffff"
        )
        return next(rows, None) is not None

    def _nearest(self, term: str) -> str:
        """The word of the index that is spelt most nearly like a term; "" where none is near."""
        if len(term) <= 3:
            return ""
        match = process.extractOne(
            term, self._terms, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE
        )
        return match[0] if match else ""

    @cached_property
    def _terms(self) -> list[str]:
        return [term for (term,) in self._base.rows("SELECT term FROM term ORDER BY works DESC")]

    def _in_order(self, answer: Answer, sort: str, offset: int, limit: int) -> Iterator[int]:
        numbers = answer.numbers
        if sort == "relevance" and answer.ranked:
            yield from answer.ranked[offset : offset + limit]
        elif not (column := SORTS.get(sort, "")):
            yield from (
                numbers[place] for place in range(offset, min(offset + limit, len(numbers)))
            )
        elif len(numbers) <= _FEW:
            marks = ",".join(map(str, numbers))
            rows = self._base.rows(
                f"SELECT number FROM work WHERE number IN ({marks}) ORDER BY {column}"
                " LIMIT ? OFFSET ?",
                limit,
                offset,
            )
            yield from (number for (number,) in rows)
        else:
            matching = (
                number
                for (number,) in self._base.rows(f"SELECT number FROM work ORDER BY {column}")
                if number in numbers
            )
            for place, number in enumerate(matching):
                if place >= offset + limit:
                    return
                if place >= offset:
                    yield number

    def _work(self, row: tuple[Any, ...]) -> Work:
        id, title, year, authors, venue, doi, facets = row
        shown = (
            (facet, self.label(facet, value), value, only)
            for facet, value, only in json.loads(facets)
            if facet not in ("author", "venue", "year")
        )
        return Work(id, title, year, tuple(json.loads(authors)), venue, doi, tuple(shown))
