"""The rows of the table of works: what stands in the cells of each work."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..iris import IRIs
from ..model import Name, Record
from .table_schema import CODES, COLUMN_FACETS, LANGUAGE, SEPARATOR, columns, name_of
from .values import Values, is_country

#: A facet of a work, its value, and whether that is only inferred.
Facet = tuple[str, str, bool]


def lines(
    works: Iterable[Record],
    facets_of: Callable[[str], Iterable[Facet]],
    values: Values,
    iris: IRIs,
) -> Iterator[str]:
    """The lines of the table of some works, given the facets of a work by its id, and the values
    of the facets.
    """
    names = [column.name for column in columns()]
    yield _line(names)
    for work in works:
        cells = _record_cells(work, iris) | _facet_cells(facets_of(work.id), values)
        yield _line(cells.get(name, "") for name in names)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


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


def _facet_cells(facets: Iterable[Facet], values: Values) -> dict[str, str]:
    """The cells of the facets of a work."""
    cells: dict[str, list[str]] = {}
    for facet, value, inferred in facets:
        if facet == "language" and inferred:
            cells[LANGUAGE] = [value]
        if facet == "venue":  # the page of a series counts the works of its editions
            above = list(values.above(facet, value))
            cells["venue"] = [values.label(facet, value), *(entry.label for entry in above)]
            cells["venue_id"] = [value, *(entry.value for entry in above)]
        if facet not in COLUMN_FACETS:
            continue
        ending = "_inferred" if inferred else ""
        cells.setdefault(name_of(COLUMN_FACETS[facet]) + ending, []).append(
            values.label(facet, value)
        )
        if facet in CODES and is_country(value):
            cells.setdefault(CODES[facet] + ending, []).append(value)
    return {name: SEPARATOR.join(texts) for name, texts in cells.items()}
