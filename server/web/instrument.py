"""Works that use a platform as an instrument: its workers take part, but are not the subject."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from ...graph.index.works import Answer, Works

#: The facet whose works are counted, and the value of the facet "scope" that marks them.
FACET, SCOPE = "platforms", "instrument"


def as_instrument(works: Works, answer: Answer) -> int:
    """How many works of an answer use platform work as an instrument."""
    return answer.numbers.intersection_cardinality(_all(works))


def each_as_instrument(
    works: Works, answer: Answer, facet: str, values: Iterable[str], evidence: str = ""
) -> dict[str, int]:
    """The same per value of the facet, for all evidence or one kind only; values without such
    works are left out. Empty for facets other than platforms.
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
