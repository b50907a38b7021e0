"""The schema of the table of works: its columns, as CSV on the Web and as a Data Package.

See https://www.w3.org/TR/tabular-metadata/ and https://specs.frictionlessdata.io/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..fields import Field
from ..iris import IRIs
from ..model import FACETS
from . import Release
from .dumps import WORKS_CSV, WORKS_PARQUET, checksums

#: Separates several values in one cell; none of our names and labels contains it.
SEPARATOR = "|"
LANGUAGE = "language_inferred"
#: The facets that come from the index of works, and those whose values are countries.
COLUMN_FACETS = {f.name: f for f in FACETS if f.kind in ("concept", "concepts", "bodies")}
CODES = {f.name: "country_codes" for f in FACETS if f.scheme and f.scheme.kind == "country"}
_WRITTEN = "as the source writes it"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its name, its title, and the content of its cells."""

    name: str
    title: str
    description: str
    #: Whether a cell may hold several values, separated by ``SEPARATOR``.
    several: bool = False
    #: Its name in CSV on the Web, in Data Packages and in DuckDB.
    type: tuple[str, str, str] = ("string", "string", "VARCHAR")


_INTEGER = ("integer", "integer", "INTEGER")


def columns() -> tuple[Column, ...]:
    """The columns of the table, in their order."""
    facets = [column for field in COLUMN_FACETS.values() for column in _facet_columns(field)]
    return (
        Column("id", "Id", "The last part of the work's IRI; it never changes."),
        Column("iri", "IRI", "The work's address: a page for people, RDF for programs."),
        Column("type", "Type", "The type of publication as in CSL, such as article-journal."),
        Column("title", "Title", "The title as the source gives it."),
        Column("original_title", "Original title", "The title in the language of the work."),
        Column("authors", "Authors", f"In order, each as Family, Given, {_WRITTEN}.", True),
        Column(
            "author_ids",
            "Author ids",
            "The last part of each author's IRI, such as person/jane-doe, in the same order.",
            True,
        ),
        Column("more_authors", "More authors", "yes if the source leaves out authors (et al.)."),
        Column("editors", "Editors", "In order, each as Family, Given.", True),
        Column("year", "Year", "The year of publication.", type=_INTEGER),
        Column(
            "published_in",
            "Published in",
            f"The journal, the proceedings or the book, {_WRITTEN}.",
        ),
        Column(
            "venue",
            "Venue",
            "Where the work is published, under one name however sources spell it; an edition is"
            " followed by its series.",
            True,
        ),
        Column("venue_id", "Venue id", "The last part of each venue's IRI.", True),
        Column("event", "Event", "The conference."),
        Column("publisher", "Publisher", f"The publisher, {_WRITTEN}."),
        Column("volume", "Volume", "The volume."),
        Column("issue", "Issue", "The issue."),
        Column("pages", "Pages", "The pages."),
        Column("doi", "DOI", "The DOI in lower case, without https://doi.org/."),
        Column("isbn", "ISBN", "Digits and X only.", True),
        Column("issn", "ISSN", "As 1234-567X.", True),
        Column("url", "Web page", "A URL that the source gives."),
        Column("language", "Language", "A BCP 47 tag, or the name that the source gives."),
        Column(LANGUAGE, "Language (inferred)", "A BCP 47 tag, inferred from the title."),
        *facets,
    )


def name_of(field: Field) -> str:
    """The name of a facet's column: that of its vocabulary, if it has one."""
    if field.scheme is None or field.kind == "bodies":
        return field.name
    return field.scheme.stem.replace("-", "_")


def _facet_columns(field: Field) -> Iterator[Column]:
    several = field.kind != "concept"
    plural = field.plural or field.label.capitalize()
    ways = {"": "that the source states"}
    if field.inferable:
        ways["_inferred"] = "inferred by rules from the title, the keywords or the abstract"
    for ending, how in ways.items():
        title = f"{plural}{' (inferred)' if ending else ''}"
        yield Column(name_of(field) + ending, title, f"{plural} {how}.", several)
        if code := CODES.get(field.name):
            title = f"Country codes{' (inferred)' if ending else ''}"
            text = f"The ISO 3166-1 alpha-2 codes of the countries {how}."
            yield Column(code + ending, title, text, True)


def _title(release: Release) -> str:
    return f"The works of {release.dataset.name}, one per row"


def csvw(release: Release) -> dict[str, Any]:
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
        "dc:title": _title(release),
        "dc:description": release.dataset.description,
        "dc:license": {"@id": release.dataset.licence.iri},
        "dc:modified": {"@value": release.date, "@type": "xsd:date"},
        "schema:version": release.version,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "header": True},
        "tableSchema": {
            "columns": described,
            "primaryKey": "id",
            "aboutUrl": IRIs(release.base_iri).thing("publication", "{id}"),
        },
    }


def data_package(release: Release, dumps: Path) -> dict[str, Any]:
    """The same as a Data Package, with the sizes and listed checksums of its files."""
    fields = [
        {
            "name": column.name,
            "title": column.title,
            "type": column.type[1],
            "description": column.description
            + (f" Several values are separated by {SEPARATOR}." if column.several else ""),
        }
        for column in columns()
    ]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": "id"}
    return {
        "profile": "data-package",
        "name": "oograph-works",
        "title": _title(release),
        "description": release.dataset.description,
        "version": release.version,
        "created": f"{release.date}T00:00:00Z",
        "homepage": release.base_iri,
        "licenses": [
            {"name": release.dataset.licence_id, "path": release.dataset.licence.iri},
        ],
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
                "schema": schema,
            },
            {
                "name": "works-parquet",
                "path": WORKS_PARQUET,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                **_size(dumps / WORKS_PARQUET),
                # otherwise a reader guesses the types of columns that are mostly empty
                "schema": schema,
            },
        ],
    }


def _size(path: Path) -> dict[str, Any]:
    sha256 = checksums(path.parent)[path.name]
    return {"bytes": path.stat().st_size, "hash": f"sha256:{sha256}"}
