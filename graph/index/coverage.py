"""Coverage: for how many works each facet is known.

A title rarely tells a facet other than the topic. So besides the share of all works there is the
share of those works for which more than the title was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..model import FACETS
from .works import Works


@dataclass(frozen=True, slots=True)
class FacetCoverage:
    """The number of works for which a facet is known."""

    facet: str
    stated: int
    inferred: int
    #: Among the works for which more than the title was read.
    of_read: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The number of works of a release for which each facet is known."""

    works: int
    #: The works whose abstract was read, or that a record page or a coded table describes; 0 if
    #: this is not recorded.
    read: int
    facets: tuple[FacetCoverage, ...]


def coverage(works: Works, facets: Iterable[str]) -> Coverage:
    """The coverage of some facets."""
    read = works.read_beyond_title
    counted = []
    for facet in facets:
        stated, inferred = works.members.of(facet)
        of_read = (stated | inferred).intersection_cardinality(read)
        counted.append(FacetCoverage(facet, len(stated), len(inferred), of_read))
    return Coverage(works.size, len(read), tuple(counted))


def coverage_of(folder: Path) -> Coverage:
    """The coverage of the facets with a vocabulary, in the release in a folder."""
    works = Works(folder)
    facets = (field.name for field in FACETS if field.scheme and field.name in works.members.facets)
    return coverage(works, facets)
