"""Tops: the members of a class that most works have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...graph.index.members import Value
from ...graph.index.works import Answer, Works
from ...graph.index.works_index import NOT_STATED
from ..web.facets import SHOWN
from ..web.instrument import each_as_instrument
from ..web.parameters import PARAMETERS, Parameter

#: The classes whose most frequent members are shown, and how many of each.
LISTED, _MOST = tuple(f.scheme.kind for f in SHOWN if f.scheme and f.inferable), 6


@dataclass(frozen=True, slots=True)
class Top:
    """The most frequent members of a class."""

    parameter: Parameter
    values: tuple[Value, ...]
    #: The number of works with any member of the class.
    known: int
    #: Platform -> how many of its works use platform work as an instrument.
    instruments: dict[str, int]


def tops(works: Works, paths: Iterable[str]) -> list[Top]:
    """The most frequent members of some classes; classes without works are left out."""
    return [top for path in paths if (top := _top(works, PARAMETERS[path])).values]


def _top(works: Works, parameter: Parameter) -> Top:
    everything, facet = works.everything, parameter.facet
    values = tuple(most_frequent(works, everything, facet)[:_MOST])
    instruments = each_as_instrument(works, everything, facet, (each.value for each in values))
    return Top(parameter, values, works.members.known(facet), instruments)


def most_frequent(works: Works, answer: Answer, facet: str) -> list[Value]:
    """The values of a facet among some works, most frequent first.

    A broader value is left out if most of its works name a narrower one, which is listed itself.
    """
    broader = works.values.parents(facet)

    def is_named(value: Value) -> bool:
        by_itself = works.members.having(facet, value.value) & answer.numbers
        for narrower in works.values.below(facet, value.value):
            by_itself -= works.members.having(facet, narrower.value)
        return 2 * len(by_itself) > value.count

    return [
        value
        for value in works.members.counts(answer.numbers, facet)
        if value.value != NOT_STATED and (value.value not in broader or is_named(value))
    ]
