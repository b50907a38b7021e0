"""The reader of tables (comma, tab or semicolon) whose headers are those of a bibliography.

``headers`` knows the headers that reference managers and databases write; a mapping file gives the
fields of others. Lines above the header (the search, the date of the export) are skipped. A table
is read row by row. Columns that have values but are not read are reported.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ..errors import UnreadableFile
from ..fields import Field
from ..iris import fold
from ..model import Entry, Name, Organisation, Problem, Record, Source
from ..vocabulary import load_vocabulary
from . import reference_list
from .cells import LISTED, as_written, by_field, guarded, is_filled, turned_into_dates
from .fields import entry, stated
from .headers import (
    CITATION,
    EVIDENCE,
    FACET_HEADERS,
    FULL_NAMES,
    HEADERS,
    IGNORED,
    NUMBERED_AUTHORS,
    REFERENCE,
)
from .latex import fold_space
from .name_lists import MORE, are_divided_by_commas, may_be_two
from .names import person, person_of
from .rows import Row, rows_of
from .run_together import divided
from .source import SourceFile
from .unread import Unread
from .values import Checked, problem, reject, words

_READ_OR_IGNORED = frozenset({*FACET_HEADERS, *IGNORED, EVIDENCE})
_DELIMITERS = (",", "\t", ";")
#: The line that tells Excel the delimiter.
_SEPARATOR = re.compile(r"\"?sep=([,\t;])\"?[,\t;]*\n", re.IGNORECASE)
_NO_MAPPING: Mapping[str, str] = {}
#: The header is among this many first rows.
_PREAMBLE = 12
#: Columns that only our own tables have; names in these are plain text, not BibTeX.
_OURS = frozenset({"record types", "recorded year"})
#: Columns that only SpringerLink's search results have, in which authors are run together.
_OF_SPRINGER = frozenset({"item title", "item doi"})
#: What the column of venues is called if all of them are journals.
_CALLED_JOURNALS = re.compile(r"journal|\b(zeitschrift|revista|revue)")
_PEOPLE = frozenset({"author", "editor", "orcid"})
_REMEDY = "Fix the row and import it again."
#: Words of headers that may stand above titles, the most telling first.
_OF_WORKS = tuple("title titles paper article publication study work works name".split())


def looks_like(head: str) -> bool:
    """True for text with a title column and another known column in one of the first rows.

    A column of citations may have any column beside it.
    """
    layout = _layout(head, _NO_MAPPING)
    fields = layout.columns.values()
    return len(fields if "title" in fields else layout.header) > 1 and _names_works(fields)


def _names_works(fields: Collection[str]) -> bool:
    return "title" in fields or REFERENCE in fields


def is_bibliography(header: Sequence[str], telling: Collection[str]) -> bool:
    """True for a header with a title column and one of the ``telling`` fields."""
    fields = set(_columns(header, _NO_MAPPING).values())
    return "title" in fields and not fields.isdisjoint(telling)


def read(source: SourceFile, mapping: Mapping[str, str] = _NO_MAPPING) -> Iterator[Entry]:
    """Yield one Entry for each row of a table, in order; a row that cannot be used is a reject.

    ``mapping`` gives the fields of headers (in any case), and overrides the known names.
    Raises UnreadableFile, before the first row, if no column is one of titles or citations.
    """
    layout = _layout(source.head, mapping)
    rows = islice(rows_of(source.lines(), layout.delimiter), layout.place + 1, None)
    by_commas = _are_by_commas(source.head, layout)
    return entries_of_rows(rows, layout.header, source.name, "column", mapping, by_commas)


def _are_by_commas(head: str, layout: _Layout) -> bool:
    """Whether the first rows show that commas separate the authors, as in Litmaps and Elicit."""
    places = [n for n, field in layout.columns.items() if field == "author"]
    rows = islice(rows_of(io.StringIO(head), layout.delimiter), layout.place + 1, None)
    return are_divided_by_commas(
        row.cells[n].strip() for row in rows for n in places if n < len(row.cells)
    )


def entries_of_rows(
    rows: Iterator[Row],
    header: Sequence[str],
    file: str,
    kind: str,
    mapping: Mapping[str, str],
    by_commas: bool,
) -> Iterator[Entry]:
    """Yield one Entry for each row under a header; ``kind`` is the format's word for a column.

    ``by_commas``: commas separate the authors of a row, whose names are in reading order.
    Raises UnreadableFile, before the first row, if no column is called title.
    """
    columns = _columns(header, mapping)
    facets = {fold(name): field for name, field in mapping.items() if field in FACET_HEADERS}
    header = [facets.get(fold(name), name) for name in header]
    if not _names_works(columns.values()):
        names = [fold_space(name) for name in header[:30] if name.strip()]
        found = ", ".join(name[:40] for name in names) or "none"
        others = ", ".join(sorted(set(HEADERS.values()) - {"title"}))
        raise UnreadableFile(
            f"{file}: no {kind} is called title; headers found: {found}",
            "say which one has the titles: write the lines header,field and "
            f"{_likely(names)},title to a CSV file and give it with import --mapping; "
            f"other fields are {others}",
        )
    unread = Unread(kind, "Map useful ones to fields in a mapping file (import --mapping).")
    return unread.named_last(_entries(rows, header, columns, file, unread, by_commas))


def _likely(names: Sequence[str]) -> str:
    """The header that most likely stands above the titles.

    >>> _likely(["Name of coder", "Name of paper"]), _likely(["What"]), _likely([])
    ('"Name of paper"', '"What"', '"Name"')
    """
    telling = (name for word in _OF_WORKS for name in names if word in fold(name).split())
    likely = next(telling, names[0] if names else "Name").replace('"', '""')
    return f'"{likely}"'


@dataclass(frozen=True, slots=True)
class _Layout:
    """The layout of a table."""

    delimiter: str
    header: Sequence[str]
    #: The number of rows above the header.
    place: int
    #: The field in each column that is read.
    columns: Mapping[int, str]


def _layout(head: str, mapping: Mapping[str, str]) -> _Layout:
    """The layout whose header has the most known columns, if possible with a title column.

    If no row has three, the header is the first, in as many cells as a delimiter makes of it.
    """
    said = _SEPARATOR.match(head)
    first = 1 if said else 0
    ways = []
    for delimiter in said[1] if said else _DELIMITERS:
        rows = islice(rows_of(io.StringIO(head), delimiter), first, _PREAMBLE)
        for place, row in enumerate([*rows] or [Row((), "", 1)], first):
            columns = _columns(row.cells, mapping)
            # one or two of its names may happen to be in the cells of another row
            if place == first or len(columns) > 2:
                ways.append(_Layout(delimiter, row.cells, place, columns))
    return max(ways, key=_likelihood)


def _likelihood(way: _Layout) -> tuple[bool, int, int]:
    return "title" in way.columns.values(), len(way.columns), len(way.header)


def _columns(header: Sequence[str], mapping: Mapping[str, str]) -> Mapping[int, str]:
    """The field in each column that is read."""
    own = {fold(name): field for name, field in mapping.items()}
    known = {**HEADERS, **own}
    names = list(map(fold, header))
    # an export may sort its columns by name: "author 1", "author 10", "author 2"
    ordered = sorted(enumerate(names), key=lambda column: _author_number(column[1], known))
    columns = {
        index: field
        for index, name in ordered
        if (field := known.get(name)) and field not in FACET_HEADERS
    }
    if list(columns.values()).count("journal") > 1 and "source" in names and "source" not in own:
        del columns[names.index("source")]  # in Scopus this is the database, not the venue
    if list(columns.values()).count("ENTRYTYPE") > 1 and "type" in names and "type" not in own:
        # Zotero: the work's own name for its kind ("Working paper"), beside Zotero's type.
        columns[names.index("type")] = "type"
    if {"id", "ut"} <= set(names) and "id" not in own:
        del columns[names.index("id")]  # Web of Science: keywords that a program has assigned
    return _with_reference(columns)


def _author_number(name: str, known: Mapping[str, str]) -> tuple[int, str]:
    """The number of a column of one author, as it is sorted; the same for every other column.

    >>> _author_number("author 10", HEADERS), _author_number("year", HEADERS)
    ((2, '10'), (0, ''))
    """
    last = name.rpartition(" ")[2]
    is_numbered = known.get(name) == NUMBERED_AUTHORS and last.isdecimal()
    return (len(last), last) if is_numbered else (0, "")


def _with_reference(columns: Mapping[int, str]) -> Mapping[int, str]:
    """The columns; those of whole citations are read only if there is none of titles."""
    if "title" in columns.values():
        return {index: field for index, field in columns.items() if field != REFERENCE}
    return {index: REFERENCE if field == CITATION else field for index, field in columns.items()}


def _entries(
    rows: Iterator[Row],
    header: Sequence[str],
    columns: Mapping[int, str],
    file: str,
    unread: Unread,
    by_commas: bool,
) -> Iterator[Entry]:
    keys: set[str] = set()
    names = list(map(fold, header))
    passed_over = _READ_OR_IGNORED | ({"source"} if "source title" in names else set())
    passed_over |= {"id"} if "ut" in names else set()
    if "author" not in columns.values():
        passed_over -= {"first author"}
    nobodys = [
        index
        for index, name in enumerate(names)
        if name and index not in columns and name not in passed_over
    ]
    rivals = _rivals(names, columns)
    is_run_together = _OF_SPRINGER <= set(names)
    says_more = "ENTRYTYPE" in columns.values() or any(
        _CALLED_JOURNALS.search(names[n]) for n, field in columns.items() if field == "journal"
    )
    for number, row in enumerate(rows, 1):
        cells = list(map(guarded, row.cells))
        unread.add(header[n].strip() for n in nobodys if n < len(cells) and cells[n])
        pairs = [(field, cells[n]) for n, field in columns.items() if n < len(cells)]
        fields = by_field(pairs)
        source = Source(file, fold_space(fields.pop("ID", "")) or str(number), row.line)
        surplus = [cell for cell in row.cells[len(header) :] if cell.strip()]
        if row.fault or surplus:
            fault = row.fault or f"{len(row.cells)} cells, but the header has {len(header)}"
            yield reject(source, row.text, fault, _REMEDY)
            continue
        dates = turned_into_dates(fields)
        fields = {name: text for name, text in fields.items() if name not in dates}
        problems = _row_problems(row, header, source, keys, dates)
        problems += _passed_over(rivals, cells, source)
        keys.add(source.key)
        kind = fields.pop("ENTRYTYPE", "") or _kind(fields, says_more)
        by_name = _by_name(names, cells)
        said = (*stated(as_written(fields, pairs)), *_stated_facets(by_name))
        source = Source(file, source.key, row.line, said)
        is_plain = _OURS <= by_name.keys() and not any("{" in by_name.get(n, "") for n in _PEOPLE)
        if is_plain:
            fields = {field: text for field, text in fields.items() if field not in _PEOPLE}
        if (written := fields.get("author")) and is_run_together and not {",", ";"} & set(written):
            fields["author"] = " and ".join(divided(written))
            if not fields["author"]:
                fault = f"the authors' names are run together: {written[:200]}"
                remedy = 'Separate them with ";" (one name is "Family, Given"), and import again.'
                yield reject(source, row.text, fault, remedy, problems)
                continue
        if by_commas and may_be_two(fields.get("author", "")):
            fields["author"] = fields["author"].replace(",", " and ")
        if FULL_NAMES not in columns.values():  # Scopus has the family name first
            problems += _perhaps_two(fields, source)
        read = _with_facets(_entry(kind, fields, source, row.text, problems), by_name)
        yield _with_people(read, by_name) if is_plain else read


def _rivals(names: Sequence[str], columns: Mapping[int, str]) -> Sequence[tuple[str, list[int]]]:
    """Columns of which only the first that is filled is read, with their field.

    They have the same header, or hold a title; other columns of a field complete each other.
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for index, field in columns.items():
        name = "" if field == "title" else names[index]
        alike.setdefault((field, name), []).append(index)
    return [
        (field, places)
        for (field, _), places in alike.items()
        if len(places) > 1 and field not in LISTED
    ]


