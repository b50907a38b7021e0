"""Known: of how many works each facet is known, among all and among those that were read."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from ...graph.release.coverage import Coverage, coverage, read_beyond_title
from ..web.site import Site

#: The most works whose records are looked at for one page: a second or so.
_LOOKED_AT = 10_000


def known(site: Site, facets: Iterable[str]) -> Coverage:
    """How much is known of the works of a release; where they are too many, none is looked at."""
    works = site.works
    read = read_beyond_title(works, site.records) if works.size <= _LOOKED_AT else BitMap()
    return coverage(works, read, facets)
