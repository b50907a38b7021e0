"""Records as CSV, with the columns of Zotero's CSV and more of our own.

Values are written as they are. There is a variant for spreadsheets, which could read some values as
formulas. All bibliographic fields survive. Facets have their own columns, with "; " between
several values. Names are plain: "Doe, Ann; World Bank; others".

What comes back changed:

- a value with a backslash, brace, dollar sign, tilde or double hyphen, which our reader interprets
  as LaTeX, because tables from CoLRev and from BibTeX contain LaTeX;
- types that Zotero does not have, as documents;
- the number of an article without an issue, as its issue.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from ..csl_types import names_of
from ..fields import Field
from ..model import FACETS, FIELDS, Facets, Name, Record
from .bibtex import marked

#: Characters at the start of a cell that make it a formula in a spreadsheet; also in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield a row of headers, then one row for each record (RFC 4180)."""
    return map(_line, _rows(records))


def write_for_spreadsheets(records: Iterable[Record]) -> Iterator[str]:
    """Yield the same, with an apostrophe before cells that a spreadsheet would read as a formula.

    A title such as "=HYPERLINK(…)" is then plain text. The apostrophe stays when it is read back.
    """
    return (_line(map(_harmless, cells)) for cells in _rows(records))


def _rows(records: Iterable[Record]) -> Iterator[Iterable[str]]:
    yield _row(Record(""))
    for record in records:
        yield _row(record).values()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _row(record: Record) -> dict[str, str]:
    # Our reader takes a number for the issue of a journal, unless there is a book title.
    is_article = record.type.startswith("article")
    return {
        "Key": record.id,
        "Item Type": names_of(record.type).zotero or "document",
        "Publication Year": f"{record.year:04d}" if record.year else "",
        "Author": _names(record.authors, record.more_authors),
        "Editor": _names(record.editors),
        "Date": record.issued_edtf or "-".join(f"{part:02d}" for part in record.issued).zfill(4)
        if record.issued
        else "",
        "ORCID": "; ".join(
            f"{name.particle} {name.family}, {name.given}/{name.orcid}".strip()
            for name in record.authors
            if name.orcid
        ),
        **{field.column: _cell(field, record) for field in FIELDS},
        "Book Title": "" if is_article or not record.number else record.container_title,
        **{field.column: _cell(field, record.facets) for field in FACETS},
    }


def _cell(field: Field, holder: Record | Facets) -> str:
    """The text of a cell; several values are separated by "; ", identifiers by a comma."""
    value = getattr(holder, field.name)
    if field.kind == "texts":
        return ", ".join(value)
    if field.kind == "concepts":
        return marked(value, "; ")
    if field.kind == "bodies":
        return "; ".join(f"{body.name} ({body.kind})" if body.kind else body.name for body in value)
    return str(value or "")


def _names(names: Iterable[Name], more: bool = False) -> str:
    written = map(_name, names)
    return "; ".join([*written, "others"] if more else written)


def _name(name: Name) -> str:
    """Write "Family, Suffix, Given"; in a whole name, commas are doubled."""
    if name.literal:
        return name.literal.replace(",", ",,")
    return name.inverted if name.given else f"{name.inverted},"
