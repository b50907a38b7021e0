"""Tables: the works as one table, for who works with a spreadsheet, R, pandas or DuckDB.

``works.csv`` has a row for each work, in the order of the ids, and ``works.parquet`` the same rows
and columns. ``works.csv-metadata.json`` describes the columns as CSV on the Web does
(https://www.w3.org/TR/tabular-metadata/), ``datapackage.json`` as a Data Package does
(https://specs.frictionlessdata.io/). What sources state and what rules inferred are in columns of
their own. Values stand as they are: none is changed because a spreadsheet might take it for a
formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..iris import IRIs
from ..model import Name, Record
from . import Release
from .database import Database
from .dumps import DATA_PACKAGE, WORKS_CSV, WORKS_CSVW, WORKS_PARQUET, add_sums
from .table_schema import (
    CODES,
    COLUMN_FACETS,
    LANGUAGE,
    SEPARATOR,
    columns,
    csvw,
    data_package,
    name_of,
)
from .values import Values, is_country
from .works_index import WORKS

#: A facet of a work, its value, and whether that is only inferred.
_Facet = tuple[str, str, bool]


def write_tables(works: Iterable[Record], folder: Path, release: Release) -> None:
    """Write the tables of the works among the dumps in ``folder``, and add them to the sums.

    The index of works, which knows what is stated and what inferred, is there already.
    """
    dumps = folder / "dumps"
    _write_csv(works, Database(folder / WORKS), dumps / WORKS_CSV, IRIs(release.base_iri))
    _write_parquet(dumps / WORKS_CSV, dumps / WORKS_PARQUET)
    _write_json(dumps / WORKS_CSVW, csvw(release))
    add_sums(dumps, (WORKS_CSV, WORKS_CSVW, WORKS_PARQUET))
    _write_json(dumps / DATA_PACKAGE, data_package(release, dumps))
    add_sums(dumps, (DATA_PACKAGE,))


def _write_csv(works: Iterable[Record], index: Database, path: Path, iris: IRIs) -> None:
    def facets_of(id: str) -> list[_Facet]:
        row = next(index.rows("SELECT facets FROM work WHERE id = ?", id), None)
        return json.loads(row[0]) if row else []

    rows = lines(sorted(works, key=lambda work: work.id), facets_of, Values(index), iris)
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.writelines(rows)


def lines(
    works: Iterable[Record],
    facets_of: Callable[[str], Iterable[_Facet]],
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


def _facet_cells(facets: Iterable[_Facet], values: Values) -> dict[str, str]:
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


def _write_parquet(table: Path, path: Path) -> None:
    types = ", ".join(f"'{column.name}': '{column.type[2]}'" for column in columns())
    with duckdb.connect(config={"threads": 1}) as base:
        # one thread: the rows stay in their order, and the same table gives the same bytes
        base.execute(
            f"COPY (SELECT * FROM read_csv($source, columns = {{{types}}}, header = true,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"'))"
            " TO $target (FORMAT parquet, COMPRESSION zstd)",
            # read_csv takes a pattern: its signs stand for themselves where they are in brackets
            {"source": re.sub(r"([*?[])", r"[\1]", str(table)), "target": str(path)},
        )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
