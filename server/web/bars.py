"""Bars: numbers of works by year as a page draws them, stated and inferred apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...graph.release.works import Choice, Works

__all__ = ["Bar", "Bars", "bars_of", "years_of"]

#: The height of the highest bar, in the units of the drawing.
_HEIGHT = 100
#: The least number of works that a bar of the whole height stands for.
_PEAK = 4
#: The part of the works that may be older than what is drawn: a lone one would leave the rest
#: no room.
_OLDER = 0.01


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: how many works state something, and how many have it by inference only."""

    year: int
    stated: int
    inferred: int
    #: In units of the drawing.
    stated_height: float
    inferred_height: float

    @property
    def count(self) -> int:
        """All works of the year."""
        return self.stated + self.inferred


@dataclass(frozen=True, slots=True)
class Bars:
    """Every year from the first that is drawn to the last, none left out."""

    bars: tuple[Bar, ...]
    highest: int
    #: The works of years before the first that is drawn.
    before: int

    @property
    def has_inferred(self) -> bool:
        """Whether any work has it by inference only."""
        return any(bar.inferred for bar in self.bars)


def bars_of(years: Mapping[int, tuple[int, int]], span: Iterable[int] = ()) -> Bars:
    """The bars of some years, each with its number of works that state it and that do not.

    ``span`` are years that have room whether they have works or not.

    >>> bars_of({2019: (2, 0), 2021: (1, 3)}).bars[2]
    Bar(year=2021, stated=1, inferred=3, stated_height=25.0, inferred_height=75.0)
    """
    if not years:
        return Bars((), 0, 0)
    # a lone work is no peak
    highest = max(_PEAK, *(sum(counts) for counts in years.values()))
    room = (*span, *years)
    first = min(_first(years), *span, max(room))
    bars = []
    for year in range(first, max(room) + 1):
        stated, inferred = years.get(year, (0, 0))
        heights = (_HEIGHT * stated / highest, _HEIGHT * inferred / highest)
        bars.append(Bar(year, stated, inferred, *(round(height, 1) for height in heights)))
    before = sum(sum(counts) for year, counts in years.items() if year < first)
    return Bars(tuple(bars), highest, before)


def _first(years: Mapping[int, tuple[int, int]]) -> int:
    """The first year that is drawn."""
    allowed = _OLDER * sum(sum(counts) for counts in years.values())
    before = 0
    for year in sorted(years):
        before += sum(years[year])
        if before > allowed:
            return year
    return max(years)


def years_of(works: Works) -> range:
    """The years that every drawing has room for, so that one can be compared with another."""
    years = works.years(works.find(Choice()))
    drawn = bars_of({year: (count, 0) for year, count in years.items()}).bars
    return range(drawn[0].year, drawn[-1].year + 1) if drawn else range(0)
