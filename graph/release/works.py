"""Works: what the index of a release finds for words and facets, counted and sorted."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from ..errors import NoRelease
from ..iris import fold
from ..model import FACETS, FIELDS
from .completion import Completions
from .database import Database, SecondsLeft, no_deadline
from .meaning import concepts_of
from .orders import Orders
from .text import Text, ranked
from .values import MANY, Entry, Values
from .works_index import NOT_STATED, WORKS

#: The most works that are read with one query.
_READ_AT_ONCE = 5_000
#: Of a facet with many values, those that are counted: the ones with most works.
_COUNTED = 2_000
#: Of no more works than this the values are read one by one.
_READ = 300
#: The facets of which a rule may infer a value; of the others a work states it or has none.
_INFERABLE = frozenset(field.name for field in (*FACETS, *FIELDS) if field.inferable)
#: The facets that a work shows in a place of its own.
_ELSEWHERE = ("author", "venue", "year", "doi")
_WORD = re.compile(r"\w+")
_NONE = BitMap()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: words, and for each facet the values of which a work must have all."""

    words: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    #: "stated" leaves out what is only inferred, "inferred" what is stated.
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
    other_titles: tuple[str, ...]
    #: The BCP 47 tag of the title, where it is known.
    language: str
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
    ranked: tuple[BitMap, ...] = ()
    #: The words that the works have, folded.
    terms: tuple[str, ...] = ()
    #: The words that no work of the release has, as asked.
    unknown: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class _Members:
    """The works that have a value."""

    value: str
    label: str
    parents: tuple[str, ...]
    works: int
    stated: BitMap
    inferred: BitMap


