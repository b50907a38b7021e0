"""A curator's decisions on pairs of works, and the pairs that still need one.

They are in ``decisions.csv`` and ``undecided.csv`` in the catalogue's folder (docs/curation.md).
Each side of a pair is a work's id, or a source entry as ``file#key``. A ruling is a decision whose
two sides were found among the records.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from ..errors import BrokenCatalogue, UnreadableTable
from ..model import Problem, Record, Tombstone
from ..vocabulary.tables import Row, check_table, decode_table
from .groups import Groups
from .survivor import survivor

#: The same work; different works; different works, the left an earlier version of the right.
Ruling = Literal["same", "different", "version"]

#: The file of decisions in a catalogue's folder.
DECISIONS = "decisions.csv"
#: The columns that a table of decisions needs, and all that it may have.
COLUMNS = ("left", "right", "decision")
_COLUMNS = (*COLUMNS, "reason", "date")
_RULINGS: dict[str, Ruling] = {ruling: ruling for ruling in get_args(Ruling)}
#: An unknown id this similar (0 to 100) to a known one is probably a misspelling of it.
_ALIKE = 80
#: Two records, by their places in a sequence.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """A curator's decision on two records."""

    left: str
    right: str
    decision: Ruling
    reason: str = ""
    date: str = ""
    #: The line of the file it was read from, 1-based; 0 if it was not read from a file.
    line: int = 0


class _Placed(NamedTuple):
    """A decision, and the places of its two records."""

    decision: Decision
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """Two works that may be the same, or versions of one another: a curator has to decide."""

    left: str
    right: str
    #: What they share and what speaks against a match, in words.
    why: str
    left_title: str = ""
    right_title: str = ""


@dataclass(frozen=True, slots=True)
class Rulings:
    """A curator's rulings on pairs of records, by their places in the sequence."""

    #: Pairs that are the same work -> the decision's reason.
    same: Mapping[Pair, str] = field(default_factory=dict)
    #: Pairs that are different works, the smaller place first.
    apart: frozenset[Pair] = frozenset()
    #: Those of them that are versions (earlier, later) -> the decision's reason.
    versions: Mapping[Pair, str] = field(default_factory=dict)

    def moved(self, places: Sequence[int]) -> Rulings:
        """Return the rulings after the record at place n has moved to ``places[n]``."""
        moved = {ordered(places[a], places[b]): why for (a, b), why in self.same.items()}
        return Rulings(
            same={pair: why for pair, why in moved.items() if pair[0] != pair[1]},
            apart=frozenset(ordered(places[a], places[b]) for a, b in self.apart),
            versions={(places[a], places[b]): why for (a, b), why in self.versions.items()},
        )


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
    ruling = _RULINGS.get(word.lower())
    if ruling is None:
        what = f'"{word}" is not a decision' if word else "no decision"
        return row.problem("decision", what, f"Write one of {', '.join(_RULINGS)}.", "left")
    return Decision(left, right, ruling, reason, date, row.line)


def rulings_of(
    decisions: Sequence[Decision], records: Sequence[Record], tombstones: Iterable[Tombstone]
) -> tuple[Rulings, tuple[Problem, ...]]:
    """The rulings on these records, and a problem for each decision that cannot be applied.

    If decisions contradict each other, the works stay apart: that can be changed later.
    """
    placed, unclear = _placed(decisions, records, tombstones)
    apart = [each for each in placed if each.decision.decision != "same"]
    alike = [each for each in placed if each.decision.decision == "same"]
    lines, groups = _by_pair(apart), Groups(len(records))
    same, refused = _joined(alike, lines, groups)
    versions, contradicting = _versions(apart, groups)
    rulings = Rulings(same, frozenset(lines), versions)
    return rulings, (*unclear, *contradicting, *refused)


def _placed(
    decisions: Sequence[Decision], records: Sequence[Record], tombstones: Iterable[Tombstone]
) -> tuple[list[_Placed], list[Problem]]:
    """Find the records of each decision, with a problem if a side is unclear or both are one."""
    named = {side for decision in decisions for side in (decision.left, decision.right)}
    places = _places(records, named, tombstones)
    placed: list[_Placed] = []
    problems: list[Problem] = []
    for decision in decisions:
        sides = []
        for side in (decision.left, decision.right):
            where = places.get(side, ())
            if len(where) == 1:
                sides.append(where[0])
            else:
                problems.append(_unclear(decision, side, len(where), records))
        if len(sides) == 2 and sides[0] != sides[1]:
            placed.append(_Placed(decision, *sides))
        elif len(sides) == 2 and decision.decision != "same":
            problems.append(_already_one(decision, records[sides[0]]))
    return placed, problems


