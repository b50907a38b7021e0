"""Chart: a figure with the numbers it shows, before it is drawn for a page, a slide or a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .svg import INFERRED, STATED, Legend

#: The parameters of ``/works`` by which it lists some works.
Where = Mapping[str, tuple[str, ...]]
#: The address that they lead to; "" where a drawing has no links.
Link = Callable[[Where], str]
#: A number of works, and how many of them by inference only, in words.
Say = Callable[[float, float], str]

#: The rows of a table that are described.
_DESCRIBED = 12
#: What the two looks of a bar mean.
EVIDENCE = (Legend(STATED, "stated by a source"), Legend(INFERRED, "only inferred from words"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is inside the frame."""

    elements: Sequence[Element]
    height: float
    legend: Sequence[Legend] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure's table: cells of text, then numbers."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    #: The parameters of ``/works`` by which it lists these very works.
    where: Where

    def __str__(self) -> str:
        """The row in words, without ids."""
        return f"{', '.join(filter(None, self.texts[1::2]))}: {self.numbers[0]:,}"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure: its title, what is known, its table, and how it is drawn."""

    title: str
    #: How many of the works are in it, in sentences.
    caption: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    draw: Callable[[Link], Drawing]

    @property
    def is_empty(self) -> bool:
        """Whether it counts no work."""
        return not any(row.numbers[0] for row in self.rows)


def numbers(works: float, inferred: float) -> str:
    """How many works, and how many of them by inference only.

    >>> numbers(1200, 30)
    '1,200 (30 inferred)'
    """
    return f"{works:,}" + (f" ({inferred:,} inferred)" if inferred else "")


def said(works: float, inferred: float) -> str:
    """The same in words.

    >>> said(1, 0), said(1, 1), said(73, 52)
    ('1 work', '1 work, inferred only', '73 works, 52 of them inferred only')
    """
    some = f"{works:,} work{'' if works == 1 else 's'}"
    if inferred == works:
        return some + (", inferred only" if works else "")
    return some + (f", {inferred:,} of them inferred only" if inferred else "")


def description(rows: Sequence[str]) -> str:
    """The first rows of a table, each in words, for who does not see the drawing."""
    more = f"; and {len(rows) - _DESCRIBED} more." if len(rows) > _DESCRIBED else "."
    return "; ".join(rows[:_DESCRIBED]) + more
