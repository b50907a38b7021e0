"""Sources: what people call the files that records are read from, and where those come from.

``sources.csv`` stands in the catalogue's folder (docs/curation.md): ``file`` is a file's name, or a
pattern of names (``*``, ``?``, ``[0-9]``); the first row that fits a name holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ..errors import UnreadableTable
from ..model import Problem
from ..vocabulary.tables import Row, decode_table

_COLUMNS = ("file", "name", "url")
#: What no IRI holds.
_BREAKING = frozenset(' <>"{}|\\^`')


@dataclass(frozen=True, slots=True)
class SourceName:
    """What the files of a pattern are called, and the address of what they are taken from."""

    pattern: str
    name: str
    url: str = ""


def called(sources: Sequence[SourceName], file: str) -> SourceName | None:
    """What a file is called; None where no row of the table fits its name."""
    return next((each for each in sources if fnmatchcase(file, each.pattern)), None)


def parse_sources(data: bytes, path: Path) -> tuple[tuple[SourceName, ...], tuple[Problem, ...]]:
    """The names in a file's contents, and what is wrong in it; the rest of it holds."""
    try:
        rows = decode_table(data, path, _COLUMNS).rows
    except UnreadableTable as error:
        return (), tuple(error.problems)
    problems = {row.line: problem for row in rows for problem in _problems(row)}
    sound = (row for row in rows if row.line not in problems)
    names = tuple(SourceName(*(row.get(column) for column in _COLUMNS)) for row in sound)
    return names, tuple(problems.values())


def _problems(row: Row) -> Iterator[Problem]:
    yield from row.unreadable_problems("file")
    for column in ("file", "name"):
        if not row.get(column):
            yield row.problem(column, f"The row has no {column}.", "Fill it in.", "file")
    url = row.get("url")
    if url and (not url.startswith(("http://", "https://")) or _BREAKING.intersection(url)):
        remedy = "Begin it with https://, without spaces; or leave it out."
        yield row.problem("url", "It is no web address.", remedy, "file")