def _by_pair(apart: Iterable[_Placed]) -> Mapping[Pair, Decision]:
    """Map each pair that stays apart to the first decision that says so."""
    lines: dict[Pair, Decision] = {}
    for decision, left, right in apart:
        lines.setdefault(ordered(left, right), decision)
    return lines


def _versions(apart: Iterable[_Placed], groups: Groups) -> tuple[dict[Pair, str], list[Problem]]:
    """The pairs (earlier version, later version) with their reasons, and a problem for each
    decision that contradicts an earlier one on the same works."""
    first: dict[Pair, tuple[Decision, int]] = {}
    versions: dict[Pair, str] = {}
    problems: list[Problem] = []
    for decision, left, right in apart:
        earlier, later = groups.find(left), groups.find(right)
        above, side = first.setdefault(ordered(earlier, later), (decision, earlier))
        is_version = decision.decision == "version"
        if above.decision != decision.decision or (is_version and side != earlier):
            problems.append(_contradiction(decision, above))
        elif is_version:
            versions[left, right] = decision.reason
    return versions, problems


def _joined(
    placed: Iterable[_Placed], apart: Mapping[Pair, Decision], groups: Groups
) -> tuple[dict[Pair, str], list[Problem]]:
    """The pairs that are the same with their reasons, and a problem for each decision that would
    join works that stay apart; joins ``groups``."""
    same: dict[Pair, str] = {}
    problems: list[Problem] = []
    for decision, left, right in placed:
        objections = [
            apart[ordered(a, b)]
            for a in groups.members(left)
            for b in groups.members(right)
            if ordered(a, b) in apart
        ]
        if objections:
            problems.append(_contradiction(decision, min(objections, key=lambda d: d.line)))
        else:
            groups.join(left, right)
            same[ordered(left, right)] = decision.reason
    return same, problems


def _places(
    records: Iterable[Record], named: Set[str], tombstones: Iterable[Tombstone]
) -> Mapping[str, Sequence[int]]:
    """Map each name that decisions use to the places of the records it may mean."""
    graves = {stone.id: stone for stone in tombstones}
    heirs = {name: survivor(name, graves) for name in named & graves.keys()}
    wanted = {*named, *heirs.values()}
    places: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records if wanted else ()):
        for name in wanted.intersection(_names(record)):
            places[name].append(place)
    for gone, heir in heirs.items():
        if gone not in places and heir in places:
            places[gone] = places[heir]
    return places


def _names(record: Record) -> Iterator[str]:
    yield from {f"{source.file}#{source.key}" for source in record.sources}
    if record.id:
        yield record.id


def ordered(a: int, b: int) -> Pair:
    """A pair with the smaller place first."""
    return (a, b) if a < b else (b, a)


def meant(id: str, ids: Iterable[str]) -> str:
    """Suggest the known id most similar to an unknown one; "" if none is similar enough."""
    near = extractOne(id, ids, scorer=ratio, score_cutoff=_ALIKE)
    return f"; did you mean {near[0]}?" if near else ""


def _unclear(decision: Decision, side: str, count: int, records: Iterable[Record]) -> Problem:
    if count:
        what = f'"{side}" stands for {count} entries'
        remedy = "Give the id of the work instead."
    else:
        near = meant(side, (record.id for record in records if record.id))
        what = f'there is no work and no source entry "{side}"{near}'
        remedy = "Correct the name, or delete the line if the work is gone."
    return Problem("warning", what, remedy, file=DECISIONS, line=decision.line, record=side)


def _already_one(decision: Decision, work: Record) -> Problem:
    what = f"{decision.left} and {decision.right} are already merged as {work.id or work.title}"
    remedy = "Undo the import that merged them, then import again with this decision in place."
    return Problem(
        "violation", what, remedy, file=DECISIONS, line=decision.line, record=decision.left
    )


def _contradiction(decision: Decision, other: Decision) -> Problem:
    what = (
        f'"{decision.decision}" contradicts line {other.line}: '
        f"{other.left}, {other.right}, {other.decision}"
    )
    remedy = "Delete one of the two lines. Until then, the works stay apart."
    return Problem(
        "violation", what, remedy, file=DECISIONS, line=decision.line, record=decision.left
    )
