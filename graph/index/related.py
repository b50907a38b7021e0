"""Related works: those that share the most values that few works have."""

from __future__ import annotations

from collections import defaultdict

from .works import Work, Works

#: What makes works related: who wrote them, and what they study.
_FACETS = ("author", "platforms", "countries", "keywords", "methods", "work_types", "sectors")
#: A value that more works share than this says little.
_COMMON = 1_000


def related(works: Works, id: str, limit: int) -> list[Work]:
    """The works most related to one, nearest first; a value that fewer works have counts more."""
    ((number, facets),) = works.indexed([id])
    weights: defaultdict[int, float] = defaultdict(float)
    for facet, value, _ in facets:
        if facet in _FACETS:
            sharing = works.members.having(facet, value)
            if len(sharing) <= _COMMON:
                for other in sharing:
                    weights[other] += 1 / len(sharing)
    others = weights.keys() - {number}
    nearest = sorted(others, key=lambda other: (-weights[other], other))
    return works.numbered(nearest[:limit])
