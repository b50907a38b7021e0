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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ...ontology import DESCRIPTION, LICENCE
from ..fields import Field
from ..iris import IRIs
from ..model import FACETS, Name, Record
from . import Release
from .database import Database
from .dumps import DATA_PACKAGE, WORKS_CSV, WORKS_CSVW, WORKS_PARQUET, add_sums, checksums
from .values import Values, is_country
from .works_index import WORKS

#: A facet of a work, its value, and whether that is only inferred.
_Facet = tuple[str, str, bool]
#: What stands between several values of one cell; no name or label of ours holds it.
SEPARATOR = "|"
_LANGUAGE = "language_inferred"
#: The facets that come from the index of works, and those whose values are countries.
_FACETS = {f.name: f for f in FACETS if f.kind in ("concept", "concepts", "bodies")}
_CODES = {f.name: "country_codes" for f in FACETS if f.scheme and f.scheme.kind == "country"}
_TITLE = "The works of oograph, one a row"
_WRITTEN = "as the source writes it"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its name, what people call it, and what is in its cells."""

    name: str
    title: str
    description: str
    #: Whether a cell may hold several values, divided by ``SEPARATOR``.
    several: bool = False
    #: As CSV on the Web, Data Packages and DuckDB name it, in that order.
    type: tuple[str, str, str] = ("string", "string", "VARCHAR")


_INTEGER = ("integer", "integer", "INTEGER")


def columns() -> tuple[Column, ...]:
    """The columns of the table, in their order."""
    facets = [column for field in _FACETS.values() for column in _facet_columns(field)]
    return (
        Column("id", "Id", "The end of the work's IRI; it never changes."),
        Column("iri", "IRI", "The work's address: a page for people, RDF for programs."),
        Column("type", "Type", "The type of publication, as CSL names it (article-journal)."),
        Column("title", "Title", "The title as the source has it."),
        Column("original_title", "Original title", "In the language of the work."),
        Column("authors", "Authors", f"In their order, as Family, Given, {_WRITTEN}.", True),
        Column(
            "author_ids",
            "Author ids",
            "Of each author in the same order, the end of the IRI (person/jane-doe).",
            True,
        ),
        Column("more_authors", "More authors", "yes: the source leaves authors out (et al.)."),
        Column("editors", "Editors", "In their order, each as Family, Given.", True),
        Column("year", "Year", "The year of publication.", type=_INTEGER),
        Column(
            "published_in",
            "Published in",
            f"The journal, the proceedings or the book, {_WRITTEN}.",
        ),
        Column(
            "venue",
            "Venue",
            "What the work is published in, by one name however sources write it; an edition is"
            " followed by its series.",
            True,
        ),
        Column("venue_id", "Venue id", "Of each venue, the end of the IRI.", True),
        Column("event", "Event", "The conference."),
        Column("publisher", "Publisher", f"The publisher, {_WRITTEN}."),
        Column("volume", "Volume", "The volume."),
        Column("issue", "Issue", "The issue."),
        Column("pages", "Pages", "The pages."),
        Column("doi", "DOI", "The DOI in lower case, without https://doi.org/."),
        Column("isbn", "ISBN", "Digits and X only.", True),
        Column("issn", "ISSN", "As 1234-567X.", True),
        Column("url", "Web page", "An address that the source gives."),
        Column("language", "Language", "A BCP 47 tag, or the name as the source has it."),
        Column(_LANGUAGE, "Language (inferred)", "A BCP 47 tag, by the title."),
        *facets,
    )


def _name_of(field: Field) -> str:
    """The name of a facet's column: that of its vocabulary, where it has one."""
    if field.scheme is None or field.kind == "bodies":
        return field.name
    return field.scheme.stem.replace("-", "_")


