"""Related works: those that share most of what few works have."""

from __future__ import annotations

from collections import defaultdict

from .works import Work, Works

#: What makes works related: who wrote them, and what they study.
_FACETS = ("author", "platforms", "countries", "keywords", "methods", "work_types", "sectors")
#: What more works than these share says little.
_COMMON = 1_000


def related(works: Works, id: str, limit: int) -> list[Work]:
    """The works most related to one, the nearest first; a value counts by how few works have it."""
    number, facets = works.facets_of(id)
    weights: defaultdict[int, float] = defaultdict(float)
    for facet, value, _ in facets:
        if facet in _FACETS:
            sharing = works.members.having(facet, value)
            if len(sharing) <= _COMMON:
                for other in sharing:
                    weights[other] += 1 / len(sharing)
    weights.pop(number, None)
    nearest = sorted(weights, key=lambda other: (-weights[other], other))[:limit]
    return works.numbered(nearest)
