"""Answers as the page shows them: labels instead of IRIs, and numbers recognised as numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite

from ...graph.errors import OutOfTime
from ...graph.formats import RDF
from ...graph.store.answers import Answer
from ...graph.store.excerpt import Cell, Excerpt, Table
from ...ontology import PREFIXES, prefixes
from ..web.site import Site

#: How much of an answer a page shows; the whole answer can be downloaded.
SHOWN = Excerpt()
#: The most characters of a label that are shown.
_LABEL = 200
_NUMBERS = frozenset(
    PREFIXES["xsd"] + name
    for name in (
        "integer decimal double float long int short byte nonNegativeInteger positiveInteger "
        "nonPositiveInteger negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)
#: The most characters of a number that is worth drawing.
_DIGITS = 40
_YEAR = PREFIXES.expand("xsd:gYear")


@dataclass(frozen=True, slots=True)
class Value:
    """A term as a cell of the page shows it."""

    cell: Cell
    #: The label shown instead of an IRI; "" to show the term itself.
    label: str = ""

    @property
    def text(self) -> str:
        """The text to show."""
        return self.label or self.cell.text

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a year."""
        return self.cell.datatype in _NUMBERS or self.cell.datatype == _YEAR

    @property
    def number(self) -> float | int | None:
        """The number, or None if it is not finite or is too long."""
        if self.cell.datatype not in _NUMBERS or self.cell.length > _DIGITS:
            return None
        with suppress(ValueError):
            return int(self.cell.text)
        with suppress(ValueError):
            number = float(self.cell.text)
            return number if isfinite(number) else None
        return None

    @property
    def year(self) -> int | None:
        """The year, or None if this cannot be one."""
        text = self.cell.text
        typed = self.cell.datatype == _YEAR or self.number is not None
        return int(text) if typed and re.fullmatch(r"[12]\d{3}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT that are shown, and what each column contains."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    cut_cells: int
    #: Whether all values of each column are numbers.
    numeric: tuple[bool, ...]
    #: The language of each column, if all its values have the same one, else "".
    languages: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, rows: Iterable[tuple[Value | None, ...]]) -> Solutions:
        """Return the rows, with each column's type and language."""
        rows = tuple(rows)
        numeric, languages = [], []
        for at in range(len(table.columns)):
            values = [value for row in rows if (value := row[at])]
            numeric.append(bool(values) and all(value.is_number for value in values))
            tags = {value.cell.language for value in values}
            languages.append(tags.pop() if len(tags) == 1 else "")
        return cls(table.columns, rows, table.cut_cells, tuple(numeric), tuple(languages))


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as the page shows it: a table, yes or no, or Turtle."""

    table: Solutions | None = None
    #: The number of rows in the whole answer.
    count: int = 0
    verdict: bool | None = None
    turtle: str = ""
    #: Whether the Turtle is cut off.
    shortened: bool = False

    @classmethod
    def of(cls, site: Site, answer: Answer) -> Result:
        """Return the part of an answer that the page shows."""
        if answer.media_type.startswith(RDF["ttl"].media_type):
            text = answer.body
            if len(text) <= SHOWN.turtle_bytes:
                return cls(turtle=text.decode())
            lines = text[: text.rfind(b"\n") + 1] or text
            return cls(turtle=lines.decode(errors="ignore"), shortened=True)
        if answer.rows is None:
            return cls(verdict=json.loads(answer.body)["boolean"])
        return cls(_labelled(site, Table.read(answer.body)), answer.rows)


def _labelled(site: Site, table: Table) -> Solutions:
    iris = {cell.text for row in table.rows for cell in row if cell and _is_whole_iri(cell)}
    labels = _labels(site, iris)

    def value(cell: Cell) -> Value:
        return Value(cell, labels.get(cell.text, "") if _is_whole_iri(cell) else "")

    rows = (tuple(value(cell) if cell else None for cell in row) for row in table.rows)
    return Solutions.of(table, rows)


def _is_whole_iri(cell: Cell) -> bool:
    return cell.is_iri and not cell.is_cut


def _labels(site: Site, iris: Iterable[str]) -> Mapping[str, str]:
    """Return a label for each IRI: the thing's name, its path here, or a prefixed name."""
    namespaces = prefixes(site.release.base_iri)
    ours, labels = [], {}
    for iri in sorted(iris):
        short = namespaces.compress(iri)
        prefix, _, local = short.partition(":")
        if prefix in namespaces and re.fullmatch(r"[\w.-]+", local):
            labels[iri] = short
        elif iri.startswith(site.release.base_iri):
            ours.append(iri)
            labels[iri] = site.iris.path(iri) or iri
    with suppress(OutOfTime):  # the answer can be read without names
        for iri, match in site.names.named(ours).items():
            cut = len(match.label) > _LABEL
            labels[iri] = f"{match.label[:_LABEL]}…" if cut else match.label
    return labels
