"""The rows of a table, one by one and with their lines, whatever its quotation marks."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .latex import readable
from .source import LONGEST

# csv refuses cells over 131,072 characters; the limit is the process's, so it is set once.
csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, its text, the line it starts on (from 1), and why it cannot be used."""

    cells: Sequence[str]
    text: str
    line: int
    fault: str = ""
    #: Whether a cell in quotes goes on after its closing quote, so that cells may be wrong.
    is_badly_quoted: bool = False


def rows_of(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    """The rows of a table that are not empty, including the header.

    A quote that is never closed would turn the rest of the file into one row. Its line becomes a
    row with a fault, and the next line begins another row.
    """
    given = _Lines(lines)
    reader = csv.reader(given, delimiter=delimiter)
    number = 1
    while True:
        fault = ""
        try:
            cells = next(reader, None)
        except _OpenRow:
            given.take_back()
            cells, fault = [given.row[0]], "a quotation mark is never closed"
            # Every line may open a quote, so each search for its end goes less far.
            given.limit //= 2
        else:
            given.limit = LONGEST
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            text = "".join(given.row).rstrip("\n")
            is_bad = not fault and _is_badly_quoted(cells, text, delimiter)
            yield Row(cells, text, number, fault, is_bad)
        number += len(given.row)
        given.begin()


class _OpenRow(Exception):
    """The table ends, or goes on too long, inside a quote."""


class _Lines:
    """Hand lines to csv one by one; those of the current row can be taken back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self.row: list[str] = []
        self.limit = LONGEST
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.row and self._size > self.limit:
            raise _OpenRow
        line = self._back.popleft() if self._back else readable(next(self._lines, ""))
        if not line:
            if self.row:
                raise _OpenRow
            raise StopIteration
        self.row.append(line)
        self._size += len(line)
        return line

    def begin(self) -> None:
        """Begin another row with the next line."""
        self.row, self._size = [], 0

    def take_back(self) -> None:
        """Hand out all lines of the row again, except the first."""
        self._back.extendleft(reversed(self.row[1:]))
        del self.row[1:]


def _is_badly_quoted(cells: Sequence[str], text: str, delimiter: str) -> bool:
    """Whether the text of a row has a quotation mark in a quoted cell that is not doubled."""
    if not any('"' in cell for cell in cells):
        return False
    try:
        next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), None)
    except csv.Error:
        return True
    return False
