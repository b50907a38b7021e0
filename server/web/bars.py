"""Bars: works per year as a page draws them, stated and inferred separately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from ...graph.index.works import Answer, Works

#: The smallest number of works that a bar of full height stands for.
_PEAK = 4
#: The most years in a drawing; it says how many older works are left out.
_SPAN = 60
#: The largest share of works that may be older than the first year drawn.
_FEW = 0.01


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: how many works state a value, and how many have it only by inference."""

    year: int
    stated: int
    inferred: int

    @property
    def count(self) -> int:
        """All works of the year."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Bars:
    """Every year from the first drawn to the last, without gaps."""

    bars: tuple[Bar, ...]
    #: The number of works that the highest bar stands for.
    highest: int
    #: The number of works older than the first year drawn.
    before: int

    @property
    def has_inferred(self) -> bool:
        """Whether any work has the value only by inference."""
        return any(bar.inferred for bar in self.bars)


def bars_of(years: Mapping[int, tuple[int, int]], span: Iterable[int] = ()) -> Bars:
    """The bars of some years, each given as (works stated, works inferred only).

    Years in ``span`` get a place even if they have no works.

    >>> bars_of({2019: (2, 0), 2021: (1, 3)}).bars[2]
    Bar(year=2021, stated=1, inferred=3)
    """
    if not years:
        return Bars((), 0, 0)
    counts = {year: sum(both) for year, both in years.items()}
    # a single work should not fill the whole height
    highest = max(_PEAK, *counts.values())
    room = (*span, *years)
    first = min(first_year(counts), *span, max(room))
    bars = [Bar(year, *years.get(year, (0, 0))) for year in range(first, max(room) + 1)]
    before = sum(count for year, count in counts.items() if year < first)
    return Bars(tuple(bars), highest, before)


def bars_of_works(works: Works, answer: Answer, span: Iterable[int] = ()) -> Bars:
    """The bars of the works of an answer; years count as stated."""
    return bars_of(
        {year: (count, 0) for year, count in works.members.years(answer.numbers).items()}, span
    )


def first_year(counts: Mapping[int, int]) -> int:
    """The first year to draw: a few old works would squeeze the rest, so they are left out.

    >>> first_year({1985: 1, 2004: 60, 2006: 50}), first_year({1985: 1, 2004: 5})
    (2004, 1985)
    """
    years, most = sorted(counts), _FEW * sum(counts.values())
    up_to = accumulate(counts[year] for year in years)
    begin = next(year for year, number in zip(years, up_to, strict=True) if number > most)
    return max(begin, years[-1] - _SPAN + 1)
