"""Chart: a figure and its numbers, ready to be drawn or written as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ...graph.numbers import plural
from .svg import INFERRED, STATED, Legend

#: The parameters of ``/works`` that list some works.
Where = Mapping[str, tuple[str, ...]]
#: Makes the address for such parameters; "" if a drawing has no links.
Link = Callable[[Where], str]
#: Puts a number of works into words, with how many of them are inferred only.
Say = Callable[[float, float], str]

#: The most rows of a table to describe in words.
_DESCRIBED = 12
#: The legend for stated and inferred.
EVIDENCE = (Legend(STATED, "stated by a source"), Legend(INFERRED, "only inferred by a rule"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """The content inside the frame."""

    elements: Sequence[Element]
    height: float
    legend: Sequence[Legend] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure's table: cells of text, then numbers."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    #: The parameters of ``/works`` that list these works.
    where: Where

    def __str__(self) -> str:
        """The row in words, without ids."""
        return f"{', '.join(filter(None, self.texts[1::2]))}: {self.numbers[0]:,}"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure: its title, caption, table, and the function that draws it."""

    title: str
    #: Sentences that say how many works it covers.
    caption: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    draw: Callable[[Link], Drawing]

    @property
    def is_empty(self) -> bool:
        """Whether it counts no works."""
        return not any(row.numbers[0] for row in self.rows)


def numbers(works: float, inferred: float) -> str:
    """A number of works, with how many of them are inferred only.

    >>> numbers(1200, 30)
    '1,200 (30 inferred)'
    """
    return f"{works:,}" + (f" ({inferred:,} inferred)" if inferred else "")


def said(works: float, inferred: float) -> str:
    """The same in words.

    >>> said(1, 0), said(1, 1), said(73, 52)
    ('1 work', '1 work, inferred only', '73 works, 52 of them inferred only')
    """
    some = f"{works:,} {plural(works, 'work')}"
    if inferred == works:
        return some + (", inferred only" if works else "")
    return some + (f", {inferred:,} of them inferred only" if inferred else "")


def description(rows: Sequence[str]) -> str:
    """The first rows of a table in words, for readers who cannot see the drawing."""
    more = f"; and {len(rows) - _DESCRIBED} more." if len(rows) > _DESCRIBED else "."
    return "; ".join(rows[:_DESCRIBED]) + more