class Works:
    """The index of one release, open for reading from any thread."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        path = folder / WORKS
        self._base = Database(path, seconds_left)
        try:
            ((self.size,),) = self._base.rows("SELECT COUNT(*) FROM work")
            # an index that an older version of ours made has other columns
            list(
                self._base.rows(
                    "SELECT works, iri FROM block JOIN begun USING (works), graph LIMIT 0"
                )
            )
            self.completions = Completions(self._base)
        except sqlite3.Error as error:
            raise NoRelease(
                f"{path} cannot be read ({error}); make the release again with `oograph build`"
            ) from None
        self.values = Values(self._base)
        self._text = Text(self._base)
        # They are few whatever the size of the release, and each page counts them all.
        self._members = defaultdict[str, dict[str, _Members]](dict)
        self._members |= {
            facet: {each.value: each for each in self._read_members(facet)} for facet in self.facets
        }
        self._orders = Orders(self._base)

    def find(self, choice: Choice) -> Answer:
        """The works that have everything that is asked for."""
        numbers = BitMap(range(self.size))
        for facet, values in choice.facets.items():
            for value in values:
                numbers &= self.having_value(facet, value, choice.evidence)
        if choice.first_year is not None or choice.last_year is not None:
            numbers &= self._between(choice.first_year, choice.last_year)
        words = _WORD.findall(choice.words)
        if not words:
            return Answer(BitMap() if choice.words else numbers, {})
        match = self._text.matching(words)
        meant = [match.corrected.get(word, word) for word in words]
        numbers &= match.works
        # those that have a concept called so come first: "South Asia" before "South-eastern Asia"
        concepts, _ = concepts_of(meant, self.values)
        having = [self.having_value(each.facet, each.value) for each in concepts]
        order = ranked(numbers, match.levels, having, self.size) if numbers else ()
        terms = tuple(dict.fromkeys(map(fold, meant)))
        return Answer(numbers, match.corrected, tuple(order), terms, match.unknown)

    def page(self, answer: Answer, choice: Choice, offset: int, limit: int) -> list[Work]:
        """Some of the works in the order that was asked for."""
        order = self._orders.page(answer.numbers, answer.ranked, choice.sort, offset, limit)
        return self.numbered(list(order))

    def numbered(self, numbers: Sequence[int]) -> list[Work]:
        """The works with some numbers, in their order."""
        query = (
            "SELECT number, id, title, other_titles, language, year, authors, venue, doi, facets"
            " FROM work WHERE number IN"
        )
        works = {row[0]: self._work(row[1:]) for row in self._base.rows_among(query, numbers)}
        return [works[number] for number in numbers]

    def ids(self, answer: Answer, choice: Choice, limit: int) -> list[str]:
        """The ids of the works in the order that was asked for."""
        order = self._orders.page(answer.numbers, answer.ranked, choice.sort, 0, limit)
        numbers = list(order)
        ids: dict[int, str] = {}
        for start in range(0, len(numbers), _READ_AT_ONCE):
            marks = ",".join(map(str, numbers[start : start + _READ_AT_ONCE]))
            ids.update(self._base.rows(f"SELECT number, id FROM work WHERE number IN ({marks})"))
        return [ids[number] for number in numbers]

    def languages(self, ids: Sequence[str]) -> dict[str, str]:
        """The BCP 47 tags of the titles of works, by id, where they are known."""
        query = "SELECT id, language FROM work WHERE language <> '' AND id IN"
        return dict(self._base.rows_among(query, ids))

    def counts(
        self,
        answer: Answer,
        facet: str,
        evidence: str = "",
        most: int = _COUNTED,
    ) -> list[Value]:
        """The values of a facet among the works that were found, most frequent first.

        Where the works are many, only the values with most works of the release are counted of a
        facet that has many.
        """
        numbers = answer.numbers
        if facet in MANY and len(numbers) <= _READ and evidence != "inferred":
            values = self._counted_one_by_one(numbers, facet)
        else:
            values = list(self._counted_by_bitmap(answer, facet, evidence, most))
        return sorted(values, key=_most_first)

    def _counted_by_bitmap(
        self, answer: Answer, facet: str, evidence: str, most: int
    ) -> Iterator[Value]:
        numbers = answer.numbers
        counted: list[tuple[int, int, int]] = []
        members = list(self._members[facet].values())
        for place, each in enumerate(members):
            if len(counted) == most and each.works <= counted[0][0]:
                break  # those that follow have no more works in all
            said = 0 if evidence == "inferred" else each.stated.intersection_cardinality(numbers)
            read = 0 if evidence == "stated" else each.inferred.intersection_cardinality(numbers)
            if said or read:
                push = heappush if len(counted) < most else heappushpop
                push(counted, (said + read, -place, read))
        for count, place, read in counted:
            each = members[-place]
            yield Value(each.value, each.label, count, read, each.parents)

    def years(self, answer: Answer, among: BitMap | None = None) -> dict[int, int]:
        """The years of the works that were found, or of those that are among some."""
        numbers = answer.numbers if among is None else answer.numbers & among
        counted = (
            (each.value, each.stated.intersection_cardinality(numbers))
            for each in self._members["year"].values()
            if each.value != NOT_STATED
        )
        return {int(value): count for value, count in sorted(counted) if count}

    def facets_of(self, id: str) -> tuple[int, list[tuple[str, str, bool]]]:
        """The number of a work, and each facet, its value and whether it is only inferred.

        -1 and nothing for a work that is not in the index.
        """
        row = next(self._base.rows("SELECT number, facets FROM work WHERE id = ?", id), None)
        return (row[0], json.loads(row[1])) if row else (-1, [])

    def having_value(self, facet: str, value: str, evidence: str = "") -> BitMap:
        """The numbers of the works that have a value, whatever the evidence or by one alone."""
        if member := self._members[facet].get(value):
            stated, inferred = member.stated, member.inferred
        else:
            # of a facet with many values only the ones with most works are in memory
            query = "SELECT stated, inferred FROM value WHERE facet = ? AND value = ?"
            row = next(self._base.rows(query, facet, value), None)
            if row is None:
                return BitMap()
            stated, inferred = map(BitMap.deserialize, row)
        if evidence:
            return BitMap(stated if evidence == "stated" else inferred)
        return stated | inferred

    def members(self, facet: str) -> tuple[BitMap, BitMap]:
        """The works that have a value of a facet: by a statement, and by inference only."""
        if facet not in _INFERABLE:
            # stated or not at all: one bitmap says it, however many values there are
            every = BitMap(range(self.size))
            return every - self.having_value(facet, NOT_STATED), BitMap()
        stated, inferred = BitMap(), BitMap()
        for each in self._members[facet].values():
            if each.value != NOT_STATED:
                stated |= each.stated
                inferred |= each.inferred
        return stated, inferred - stated

    @property
    def graph_sizes(self) -> dict[str, int]:
        """How many statements each named graph holds, by its IRI."""
        return dict(self._base.rows("SELECT iri, statements FROM graph"))

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets there are."""
        return tuple(facet for (facet,) in self._base.rows("SELECT DISTINCT facet FROM value"))

    def _read_members(self, facet: str) -> Iterator[_Members]:
        rows = self._base.rows(
            "SELECT value, label, parents, works, stated, inferred FROM value WHERE facet = ?"
            " ORDER BY works DESC, value LIMIT ?",
            facet,
            _COUNTED if facet in MANY else -1,
        )
        for value, label, parents, works, stated, inferred in rows:
            yield _Members(
                value,
                label,
                tuple(json.loads(parents)),
                works,
                BitMap.deserialize(stated),
                BitMap.deserialize(inferred) if facet in _INFERABLE else _NONE,
            )

    def _counted_one_by_one(self, numbers: BitMap, facet: str) -> list[Value]:
        """The values of a facet that has more of them than a few works can have."""
        marks = ",".join(map(str, numbers))
        rows = self._base.rows(f"SELECT facets FROM work WHERE number IN ({marks})")
        own = (
            [value for name, value, _ in json.loads(facets) if name == facet] for (facets,) in rows
        )
        several = list(own)
        entries = self.values.with_above(facet, {value for values in several for value in values})
        counts = Counter(value for values in several for value in _closure(values, entries))
        values = [
            Value(value, entries[value].label, count, 0, entries[value].parents)
            for value, count in counts.items()
        ]
        without = len(self.having_value(facet, NOT_STATED) & numbers)
        return [*values, Value(NOT_STATED, NOT_STATED, without, 0)] if without else values

    def _between(self, first: int | None, last: int | None) -> BitMap:
        years = (
            each.stated
            for each in self._members["year"].values()
            if each.value != NOT_STATED
            and (first is None or int(each.value) >= first)
            and (last is None or int(each.value) <= last)
        )
        return BitMap.union(BitMap(), *years)

    def _work(self, row: tuple[Any, ...]) -> Work:
        id, title, other_titles, language, year, authors, venue, doi, facets = row
        shown = (
            (facet, self.values.label(facet, value), value, only)
            for facet, value, only in json.loads(facets)
            if facet not in _ELSEWHERE
        )
        return Work(
            id,
            title,
            tuple(json.loads(other_titles)),
            language,
            year,
            tuple(json.loads(authors)),
            venue,
            doi,
            tuple(shown),
        )


def _closure(values: Iterable[str], entries: Mapping[str, Entry]) -> set[str]:
    """Some values and all broader ones."""
    waiting, all_values = list(values), set[str]()
    while waiting:
        value = waiting.pop()
        if value in entries and value not in all_values:
            all_values.add(value)
            waiting += entries[value].parents
    return all_values


def _most_first(value: Value) -> tuple[bool, int, str, str]:
    """The order of values: the most frequent first, what is not stated last."""
    return value.value == NOT_STATED, -value.count, value.label.casefold(), value.value
