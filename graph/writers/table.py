"""Records as CSV with the columns of Zotero's own CSV, and ours for what Zotero has none for.

Values stand as they are, unless they are written for spreadsheets, which take some for formulas.
All bibliographic fields survive, and the facets in columns of their own, several values of one
divided by "; ". Our reader takes cells for LaTeX where they hold a backslash, brace, dollar,
tilde or doubled hyphen, as CoLRev and BibTeX's own tables have them, so that such a value comes
back as LaTeX shows it; types Zotero has no word for come back as documents, and an article's number
as its issue where it has none. Names are plain: "Doe, Ann; World Bank; others".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from ..csl_types import names_of
from ..fields import Field
from ..model import FACETS, FIELDS, Facets, Name, Record
from .index_names import marked

#: What makes a spreadsheet take a cell for a formula, where the cell begins with it; as wide, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(records: Iterable[Record]) -> Iterator[str]:
    """A row of headers, then one for each record (RFC 4180)."""
    return map(_line, _rows(records))


def write_for_spreadsheets(records: Iterable[Record]) -> Iterator[str]:
    """The same, with an apostrophe before what a spreadsheet would take for a formula.

    A title such as "=HYPERLINK(…)" is then a text. Read back, it keeps its apostrophe.
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
    # In a journal a number is the issue's; what also has a book's title is in no journal.
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
    """What a column holds; several values are divided by "; ", identifiers by a comma."""
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
    """ "Family, Suffix, Given"; whole names have no comma, or two in the place of each."""
    if name.literal:
        return name.literal.replace(",", ",,")
    return name.inverted if name.given else f"{name.inverted},"
