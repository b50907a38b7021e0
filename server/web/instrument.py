"""Instrument: of the works on a platform, those for which its workers are a means of study."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from ...graph.index.works import Answer, Works

#: The facet whose works are counted apart, and the value of the facet "scope" that tells them.
FACET, SCOPE = "platforms", "instrument"


def as_instrument(works: Works, answer: Answer) -> int:
    """How many of some works use platform work as an instrument."""
    return answer.numbers.intersection_cardinality(_all(works))


def each_as_instrument(
    works: Works, answer: Answer, facet: str, values: Iterable[str], evidence: str = ""
) -> dict[str, int]:
    """The same for the works with each value, whatever the evidence for it or by one alone; of
    other facets than platforms nothing.
    """
    if facet != FACET or not (numbers := answer.numbers & _all(works)):
        return {}
    counted = (
        (value, works.members.having(facet, value, evidence).intersection_cardinality(numbers))
        for value in values
    )
    return {value: count for value, count in counted if count}


def _all(works: Works) -> BitMap:
    return works.members.having("scope", SCOPE)
