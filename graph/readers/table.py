"""The reader of tables (comma, tab or semicolon) whose headers are those of a bibliography."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from ..identity import fold
from ..model import Entry, Problem, Source
from .fields import NotABibliography, entry, problem, reject, stated
from .latex import fold_space, readable

__all__ = ["read"]

_DELIMITERS = (",", "\t", ";")

#: Header, folded -> the BibTeX field; BibTeX's own names stand for themselves.
_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        name: field
        for field, names in {
            "author": "author|authors|author s|creator|creators",
            "booktitle": "booktitle|book title|conference title|proceedings title",
            "doi": "doi|digital object identifier",
            "edition": "edition",
            "editor": "editor|editors",
            "ENTRYTYPE": "entrytype|entry type|document type|item type|publication type|type",
            "eprint": "eprint",
            "eventtitle": "eventtitle|conference name|event",
            "ID": "id|key|citekey|citation key|bibtex key|bibtexkey",
            "isbn": "isbn",
            "issn": "issn",
            "issue": "issue|issue number",
            "howpublished": "howpublished",
            "institution": "institution|organization|school",
            "journal": "journal|journaltitle|journal title|source title|publication title"
            "|container title",
            "keywords": "keywords|author keywords|manual tags",
            "langid": "langid",
            "language": "language|language of original document",
            "location": "location|address|place",
            "month": "month",
            "note": "note",
            "number": "number",
            "pages": "pages|page|page range",
            "publisher": "publisher",
            "series": "series",
            "subtitle": "subtitle",
            "title": "title|article title|document title",
            "url": "url|link|urls",
            "volume": "volume",
            "year": "year|publication year|pubyear|date|publication date",
        }.items()
        for name in names.split("|")
    }
)
#: What databases call the types, folded -> the entry type.
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "blog post": "online",
        "book chapter": "incollection",
        "book section": "incollection",
        "booksection": "incollection",
        "conference paper": "inproceedings",
        "conferencepaper": "inproceedings",
        "journal article": "article",
        "journalarticle": "article",
        "review": "article",
        "web page": "online",
        "webpage": "online",
        "working paper": "report",
    }
)
_REMEDY = "Mend the row and import it again."


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells, its text, the line it starts on (from 1), why it is none."""

    cells: Sequence[str]
    text: str
    line: int
    fault: str = ""


def read(text: str, file: str) -> Iterator[Entry]:
    """One Entry for each row of a table, in order; a row that cannot be used is a reject.

    Raises NotABibliography, before the first row, where no column is called title.
    """
    # Not splitlines: a cell may hold U+2028 and its kind.
    lines = [f"{line}\n" for line in readable(text).split("\n")]
    delimiter = max(_DELIMITERS, key=lambda mark: len(_columns(_header(lines, mark))))
    rows = _rows(lines, delimiter)
    header = next(rows, _Row((), "", 1)).cells
    columns = _columns(header)
    if "title" not in columns.values():
        found = ", ".join(fold_space(name)[:40] for name in header[:30] if name.strip())
        known = ", ".join(sorted(set(_HEADERS.values()) - {"title"}))
        raise NotABibliography(
            f"{file}: no column is called title, so this is no bibliography; "
            f"headers found: {found or 'none'}; headers looked for: title (needed), {known}"
        )
    return _entries(rows, header, columns, file)


def _header(lines: Sequence[str], delimiter: str) -> Sequence[str]:
    return next(_rows(lines, delimiter), _Row((), "", 1)).cells


def _columns(header: Sequence[str]) -> Mapping[int, str]:
    """The field each column we read holds."""
    named = ((index, _HEADERS.get(fold(name), "")) for index, name in enumerate(header))
    return {index: field for index, field in named if field}


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[_Row]:
    """The rows of a table that are not empty, the header among them.

    A quote that is never closed would make one row of the rest of the file: its line is
    given alone, with the fault, and the next line begins a row.
    """
    longest = sum(map(len, lines)) + 1
    first = start = 0
    reader = csv.reader(lines, delimiter=delimiter)
    while start < len(lines):
        with _cells_up_to(longest):
            cells = next(reader, [])
        end, fault = first + reader.line_num, ""
        if end == len(lines) and end - start > 1 and _is_open(lines[start:], delimiter, longest):
            first = end = start + 1
            reader = csv.reader(lines[first:], delimiter=delimiter)
            fault = "a quote is never closed"
        if any(cell.strip() for cell in cells):
            yield _Row(cells, "".join(lines[start:end]).rstrip("\n"), start + 1, fault)
        start = end


@contextmanager
def _cells_up_to(length: int) -> Iterator[None]:
    """csv refuses cells over 131,072 characters; the limit is the process's, so it is put back."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, length))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _is_open(lines: Sequence[str], delimiter: str, longest: int) -> bool:
    """True where the row these lines make ends inside a quote."""
    try:
        with _cells_up_to(longest):
            next(csv.reader(lines, delimiter=delimiter, strict=True), None)
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _entries(
    rows: Iterator[_Row], header: Sequence[str], columns: Mapping[int, str], file: str
) -> Iterator[Entry]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        fields = _fields(row, columns)
        source = Source(file, fold_space(fields.pop("ID", "")) or str(number), row.line)
        surplus = [cell for cell in row.cells[len(header) :] if cell.strip()]
        if row.fault or surplus:
            fault = row.fault or f"{len(row.cells)} cells where the header has {len(header)}"
            yield reject(source, row.text, fault, _REMEDY)
            continue
        problems = _row_problems(row, header, source, seen)
        seen.add(source.key)
        kind = fold(fields.pop("ENTRYTYPE", "")) or ("article" if "journal" in fields else "misc")
        source = Source(file, source.key, row.line, stated(fields))
        yield entry(_KINDS.get(kind, kind), fields, source, row.text, problems)


def _fields(row: _Row, columns: Mapping[int, str]) -> dict[str, str]:
    """The values of a row by field; of two columns for one field, the first that is filled."""
    fields: dict[str, str] = {}
    for index, field in columns.items():
        if index < len(row.cells) and (cell := row.cells[index].strip()):
            fields.setdefault(field, cell)
    for field in ("author", "editor"):
        names = fields.get(field, "")
        # Tables divide names by ";" as a rule; BibTeX's own by "and".
        if ";" in names and " and " not in names:
            fields[field] = " and ".join(filter(None, map(str.strip, names.split(";"))))
    return fields


def _row_problems(
    row: _Row, header: Sequence[str], source: Source, seen: set[str]
) -> list[Problem]:
    problems = []
    if source.key in seen:
        message = f'the key "{source.key}" is taken by an earlier row of this file'
        remedy = "Give one of the two another key, or remove one if they are the same."
        problems.append(problem(source, "warning", message, remedy))
    if len(row.cells) < len(header):
        message = f"{len(row.cells)} cells where the header has {len(header)}"
        problems.append(problem(source, "warning", message, "Check that no cell is missing."))
    return problems