def _passed_over(
    rivals: Sequence[tuple[str, list[int]]], cells: Sequence[str], source: Source
) -> Iterator[Problem]:
    """A warning for each value that is not read because an earlier column has another one."""
    for field, places in rivals:
        filled = [cells[n] for n in places if n < len(cells) and is_filled(cells[n])]
        for other in list(dict.fromkeys(filled))[1:]:
            message = f'two columns hold the field "{field}"; the first value was used'
            remedy = "If the other value is right, remove or rename the first column."
            yield problem(source, "warning", message, remedy, field, other)


def _by_name(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a row by header; columns for the same facet are joined under its own header.

    Of columns for one value, the first that is filled is read.
    """
    by_name: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        field = FACET_HEADERS.get(name)
        own = fold(field.column) if field else name
        several = field is not None and field.kind in ("concepts", "bodies")
        before = by_name.get(own, "")
        by_name[own] = "; ".join(filter(None, (before, cell))) if several else before or cell
    return by_name


def _perhaps_two(fields: Mapping[str, str], source: Source) -> Iterator[Problem]:
    """A warning for each field whose one name may as well be two."""
    for field in sorted(_PEOPLE & fields.keys()):
        text = fields[field]
        if may_be_two(text):
            family, given = text.split(",")
            message = f'this may be one person (family name "{family.strip()}") or two'
            remedy = f'It was read as one; for two, write "{family.strip()}; {given.strip()}".'
            yield problem(source, "warning", message, remedy, field, text)


def _with_people(entry: Entry, cells: Mapping[str, str]) -> Entry:
    """The entry, with the names from the columns of our own tables."""
    if entry.record is None:
        return entry
    checked = Checked(entry.source, entry.problems)
    authors, more = _people(cells.get("author", ""))
    if written := cells.get("orcid", ""):
        authors = checked.identified(authors, written, "orcid")
    editors, _ = _people(cells.get("editor", ""))
    record = replace(entry.record, authors=authors, more_authors=more, editors=editors)
    return replace(entry, record=record, problems=tuple(checked.problems))


def _people(cell: str) -> tuple[tuple[Name, ...], bool]:
    """The names in a cell, and whether it says there are more; "Doe," is a family name."""
    written = list(map(words, _parts(cell)))
    named = [name for name in written if name.casefold() not in MORE]
    names = (person_of(name[:-1], "") if name.endswith(",") else person(name) for name in named)
    return tuple(names), len(named) < len(written)


def _entry(
    kind: str, fields: Mapping[str, str], source: Source, text: str, problems: Sequence[Problem]
) -> Entry:
    """The entry of a row; what its columns do not say is taken from a whole citation in one."""
    if REFERENCE not in fields:
        return entry(kind, fields, source, text, problems)
    countries = load_vocabulary().labels("countries")
    cited = reference_list.entry_of(fields[REFERENCE], source, countries)
    if cited.record is None:
        return replace(cited, text=text, problems=(*problems, *cited.problems))
    year = str(cited.record.year or "")
    source = replace(source, stated=(*source.stated, *cited.source.stated))
    own = entry(kind, {"year": year, **fields, "title": cited.record.title}, source, text, problems)
    return _completed(own, cited.record, cited.problems)


def _completed(own: Entry, cited: Record, problems: Sequence[Problem]) -> Entry:
    """The entry of a row, with the rest of a citation and the problems that the row leaves."""
    if own.record is None:
        return own
    row = {name: value for name in Record.__slots__ if (value := getattr(own.record, name))}
    kind = own.record.type if own.record.type != "document" else cited.type
    record = replace(cited, **{**row, "title": cited.title, "type": kind})
    found = {"author": record.authors or record.editors, "venue": record.container_title}
    left = (each for each in problems if each.property != "year" and not found.get(each.property))
    return replace(own, record=record, problems=(*own.problems, *left))


def _kind(fields: Mapping[str, str], says_more: bool) -> str:
    """The kind of an entry without a type; a "source title" may be a book's or a repository's.

    ``says_more``: the table has a type column, or calls its venues journals.
    """
    is_article = "journal" in fields and (says_more or fields.get("volume") or fields.get("issn"))
    return "article" if is_article else "misc"


def _stated_facets(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The facets of a row, word for word, and where its coder read them."""
    for name, cell in row.items():
        if (field := FACET_HEADERS.get(name)) and cell.strip():
            yield field.name, fold_space(cell)
    if evidence := fold_space(row.get(EVIDENCE, "")):
        yield EVIDENCE, evidence


def _with_facets(entry: Entry, row: Mapping[str, str]) -> Entry:
    """The entry, with the facets from the columns of our own tables."""
    cells = {FACET_HEADERS[name]: cell for name, cell in row.items() if name in FACET_HEADERS}
    values = {field.name: _facet(field, cell) for field, cell in cells.items() if cell}
    if entry.record is None or not values:
        return entry
    facets = replace(entry.record.facets, **values)
    return replace(entry, record=replace(entry.record, facets=facets))


def _facet(field: Field, cell: str) -> Any:
    """The value of a facet in a cell; None for an invalid year."""
    if field.kind == "concepts":
        return tuple(_values(cell))
    if field.kind == "bodies":
        return tuple(map(_organisation, _values(cell)))
    if field.kind == "year":
        return int(cell) if re.fullmatch(r"\d{4}", cell) else None
    return cell


def _parts(cell: str) -> Iterator[str]:
    return (part for part in map(str.strip, cell.split(";")) if part)


def _values(cell: str) -> Iterator[str]:
    """The values of a facet; our own table of works separates them by a bar."""
    return _parts(cell.replace("|", ";"))


def _organisation(text: str) -> Organisation:
    """The organisation in "Name (Kind)"; the kind is in the last brackets."""
    match = re.fullmatch(r"(.+?) \(([^()]+)\)", text)
    return Organisation(match[1], match[2]) if match else Organisation(text)


def _row_problems(
    row: Row, header: Sequence[str], source: Source, keys: set[str], dates: Mapping[str, str]
) -> list[Problem]:
    message = "a spreadsheet has turned this value into a date; it is left empty"
    remedy = "Look up the value, and format its column as text."
    problems = [problem(source, "warning", message, remedy, *each) for each in dates.items()]
    if row.is_badly_quoted:
        message = "a quotation mark inside a cell in quotes is not doubled; check how it was read"
        remedy = 'Write "" for a quotation mark inside such a cell.'
        problems.append(problem(source, "warning", message, remedy))
    if source.key in keys:
        message = f'an earlier row in this file has the same key, "{source.key}"'
        remedy = "Change one of the two keys, or remove one row if they are duplicates."
        problems.append(problem(source, "warning", message, remedy))
    if len(row.cells) < len(header):
        message = f"{len(row.cells)} cells, but the header has {len(header)}"
        problems.append(problem(source, "warning", message, "Check that no cell is missing."))
    return problems
