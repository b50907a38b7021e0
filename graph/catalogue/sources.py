"""Sources: readable names for the files that records are read from, and where they come from.

They are in ``sources.csv`` in the catalogue's folder (docs/curation.md): ``file`` is a file name or
a pattern (``*``, ``?``, ``[0-9]``); the first row that matches a name applies.
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
#: Characters that an IRI must not contain.
_BREAKING = frozenset(' <>"{}|\\^`')


@dataclass(frozen=True, slots=True)
class SourceName:
    """The name of the files that match a pattern, and the URL of what they are taken from."""

    pattern: str
    name: str
    url: str = ""


def called(sources: Sequence[SourceName], file: str) -> SourceName | None:
    """The name of a file; None if no row of the table matches it."""
    return next((each for each in sources if fnmatchcase(file, each.pattern)), None)


def parse_sources(data: bytes, path: Path) -> tuple[tuple[SourceName, ...], tuple[Problem, ...]]:
    """Parse the names in a file's contents; rows with a problem are left out."""
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
        remedy = "Write a URL that starts with https:// and has no spaces, or leave it empty."
        yield row.problem("url", "This is not a web address.", remedy, "file")
