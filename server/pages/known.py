"""Known: of how many works each facet is known, among all and among those that were read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from ...graph.release.coverage import read_beyond_title
from ..web.site import Site

#: The most works whose records are looked at for one page: a second or so.
_LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class FacetKnown:
    """Of how many works a facet is known."""

    facet: str
    stated: int
    inferred: int
    #: Those among the works of which more than the title was read.
    of_read: int


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many works each facet is known."""

    works: int
    #: The works of which more than the title was read; 0 where nobody looked: they are too many.
    read: int
    facets: tuple[FacetKnown, ...]


def known(site: Site, facets: Iterable[str]) -> Known:
    """How much is known of the works of a release."""
    works = site.works
    read = read_beyond_title(works, site.records) if works.size <= _LOOKED_AT else BitMap()
    counted = []
    for facet in facets:
        stated, inferred = works.members(facet)
        of_read = (stated | inferred).intersection_cardinality(read)
        counted.append(FacetKnown(facet, len(stated), len(inferred), of_read))
    return Known(works.size, len(read), tuple(counted))
