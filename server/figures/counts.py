"""Counts: the works that a choice finds, by the values of one axis or two.

They are computed from the bitmaps of the release's index of works. The cost depends on the number
of values shown, not on the number of works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyroaring import BitMap

from ...graph.index.works import Answer, Choice, Works
from ...graph.index.works_index import NOT_STATED
from ...graph.languages import language_name
from ..web.bars import first_year
from ..web.instrument import each_as_instrument
from .axes import AXES, Axis


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for: the works of a choice and, for a matrix, two axes."""

    works: Works
    choice: Choice
    #: The axes of a matrix.
    x: Axis = AXES["platform"]
    y: Axis = AXES["country"]
    #: The works of the choice; None to find them in the index.
    chosen: Answer | None = None

    @cached_property
    def answer(self) -> Answer:
        """The works of the choice, shared by all figures of a page."""
        return self.works.find(self.choice) if self.chosen is None else self.chosen


@dataclass(frozen=True, slots=True)
class Count:
    """A value, and how many works have it: stated, and by inference only."""

    value: str
    label: str
    stated: int
    inferred: int
    #: How many of them use platform work as an instrument, if the value is a platform.
    as_instrument: int = 0

    @property
    def works(self) -> int:
        """All of them."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Known:
    """For how many works a facet is known: stated, and by inference only."""

    works: int
    stated: int
    inferred: int

    @property
    def either(self) -> int:
        """The works for which it is known either way."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Distribution:
    """The works by the values of an axis, the most frequent first."""

    known: Known
    counts: tuple[Count, ...]
    #: The number of further values; for years, of further works.
    more: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """The works that have two values: both stated, or at least one only by inference."""

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
    #: The number of works with a value on both axes.
    known: int
    columns: tuple[Count, ...]
    rows: tuple[Count, ...]
    cells: tuple[tuple[Cell, ...], ...]
    #: The number of further values on each axis.
    more_columns: int
    more_rows: int


def distribution(asked: Asked, axis: Axis, most: int) -> Distribution:
    """The works of a choice by an axis, with at most ``most`` values."""
    counts = _counts(asked, axis)
    shown = _with_instruments(asked, axis, counts[:most])
    return Distribution(known(asked, axis.facet), tuple(shown), len(counts) - len(shown))


def known(asked: Asked, facet: str) -> Known:
    """For how many works of a choice a facet is known."""
    numbers = asked.answer.numbers
    stated, inferred = _of_evidence(asked.choice.evidence, *asked.works.members.of(facet))
    return Known(
        len(asked.answer),
        stated.intersection_cardinality(numbers),
        inferred.intersection_cardinality(numbers),
    )


def by_year(asked: Asked) -> Distribution:
    """The works of a choice by year, for every year from the first to the last.

    Works that match the filters only by inference count as inferred.
    """
    works, answer = asked.works, asked.answer
    stated = works.find(Choice(facets=asked.choice.facets, evidence="stated")).numbers
    said, every = works.members.years(answer.numbers & stated), works.members.years(answer.numbers)
    dated = Known(len(answer), sum(every.values()), 0)
    if not every:
        return Distribution(dated, ())
    counts = [
        Count(str(year), str(year), said.get(year, 0), every.get(year, 0) - said.get(year, 0))
        for year in range(first_year(every), max(every) + 1)
    ]
    return Distribution(dated, tuple(counts), dated.either - sum(count.works for count in counts))


def across(asked: Asked, most_columns: int, most_rows: int) -> CrossTable:
    """The works of a choice by its two axes, with a limited number of values on each.

    Columns are chosen among the works with a value on both axes, and rows among the works in the
    columns shown.
    """
    answer = asked.answer
    knowing = [
        BitMap.union(*_of_evidence(_evidence(asked, axis), *asked.works.members.of(axis.facet)))
        for axis in (asked.x, asked.y)
    ]
    crossed = _among(asked, knowing[0] & knowing[1])
    with_row = crossed
    if asked.y.is_level:
        rows_of_level = _counts(crossed, asked.y)
        with_row = _among(
            crossed, _any(_members(crossed, asked.y, count) for count in rows_of_level)
        )
    columns, more_columns = _side(with_row, asked.x, most_columns)
    of_columns = [_members(asked, asked.x, count) for count in columns]
    rows, more_rows = _side(_among(crossed, _any(of_columns)), asked.y, most_rows)
    of_rows = [_members(asked, asked.y, count) for count in rows]
    return CrossTable(
        works=len(answer),
        known=len(crossed.answer),
        columns=tuple(columns),
        rows=tuple(rows),
        cells=tuple(tuple(_cell(row, column) for column in of_columns) for row in of_rows),
        more_columns=more_columns,
        more_rows=more_rows,
    )


def _among(asked: Asked, numbers: BitMap) -> Asked:
    """The same request, restricted to some works."""
    return replace(asked, chosen=replace(asked.answer, numbers=asked.answer.numbers & numbers))


def _any(members: Iterable[tuple[BitMap, BitMap]]) -> BitMap:
    """The works with any of some values."""
    return BitMap.union(BitMap(), *(every for _, every in members))


def _side(asked: Asked, axis: Axis, most: int) -> tuple[list[Count], int]:
    """The most frequent values of an axis, or the last years, and the number of others."""
    counts = _counts(asked, axis)
    if axis.facet == "year":
        counts.sort(key=lambda count: -int(count.value))
        shown = sorted(counts[:most], key=lambda count: int(count.value))
    else:
        shown = counts[:most]
    return _with_instruments(asked, axis, shown), len(counts) - len(shown)


def _with_instruments(asked: Asked, axis: Axis, counts: Sequence[Count]) -> list[Count]:
    numbers = each_as_instrument(
        asked.works,
        asked.answer,
        axis.facet,
        (count.value for count in counts),
        asked.choice.evidence,
    )
    return [replace(count, as_instrument=numbers.get(count.value, 0)) for count in counts]


def _evidence(asked: Asked, axis: Axis) -> str:
    """The only evidence that counts for an axis; for years, any evidence does."""
    return "" if axis.facet == "year" else asked.choice.evidence


def _of_evidence(evidence: str, stated: BitMap, inferred: BitMap) -> tuple[BitMap, BitMap]:
    """Stated and inferred works, without those that the chosen evidence leaves out."""
    return (
        BitMap() if evidence == "inferred" else stated,
        BitMap() if evidence == "stated" else inferred,
    )


def _counts(asked: Asked, axis: Axis) -> list[Count]:
    works = asked.works
    parents = works.values.parents(axis.facet)
    counts = [
        Count(
            value.value,
            language_name(value.value) if axis.facet == "language" else value.label,
            value.count - value.inferred,
            value.inferred,
        )
        for value in works.members.counts(asked.answer.numbers, axis.facet, _evidence(asked, axis))
        if value.value != NOT_STATED and axis.counts(value, parents)
    ]
    return sorted(counts, key=lambda count: -count.works)  # stable: then by label


def _members(asked: Asked, axis: Axis, count: Count) -> tuple[BitMap, BitMap]:
    """The works with a value: those for which it is stated, and all of them."""
    numbers = asked.answer.numbers
    stated, inferred = _of_evidence(
        _evidence(asked, axis),
        *(asked.works.members.having(axis.facet, count.value, by) for by in ("stated", "inferred")),
    )
    return stated & numbers, (stated | inferred) & numbers


def _cell(row: tuple[BitMap, BitMap], column: tuple[BitMap, BitMap]) -> Cell:
    stated = row[0].intersection_cardinality(column[0])
    return Cell(stated, row[1].intersection_cardinality(column[1]) - stated)
