"""Counts: the works that a choice finds, by the values of one axis or of two.

All of them come from the bitmaps of the release's index of works, at a cost that is bounded by
the number of values shown, not by that of the works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from pyroaring import BitMap

from ...graph.languages import language_name
from ...graph.model import FACETS
from ...graph.release.works import Answer, Choice, Works
from ...graph.release.works_index import NOT_STATED
from .axes import Axis

__all__ = [
    "Cell",
    "Count",
    "CrossTable",
    "Distribution",
    "Known",
    "across",
    "by_year",
    "distribution",
    "known",
]

#: The most values of a facet that are looked at, most frequent in the release first.
_LOOKED_AT = 10_000
#: The years that a figure may span; older works are left out, and it says so.
_YEARS = 60
#: Years without works after which older works count as alone, and the share that these may be.
_GAP, _FEW = 5, 0.01
_INFERABLE = frozenset(field.name for field in FACETS if field.inferable)


@dataclass(frozen=True, slots=True)
class Count:
    """A value, and how many works have it: by a statement, and by inference only."""

    value: str
    label: str
    stated: int
    inferred: int

    @property
    def works(self) -> int:
        """All of them."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many works a facet is known: by a statement, and by inference only."""

    works: int
    stated: int
    inferred: int

    @property
    def either(self) -> int:
        """By the one or the other."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Distribution:
    """The works by the values of an axis, the most frequent first (years in their order)."""

    known: Known
    counts: tuple[Count, ...]
    #: How many values more there are; of years, how many works.
    more: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """The works that have two values: both by a statement, or one of them by inference."""

    stated: int
    inferred: int

    @property
    def works(self) -> int:
        """All of them."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class CrossTable:
    """The works by the values of two axes: ``cells`` has a row for each of ``rows``."""

    works: int
    #: How many works have a value on both axes.
    known: int
    columns: tuple[Count, ...]
    rows: tuple[Count, ...]
    cells: tuple[tuple[Cell, ...], ...]
    #: How many values more each axis has.
    more_columns: int
    more_rows: int


def distribution(works: Works, choice: Choice, axis: Axis, most: int) -> Distribution:
    """The works of a choice by an axis, at most so many values of it."""
    answer = works.find(choice)
    counts = _counts(works, choice, answer, axis)
    shown = counts[:most]
    if axis.facet == "year":
        shown = sorted(shown, key=lambda count: int(count.value))
    return Distribution(
        known(works, choice, answer, axis.facet), tuple(shown), len(counts) - len(shown)
    )


def known(works: Works, choice: Choice, answer: Answer, facet: str) -> Known:
    """Of how many of the works of a choice a facet is known."""
    stated, inferred = _knowing(works, choice, facet)
    return Known(
        len(answer),
        stated.intersection_cardinality(answer.numbers),
        inferred.intersection_cardinality(answer.numbers),
    )


def _knowing(works: Works, choice: Choice, facet: str) -> tuple[BitMap, BitMap]:
    """The works of the release of which a facet is known: by a statement, by inference only."""
    if facet in _INFERABLE:
        stated, inferred = works.members(facet)
        return stated, BitMap() if choice.evidence else inferred
    # stated or not at all: one bitmap says it, however many values there are
    without = works.find(Choice(facets={facet: (NOT_STATED,)})).numbers
    return works.find(Choice()).numbers - without, BitMap()


def by_year(works: Works, choice: Choice) -> Distribution:
    """The works of a choice by year, every year from the first to the last.

    Inferred are those that have what was chosen by inference only.
    """
    answer = works.find(choice)
    stated = works.find(replace(choice, evidence="stated"))
    said = {value.value: value.count for value in works.counts(stated, "year")}
    every = {value.value: value.count for value in works.counts(answer, "year")}
    every.pop(NOT_STATED, None)
    dated = Known(len(answer), sum(every.values()), 0)
    if not every:
        return Distribution(dated, ())
    last = max(map(int, every))
    first = max(_first_year({int(year): count for year, count in every.items()}), last - _YEARS + 1)
    counts = [
        Count(year, year, said.get(year, 0), every.get(year, 0) - said.get(year, 0))
        for year in map(str, range(first, last + 1))
    ]
    return Distribution(dated, tuple(counts), dated.either - sum(count.works for count in counts))


def _first_year(counts: Mapping[int, int]) -> int:
    """The year that a figure begins with: a few old works alone would leave the rest no room.

    >>> _first_year({1985: 1, 2004: 60, 2006: 50}), _first_year({1985: 1, 2004: 5})
    (2004, 1985)
    """
    left_out, years = 0, sorted(counts)
    for year, after in pairwise(years):
        left_out += counts[year]
        if after - year <= _GAP or left_out > _FEW * sum(counts.values()):
            return year
    return years[-1]


def across(
    works: Works, choice: Choice, x: Axis, y: Axis, most_columns: int, most_rows: int
) -> CrossTable:
    """The works of a choice by two axes, at most so many values of each."""
    answer = works.find(choice)
    sides = []
    for axis, most in ((x, most_columns), (y, most_rows)):
        counts = _counts(works, choice, answer, axis)
        shown = counts[:most]
        if axis.facet == "year":
            shown = sorted(counts, key=lambda count: -int(count.value))[:most]
            shown.sort(key=lambda count: int(count.value))
        sides.append((shown, len(counts) - len(shown)))
    (columns, more_columns), (rows, more_rows) = sides
    of_columns = [_members(works, choice, answer, x, count) for count in columns]
    of_rows = [_members(works, choice, answer, y, count) for count in rows]
    knowing = [BitMap.union(*_knowing(works, choice, axis.facet)) for axis in (x, y)]
    return CrossTable(
        works=len(answer),
        known=len(answer.numbers & knowing[0] & knowing[1]),
        columns=tuple(columns),
        rows=tuple(rows),
        cells=tuple(tuple(_cell(row, column) for column in of_columns) for row in of_rows),
        more_columns=more_columns,
        more_rows=more_rows,
    )


def _counts(works: Works, choice: Choice, answer: Answer, axis: Axis) -> list[Count]:
    parents = works.values.parents(axis.facet)
    counts = [
        Count(
            value.value,
            language_name(value.value) if axis.facet == "language" else value.label,
            value.count - value.inferred,
            # who asks for what is stated gets as many as the list of works has
            0 if choice.evidence else value.inferred,
        )
        for value in works.counts(answer, axis.facet, _LOOKED_AT)
        if value.value != NOT_STATED and axis.counts(value, parents)
    ]
    counts = [count for count in counts if count.works]
    return sorted(counts, key=lambda count: -count.works)  # stable: then by label


def _members(
    works: Works, choice: Choice, answer: Answer, axis: Axis, count: Count
) -> tuple[BitMap, BitMap]:
    """The works with a value: those for which it is stated, and all."""
    facets = {axis.facet: (count.value,)}
    stated = works.find(Choice(facets=facets, evidence="stated")).numbers & answer.numbers
    if choice.evidence:
        return stated, stated
    return stated, works.find(Choice(facets=facets)).numbers & answer.numbers


def _cell(row: tuple[BitMap, BitMap], column: tuple[BitMap, BitMap]) -> Cell:
    stated = row[0].intersection_cardinality(column[0])
    return Cell(stated, row[1].intersection_cardinality(column[1]) - stated)
