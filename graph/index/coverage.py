"""Coverage: of how many works each facet is known.

A facet other than a topic is seldom in a title. So the share among the works of which more was
read stands beside the share among all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..model import FACETS
from .works import Works


@dataclass(frozen=True, slots=True)
class FacetCoverage:
    """Of how many works a facet is known."""

    facet: str
    stated: int
    inferred: int
    #: Those among the works of which more than the title was read.
    of_read: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many works of a release each facet is known."""

    works: int
    #: The works whose abstract was read, or that a record page or a coded table describes; 0 where
    #: nobody looked.
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
