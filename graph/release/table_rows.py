"""The rows of the table of works: the cells of each work."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from ..index.values import Values, is_country
from ..iris import IRIs
from ..model import Name, Record
from .table_schema import CODES, COLUMN_FACETS, LANGUAGE, SEPARATOR, columns, name_of

#: Labels and venues kept in a cache.
_REMEMBERED = 2**12
#: Facet -> the column of its stated values.
_COLUMNS = {facet: name_of(field) for facet, field in COLUMN_FACETS.items()}
#: A facet of a work, its value, and whether that is only inferred.
Facet = tuple[str, str, bool]
#: Writes the line of a work, given its facets.
Line = Callable[[Record, Iterable[Facet]], str]


def heading() -> str:
    """The first line of the table: the names of its columns."""
    return _written(column.name for column in columns())


def line_of(values: Values, iris: IRIs) -> Line:
    """A function that writes the line of a work, given its facets."""
    names = [column.name for column in columns()]
    label = lru_cache(_REMEMBERED)(values.label)
    # the page of a series counts the works of its editions
    venues = lru_cache(_REMEMBERED)(lambda venue: _places(venue, values))

    def line(work: Record, facets: Iterable[Facet]) -> str:
        cells = _record_cells(work, iris) | _facet_cells(facets, label, venues)
        return _written(cells.get(name, "") for name in names)

    return line


def _places(venue: str, values: Values) -> list[tuple[str, str]]:
    above = ((entry.value, entry.label) for entry in values.above("venue", venue))
    return [(venue, values.label("venue", venue)), *above]


def _written(cells: Iterable[str]) -> str:
    line: str = csv.writer(_Line()).writerow(cells)
    return line


class _Line:
    """A file whose ``write`` returns the text."""

    def write(self, text: str) -> str:
        return text


def _record_cells(work: Record, iris: IRIs) -> dict[str, str]:
    return {
        "id": work.id,
        "iri": iris.thing("publication", work.id),
        "type": work.type,
        "title": work.title,
        "original_title": work.original_title,
        "authors": _names(work.authors),
        "author_ids": SEPARATOR.join(work.agents),
        "more_authors": "yes" if work.more_authors else "",
        "editors": _names(work.editors),
        "year": str(work.year or ""),
        "published_in": work.container_title,
        "event": work.event_title,
        "publisher": work.publisher,
        "volume": work.volume,
        "issue": work.issue,
        "pages": work.page,
        "doi": work.doi,
        "isbn": SEPARATOR.join(work.isbn),
        "issn": SEPARATOR.join(work.issn),
        "url": work.url,
        "language": work.language,
    }


def _names(names: Sequence[Name]) -> str:
    return SEPARATOR.join(name.inverted for name in names)


def _facet_cells(
    facets: Iterable[Facet],
    label: Callable[[str, str], str],
    venues: Callable[[str], Sequence[tuple[str, str]]],
) -> dict[str, str]:
    """The cells of a work's facets.

    ``label`` gives the label of a value; ``venues`` gives the value and label of a venue, then of
    all broader ones.
    """
    cells: dict[str, list[str]] = {}
    for facet, value, inferred in facets:
        if facet == "language" and inferred:
            cells[LANGUAGE] = [value]
        if facet == "venue":
            cells["venue_id"], cells["venue"] = map(list, zip(*venues(value), strict=True))
        if facet not in _COLUMNS:
            continue
        ending = "_inferred" if inferred else ""
        cells.setdefault(_COLUMNS[facet] + ending, []).append(label(facet, value))
        if facet in CODES and is_country(value):
            cells.setdefault(CODES[facet] + ending, []).append(value)
    return {name: SEPARATOR.join(texts) for name, texts in cells.items()}
