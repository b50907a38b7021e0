"""A curator's decisions on pairs of works, and the pairs that still need one.

They are in ``decisions.csv`` and ``undecided.csv`` in the catalogue's folder (docs/curation.md).
Each side of a pair is a work's id, or a source entry as ``file#key``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ..errors import BrokenCatalogue, UnreadableTable
from ..model import Problem
from ..vocabulary.tables import Row, check_table, decode_table

#: The same work; different works; different works, the left an earlier version of the right.
Kind = Literal["same", "different", "version"]

#: The file of decisions in a catalogue's folder.
DECISIONS = "decisions.csv"
#: The columns that a table of decisions needs, and all that it may have.
COLUMNS = ("left", "right", "decision")
_COLUMNS = (*COLUMNS, "reason", "date")
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


@dataclass(frozen=True, slots=True)
class Decision:
    """A curator's decision on two records."""

    left: str
    right: str
    decision: Kind
    reason: str = ""
    date: str = ""
    #: The line of the file it was read from, 1-based; 0 if it was not read from a file.
    line: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """Two works that may be the same, or versions of one another: a curator has to decide."""

    left: str
    right: str
    #: What they share and what speaks against a match, in words.
    why: str
    left_title: str = ""
    right_title: str = ""


def parse_decisions(data: bytes, path: Path) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Parse the decisions in a file's contents, with a problem for each row that is not one.

    Raises BrokenCatalogue if the file as a whole is not a table of decisions.
    """
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for row in _rows(data, path):
        decision = _decision(row)
        if isinstance(decision, Decision):
            decisions.append(decision)
        else:
            problems.append(decision)
    return tuple(decisions), tuple(problems)


def check_decisions(path: Path) -> tuple[Problem, ...]:
    """The problems of a table of decisions that can be found without the works."""
    return check_table(path, COLUMNS, lambda table: tuple(_problems(table.rows)))


def _problems(rows: Iterable[Row]) -> Iterator[Problem]:
    for row in rows:
        yield from row.unreadable_problems("left")
        if isinstance(problem := _decision(row), Problem):
            yield problem


def parse_undecided(data: bytes, path: Path) -> tuple[Undecided, ...]:
    """Parse the pairs in a file's contents.

    Raises BrokenCatalogue if the file as a whole is not a table of pairs.
    """
    columns = ("left", "right", "reason", "left_title", "right_title")
    return tuple(Undecided(*map(row.get, columns)) for row in _rows(data, path))


def format_undecided(pairs: Iterable[Undecided]) -> bytes:
    """The contents of ``undecided.csv``: fill in a decision and move the row to decisions.csv.

    The columns of a decision come first; ``reason`` says what speaks for and against a match.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_COLUMNS, "left_title", "right_title"))
    writer.writerows((p.left, p.right, "", p.why, "", p.left_title, p.right_title) for p in pairs)
    return out.getvalue().encode()


def line_of_same(left: str, right: str) -> str:
    """A line for ``decisions.csv`` that says two are the same; a side with a comma is quoted.

    >>> line_of_same("a.bib#Roe, 2019", "roe-2019-gigs")
    '"a.bib#Roe, 2019",roe-2019-gigs,same'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((left, right, "same"))
    return out.getvalue()


def _rows(data: bytes, path: Path) -> Sequence[Row]:
    """The rows of a table of pairs.

    Raises BrokenCatalogue if it is not such a table, or has a character that is not allowed.
    """
    if not data.strip():
        return ()
    try:
        rows = decode_table(data, path, COLUMNS).rows
    except UnreadableTable as error:
        raise BrokenCatalogue(error.problems) from None
    if unreadable := [problem for row in rows for problem in row.unreadable_problems("left")]:
        raise BrokenCatalogue(unreadable)
    return rows


def _decision(row: Row) -> Decision | Problem:
    left, right, word, reason, date = map(row.get, _COLUMNS)
    if not (left and right) or left == right:
        what = f"both sides are {left}" if left and right else "one side is empty"
        remedy = "Name two different works, or delete the line."
        return row.problem("right" if left else "left", what, remedy, "left")
    kind = _KINDS.get(word.lower())
    if kind is None:
        what = f'"{word}" is not a decision' if word else "no decision"
        return row.problem("decision", what, f"Write one of {', '.join(_KINDS)}.", "left")
    return Decision(left, right, kind, reason, date, row.line)
