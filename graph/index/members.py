"""Members: which works have each value of each facet, and how many of a selection do."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappush, heappushpop

from pyroaring import BitMap

from ..model import FACETS, FIELDS
from .database import Database
from .values import MANY, Entry, Values
from .works_index import NOT_STATED

#: How many values of a facet with many are counted: those with the most works.
_COUNTED = 2_000
#: Up to this many works, values are read one by one; how many such lists are kept in a cache.
_READ, _REMEMBERED = 300, 8
#: The facets whose values a rule may infer; values of the others are always stated.
_INFERABLE = frozenset(field.name for field in (*FACETS, *FIELDS) if field.inferable)
_NONE = BitMap()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet, and how many of some works have it."""

    value: str
    label: str
    count: int
    #: How many of them have it by inference only.
    inferred: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Member:
    """The works that have a value."""

    value: str
    label: str
    parents: tuple[str, ...]
    works: int
    stated: BitMap
    inferred: BitMap


class Members:
    """The works that have each value of each facet, by their numbers."""

    def __init__(self, base: Database, values: Values, size: int) -> None:
        self._base, self._values, self._size = base, values, size
        # kept in memory: they are few in a release of any size, and each page counts them all
        self._members = defaultdict[str, dict[str, _Member]](dict)
        self._members |= {
            facet: {each.value: each for each in self._read(facet)} for facet in self.facets
        }
        # a page counts several facets of the same works
        self._own = lru_cache(_REMEMBERED)(self._read_own)

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets of the index."""
        return tuple(facet for (facet,) in self._base.rows("SELECT DISTINCT facet FROM value"))

    def having(self, facet: str, value: str, evidence: str = "") -> BitMap:
        """The numbers of the works that have a value, by any evidence or by one kind alone."""
        if member := self._members[facet].get(value):
            stated, inferred = member.stated, member.inferred
        else:
            # of a facet with many values, only those with the most works are in memory
            query = "SELECT stated, inferred FROM value WHERE facet = ? AND value = ?"
            row = next(self._base.rows(query, facet, value), None)
            if row is None:
                return BitMap()
            stated, inferred = map(BitMap.deserialize, row)
        if evidence:
            return BitMap(stated if evidence == "stated" else inferred)
        return stated | inferred

    def of(self, facet: str) -> tuple[BitMap, BitMap]:
        """The works that have a value of a facet: those by a statement, those by inference only."""
        if facet not in _INFERABLE:
            # stated or missing: one bitmap tells, however many values there are
            every = BitMap(range(self._size))
            return every - self.having(facet, NOT_STATED), BitMap()
        stated, inferred = BitMap(), BitMap()
        for each in self._members[facet].values():
            if each.value != NOT_STATED:
                stated |= each.stated
                inferred |= each.inferred
        return stated, inferred - stated

    def known(self, facet: str) -> int:
        """The number of works that have a value of a facet."""
        stated, inferred = self.of(facet)
        return stated.union_cardinality(inferred)

    def counts(
        self, numbers: BitMap, facet: str, evidence: str = "", most: int = _COUNTED
    ) -> list[Value]:
        """The values of a facet among some works, most frequent first.

        If both the works and the values of the facet are many, only the values with the most works
        in the release are counted.
        """
        if facet in MANY and len(numbers) <= _READ and evidence != "inferred":
            values = self._counted_one_by_one(numbers, facet)
        else:
            values = list(self._counted_by_bitmap(numbers, facet, evidence, most))
        return sorted(values, key=_most_first)

    def _counted_by_bitmap(
        self, numbers: BitMap, facet: str, evidence: str, most: int
    ) -> Iterator[Value]:
        counted: list[tuple[int, int, int]] = []
        members = list(self._members[facet].values())
        for place, each in enumerate(members):
            if len(counted) == most and each.works <= counted[0][0]:
                break  # the values that follow have no more works
            said = 0 if evidence == "inferred" else each.stated.intersection_cardinality(numbers)
            read = 0 if evidence == "stated" else each.inferred.intersection_cardinality(numbers)
            if said or read:
                push = heappush if len(counted) < most else heappushpop
                push(counted, (said + read, -place, read))
        for count, place, read in counted:
            each = members[-place]
            yield Value(each.value, each.label, count, read, each.parents)

    def years(self, numbers: BitMap) -> dict[int, int]:
        """The number of works for each year, among some works."""
        counted = (
            (each.value, each.stated.intersection_cardinality(numbers))
            for each in self._members["year"].values()
            if each.value != NOT_STATED
        )
        return {int(value): count for value, count in sorted(counted) if count}

    def _read(self, facet: str) -> Iterator[_Member]:
        rows = self._base.rows(
            "SELECT value, label, parents, works, stated, inferred FROM value WHERE facet = ?"
            " ORDER BY works DESC, value LIMIT ?",
            facet,
            _COUNTED if facet in MANY else -1,
        )
        for value, label, parents, works, stated, inferred in rows:
            yield _Member(
                value,
                label,
                tuple(json.loads(parents)),
                works,
                BitMap.deserialize(stated),
                BitMap.deserialize(inferred) if facet in _INFERABLE else _NONE,
            )

    def _counted_one_by_one(self, numbers: BitMap, facet: str) -> list[Value]:
        """Count the values of a facet by reading those of each work."""
        several = self._own(tuple(numbers))[facet]
        entries = self._values.with_above(facet, {value for values in several for value in values})
        counts = Counter(value for values in several for value in _closure(values, entries))
        values = [
            Value(value, entries[value].label, count, 0, entries[value].parents)
            for value, count in counts.items()
        ]
        without = len(self.having(facet, NOT_STATED) & numbers)
        return [*values, Value(NOT_STATED, NOT_STATED, without, 0)] if without else values

    def _read_own(self, numbers: tuple[int, ...]) -> dict[str, list[list[str]]]:
        """The values that each work has itself, for each facet with many values."""
        marks = ",".join(map(str, numbers))
        rows = self._base.rows(f"SELECT facets FROM work WHERE number IN ({marks})")
        works = [json.loads(facets) for (facets,) in rows]
        return {
            facet: [[value for name, value, _ in work if name == facet] for work in works]
            for facet in MANY
        }

    def between(self, first: int | None, last: int | None) -> BitMap:
        """The works of a range of years, including both ends."""
        years = (
            each.stated
            for each in self._members["year"].values()
            if each.value != NOT_STATED
            and (first is None or int(each.value) >= first)
            and (last is None or int(each.value) <= last)
        )
        return BitMap.union(BitMap(), *years)


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
    """Sort key of values: the most frequent first, "not stated" last."""
    return value.value == NOT_STATED, -value.count, value.label.casefold(), value.value
