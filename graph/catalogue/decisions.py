"""A curator's decisions on pairs of records, and the list of pairs that wait for one.

``decisions.csv`` and ``undecided.csv`` stand in the catalogue's folder (docs/curation.md). A
side of a pair is a work's id, or a source entry as ``file#key``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ..files import write_text
from ..model import Problem

__all__ = [
    "Decision",
    "FILE",
    "Ruling",
    "Undecided",
    "read",
    "write",
    "write_undecided",
]


#: One work; two works; two works of which the left is an earlier version of the right.
Ruling = Literal["same", "different", "version"]

#: The name of the file of decisions in a catalogue's folder.
FILE = "decisions.csv"
_UNDECIDED = "undecided.csv"
_COLUMNS = ("left", "right", "decision", "reason", "date")
_RULINGS: dict[str, Ruling] = {ruling: ruling for ruling in get_args(Ruling)}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator says of two records."""

    left: str
    right: str
    decision: Ruling
    reason: str = ""
    date: str = ""
    #: The line of the file it was read from, 1-based; 0 for one that was not read.
    line: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """Two works that may be one, or versions of one: a curator has to say."""

    left: str
    right: str
    #: What they share and what speaks against it, in words.
    why: str
    left_title: str = ""
    right_title: str = ""


def read(folder: Path) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """The decisions of a catalogue, and a problem for each line that is none; never raises."""
    path = folder / FILE
    if not path.exists():
        return (), ()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return (), (_problem(path, None, f"byte {error.start} is not UTF-8", "Save it as UTF-8."),)
    except OSError as error:
        return (), (_problem(path, None, f"{error.strerror or error}", "Make it readable."),)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return (), (_problem(path, line, "a NUL character", "Save it as plain CSV."),)
    reader = csv.reader(io.StringIO(text, newline=""))
    decisions: list[Decision] = []
    problems: list[Problem] = []
    header: dict[str, int] = {}
    start = 1
    try:
        for row in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = {cell.strip().lower(): place for place, cell in enumerate(row)}
                if missing := [name for name in _COLUMNS[:3] if name not in header]:
                    what = f"no column {', '.join(missing)}"
                    remedy = f"The first line must be {','.join(_COLUMNS)}."
                    return (), (_problem(path, line, what, remedy),)
                continue
            cells = {n: row[p].strip() if p < len(row) else "" for n, p in header.items()}
            found = _decision(cells, path, line)
            if isinstance(found, Decision):
                decisions.append(found)
            else:
                problems.append(found)
    except csv.Error as error:
        problems.append(_problem(path, start, f"not CSV: {error}", "Save it as plain CSV."))
    return tuple(decisions), tuple(problems)


def write(folder: Path, decisions: Iterable[Decision]) -> None:
    """Put the decisions in the catalogue's file, in their order, in one step."""
    rows = [(d.left, d.right, d.decision, d.reason, d.date) for d in decisions]
    write_text(folder / FILE, _csv(_COLUMNS, rows))


def write_undecided(folder: Path, pairs: Sequence[Undecided]) -> None:
    """Put the pairs in ``undecided.csv``, to fill in a decision and move the row.

    The columns of a decision come first; ``reason`` says what speaks for and against.
    """
    rows = [(p.left, p.right, "", p.why, "", p.left_title, p.right_title) for p in pairs]
    columns = (*_COLUMNS, "left_title", "right_title")
    write_text(folder / _UNDECIDED, _csv(columns, rows))


def _decision(cells: dict[str, str], path: Path, line: int) -> Decision | Problem:
    left, right, word = cells["left"], cells["right"], cells["decision"].lower()
    if not left or not right:
        return _problem(path, line, "one side is empty", "Name two works, or delete the line.")
    ruling = _RULINGS.get(word)
    if ruling is None:
        what = f'the decision "{cells["decision"]}" is none' if word else "no decision"
        return _problem(path, line, what, f"Write one of {', '.join(_RULINGS)}.")
    if left == right:
        return _problem(path, line, f"both sides are {left}", "Name two works, or delete the line.")
    return Decision(left, right, ruling, cells.get("reason", ""), cells.get("date", ""), line)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _problem(path: Path, line: int | None, what: str, remedy: str) -> Problem:
    return Problem("violation", what, remedy, file=str(path), line=line)
