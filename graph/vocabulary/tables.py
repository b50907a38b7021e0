"""Tables: reads a TSV or CSV file with comments at the top, as rows of text with line numbers.

The format is that of SSSOM: lines that begin with "#" before the header hold metadata.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from pathlib import Path

from ...ontology import Prefixes, table
from ..characters import UNREADABLE
from ..errors import InvalidVocabulary, UnreadableTable
from ..model import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values by column, and where it is."""

    file: str
    #: 1-based line on which the row begins.
    line: int
    #: As written: in some columns, the spaces around a value count.
    values: Mapping[str, str]
    #: The text of cells beyond the last column.
    surplus: str = ""

    def get(self, column: str) -> str:
        """The value without the spaces around it; "" if there is none."""
        return self.values.get(column, "").strip()

    def problem(self, column: str, message: str, remedy: str, key: str = "subject_id") -> Problem:
        """A problem in this column of the row; ``key`` is the column that identifies the row."""
        name, value = (UNREADABLE.sub("\ufffd", self.get(each)) for each in (key, column))
        return Problem("violation", message, remedy, self.file, self.line, name, column, value)

    def unreadable_problems(self, key: str = "subject_id") -> Iterator[Problem]:
        """Yield a problem for each cell with a character that XML does not allow."""
        for column, value in self.values.items():
            if unreadable := UNREADABLE.search(value):
                message = f"The character U+{ord(unreadable[0]):04X} is not allowed."
                yield self.problem(column, message, "Remove it.", key)

    def empty_problems(self, columns: Sequence[str], key: str) -> Iterator[Problem]:
        """Yield a problem for each of the columns in which the row is empty."""
        for column in columns:
            if not self.get(column):
                yield self.problem(column, f"The cell {column} is empty.", "Fill it in.", key)

    def surplus_problems(self, key: str) -> Iterator[Problem]:
        """Yield the problem of a row with too many cells."""
        if self.surplus:
            message = "The row has more cells than the table has columns."
            yield self.problem("", message, "Remove the extra tab.", key)

    def pattern_problem(self, column: str, error: re.error, key: str) -> Problem:
        """The problem of a pattern in this column that is not a valid regular expression."""
        message = f"The pattern is not a valid regular expression: {error.msg}."
        remedy = "Correct it; put \\ before a special character that is meant literally."
        return self.problem(column, message, remedy, key)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its metadata and its rows."""

    #: The file's name, without its folder.
    name: str
    metadata: Mapping[str, str]
    #: The curie_map in its metadata.
    prefixes: Prefixes
    rows: tuple[Row, ...]


def has_columns(path: Path, required: Collection[str]) -> bool:
    """Whether the file begins like a table with these columns."""
    try:
        with path.open("rb") as file:
            start = file.read(65_536).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    line = next(dropwhile(_is_before_header, start.splitlines()), "")
    return set(required) <= {cell.strip(' "').lower() for cell in re.split("[\t,;]", line)}


def read_table(path: Path, required: Collection[str]) -> Table:
    """Read the table in a file; raises UnreadableTable."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        raise _unreadable(path, None, message, "Check its name and permissions.") from error
    return decode_table(data, path, required)


def check_table(
    path: Path, required: Collection[str], problems_of: Callable[[Table], tuple[Problem, ...]]
) -> tuple[Problem, ...]:
    """Return the problems of the table in a file, or why it is not a table."""
    try:
        return problems_of(read_table(path, required))
    except UnreadableTable as error:
        return error.problems


def decode_table(data: bytes, path: Path, required: Collection[str]) -> Table:
    """Parse the table in a file's contents; raises UnreadableTable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "The file is not UTF-8.", "Save it as UTF-8.") from error
    return parse_table(text, str(path), required)


def parse_table(text: str, file: str, required: Collection[str]) -> Table:
    """Parse the table in a text; raises UnreadableTable if it lacks a required column."""
    path = Path(file)
    lines = list(io.StringIO(text, newline=""))
    height = len(list(takewhile(_is_before_header, lines)))
    metadata, prefixes = _head([UNREADABLE.sub("\ufffd", line) for line in lines[:height]])
    header = lines[height] if height < len(lines) else ""
    reader = csv.reader(lines[height:], delimiter=max("\t,;", key=header.count), strict=True)
    rows = []
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
        if missing := [name for name in required if name not in columns]:
            message = f"The table has no column {', '.join(missing)}."
            remedy = (
                f"Name the columns in the first line after the comments: {', '.join(required)}."
            )
            raise _unreadable(path, height + 1, message, remedy)
        line = height + 1 + reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = dict(zip(columns, cells, strict=False))
                rows.append(Row(file, line, values, "".join(cells[len(columns) :]).strip()))
            line = height + 1 + reader.line_num
    except csv.Error as error:
        message = f"The row cannot be read: {error}."
        remedy = "Close the open quotation mark, or double one that is part of the text."
        raise _unreadable(path, height + max(reader.line_num, 1), message, remedy) from error
    return Table(path.name, metadata, prefixes, tuple(rows))


def shipped_table(name: str, required: Collection[str]) -> Table:
    """Read a table that comes with oograph, in ``ontology/``."""
    return parse_table(table(name), f"ontology/{name}", required)


def by_row(problems: Callable[[Row], Iterable[Problem]]) -> Callable[[Table], tuple[Problem, ...]]:
    """Make a check of tables from a check of single rows."""
    return lambda table: tuple(problem for row in table.rows for problem in problems(row))


def sound_table(
    name: str, required: Collection[str], problems_of: Callable[[Table], tuple[Problem, ...]]
) -> Table:
    """Read a table that comes with oograph; raises InvalidVocabulary if a row is wrong."""
    shipped = shipped_table(name, required)
    if problems := problems_of(shipped):
        raise InvalidVocabulary(problems)
    return shipped


def _is_before_header(line: str) -> bool:
    return line.startswith("#") or not line.strip()


def _head(lines: list[str]) -> tuple[Mapping[str, str], Prefixes]:
    """Parse the metadata and the curie_map, in the subset of YAML that SSSOM's examples use."""
    metadata: dict[str, str] = {}
    prefixes = Prefixes()
    section = ""
    for line in lines:
        pair = re.match(r"#( *)([\w.-]+) *:(?: +|$)(.*)", line.rstrip())
        if not pair:
            continue
        indent, key, value = len(pair[1]), pair[2], pair[3].strip().strip("\"'")
        if indent <= 1:
            section = key
            metadata[key] = value
        elif section == "curie_map":
            prefixes[key] = value
    return metadata, prefixes


def _unreadable(path: Path, line: int | None, message: str, remedy: str) -> UnreadableTable:
    return UnreadableTable([Problem("violation", message, remedy, file=str(path), line=line)])
