"""Coverage: of how many works each facet is known.

A facet other than a topic is seldom in a title. So the share among the works of which more was
read stands beside the share among all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyroaring import BitMap

from ..model import FACETS, Record
from .records import Records
from .works import Works

#: What only a record page or a coded table states; keywords come with many a citation.
_CODED = frozenset(field.name for field in FACETS if field.scheme and not field.bibtex)


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


def coverage(works: Works, read: BitMap, facets: Iterable[str]) -> Coverage:
    """The coverage of some facets; ``read`` are the works of which more than the title was read."""
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
    return coverage(works, read_beyond_title(works, Records(folder)), facets)


def read_beyond_title(works: Works, records: Records) -> BitMap:
    """The numbers of the works of which more than the title was read; each record is looked at."""
    ids = (record.id for record in records.all() if _is_read_beyond_title(record))
    numbers = (works.facets_of(id)[0] for id in ids)
    return BitMap(number for number in numbers if number >= 0)


def _is_read_beyond_title(record: Record) -> bool:
    return any(
        source.abstract is not None or any(name in _CODED for name, _ in source.stated)
        for source in record.sources
    )
