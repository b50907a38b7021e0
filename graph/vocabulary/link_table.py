"""Tables of links: an SSSOM file (TSV or CSV) as rows of text, with the line of each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableTable
from ..model import Problem

__all__ = ["Row", "Table", "is_link_table", "parse_table", "read_table"]

_REQUIRED = ("subject_id", "predicate_id", "object_id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values by column, and where it stands."""

    file: str
    #: 1-based line on which the row begins.
    line: int
    values: Mapping[str, str]
    #: What stands in cells that have no column.
    surplus: str = ""

    def get(self, column: str) -> str:
        """The value without space around it; "" where there is none."""
        return self.values.get(column, "").strip()

    def problem(self, column: str, what: str, mend: str) -> Problem:
        """A problem of this row, in this column."""
        subject, value = self.get("subject_id"), self.get(column)
        return Problem("violation", what, mend, self.file, self.line, subject, column, value)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of links: what its head says, and its rows."""

    #: The file's name, without its folder.
    name: str
    metadata: Mapping[str, str]
    #: The curie_map of its head.
    prefixes: Mapping[str, str]
    rows: tuple[Row, ...]


def is_link_table(path: Path) -> bool:
    """True where the file's first lines are the head or the header of a table of links."""
    try:
        with path.open("rb") as file:
            start = file.read(65_536).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    line = next((line for line in start.splitlines() if not line.startswith("#")), "")
    return set(_REQUIRED) <= {cell.strip(' "') for cell in re.split("[\t,;]", line)}


def read_table(path: Path) -> Table:
    """The table in a file; raises UnreadableTable."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}."
        raise _unreadable(path, None, what, "Check its name and who may read it.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "The file is not UTF-8.", "Save it as UTF-8.") from error
    return parse_table(text, str(path))


def parse_table(text: str, file: str) -> Table:
    """The table in a text; raises UnreadableTable where it has not the columns of one."""
    path = Path(file)
    lines = list(io.StringIO(text, newline=""))
    height = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata, prefixes = _head(lines[:height])
    header = lines[height] if height < len(lines) else ""
    reader = csv.reader(lines[height:], delimiter=max("\t,;", key=header.count), strict=True)
    rows = []
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        if missing := [name for name in _REQUIRED if name not in columns]:
            what = f"The table has no column {', '.join(missing)}."
            mend = "Name the columns in the first line, as SSSOM does: subject_id, predicate_id, …"
            raise _unreadable(path, height + 1, what, mend)
        line = height + 1 + reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = dict(zip(columns, cells, strict=False))
                rows.append(Row(file, line, values, "".join(cells[len(columns) :]).strip()))
            line = height + 1 + reader.line_num
    except csv.Error as error:
        what = f"The row cannot be read: {error}."
        mend = "Close the quotation mark that was opened, or double one that is part of the text."
        raise _unreadable(path, height + max(reader.line_num, 1), what, mend) from error
    return Table(path.name, metadata, prefixes, tuple(rows))


def _head(lines: list[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The metadata and the curie_map: the part of YAML that SSSOM's own examples use."""
    metadata: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    section = ""
    for line in lines:
        found = re.match(r"#( *)([\w.-]+) *:(?: +|$)(.*)", line.rstrip())
        if not found:
            continue
        indent, key, value = len(found[1]), found[2], found[3].strip().strip("\"'")
        if indent <= 1:
            section = key
            metadata[key] = value
        elif section == "curie_map":
            prefixes[key] = value
    return metadata, prefixes


def _unreadable(path: Path, line: int | None, what: str, mend: str) -> UnreadableTable:
    return UnreadableTable([Problem("violation", what, mend, file=str(path), line=line)])