def _facet_columns(field: Field) -> Iterator[Column]:
    several = field.kind != "concept"
    plural = field.plural or field.label.capitalize()
    ways = {"": "that the source states"}
    if field.inferable:
        ways["_inferred"] = "read by rule in the title, the keywords or the abstract"
    for ending, how in ways.items():
        title = f"{plural}{' (inferred)' if ending else ''}"
        yield Column(_name_of(field) + ending, title, f"{plural} {how}.", several)
        if code := _CODES.get(field.name):
            title = f"Country codes{' (inferred)' if ending else ''}"
            text = f"The ISO 3166-1 alpha-2 codes of the countries {how}."
            yield Column(code + ending, title, text, True)


def write_tables(works: Iterable[Record], folder: Path, release: Release) -> None:
    """Write the tables of the works among the dumps in ``folder``, and add them to the sums.

    The index of works, which knows what is stated and what inferred, is there already.
    """
    dumps = folder / "dumps"
    _write_csv(works, Database(folder / WORKS), dumps / WORKS_CSV, IRIs(release.base_iri))
    _write_parquet(dumps / WORKS_CSV, dumps / WORKS_PARQUET)
    _write_json(dumps / WORKS_CSVW, _csvw(release))
    add_sums(dumps, (WORKS_CSV, WORKS_CSVW, WORKS_PARQUET))
    _write_json(dumps / DATA_PACKAGE, _data_package(release, dumps))
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
            cells[_LANGUAGE] = [value]
        if facet == "venue":  # the page of a series counts the works of its editions
            above = list(values.above(facet, value))
            cells["venue"] = [values.label(facet, value), *(entry.label for entry in above)]
            cells["venue_id"] = [value, *(entry.value for entry in above)]
        if facet not in _FACETS:
            continue
        ending = "_inferred" if inferred else ""
        cells.setdefault(_name_of(_FACETS[facet]) + ending, []).append(values.label(facet, value))
        if facet in _CODES and is_country(value):
            cells.setdefault(_CODES[facet] + ending, []).append(value)
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


def _csvw(release: Release) -> dict[str, Any]:
    """The columns as CSV on the Web describes them."""
    described = [
        {
            "name": column.name,
            "titles": column.title,
            "dc:description": column.description,
            "datatype": column.type[0],
            **({"separator": SEPARATOR} if column.several else {}),
        }
        for column in columns()
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": WORKS_CSV,
        "dc:title": _TITLE,
        "dc:description": DESCRIPTION,
        "dc:license": {"@id": LICENCE},
        "dc:modified": {"@value": release.date, "@type": "xsd:date"},
        "schema:version": release.version,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "header": True},
        "tableSchema": {
            "columns": described,
            "primaryKey": "id",
            "aboutUrl": IRIs(release.base_iri).thing("publication", "{id}"),
        },
    }


def _data_package(release: Release, dumps: Path) -> dict[str, Any]:
    """The same as a Data Package, with the sizes of its files and the sums noted for them."""
    fields = [
        {
            "name": column.name,
            "title": column.title,
            "type": column.type[1],
            "description": column.description
            + (f" Several values are divided by {SEPARATOR}." if column.several else ""),
        }
        for column in columns()
    ]
    return {
        "profile": "data-package",
        "name": "oograph-works",
        "title": _TITLE,
        "description": DESCRIPTION,
        "version": release.version,
        "created": f"{release.date}T00:00:00Z",
        "homepage": release.base_iri,
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE}],
        "resources": [
            {
                "name": "works",
                "profile": "tabular-data-resource",
                "path": WORKS_CSV,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                **_size(dumps / WORKS_CSV),
                "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True},
                "schema": {"fields": fields, "missingValues": [""], "primaryKey": "id"},
            },
            {
                "name": "works-parquet",
                "path": WORKS_PARQUET,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                **_size(dumps / WORKS_PARQUET),
            },
        ],
    }


def _size(path: Path) -> dict[str, Any]:
    sha256 = checksums(path.parent)[path.name]
    return {"bytes": path.stat().st_size, "hash": f"sha256:{sha256}"}


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
