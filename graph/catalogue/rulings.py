"""Rulings: a curator's decisions, each side found among the records they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Problem, Record, Tombstone
from .decisions import FILE, Decision
from .groups import Groups

__all__ = [
    "Rulings",
    "rulings_of",
]


Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rulings:
    """What a curator has settled of pairs of records, by their place in the sequence."""

    #: Pairs that are one work -> the decision's reason.
    same: Mapping[Pair, str] = field(default_factory=dict)
    #: Pairs that are two works, the smaller place first.
    apart: frozenset[Pair] = frozenset()
    #: Of these, the pairs (earlier version, later version) -> the decision's reason.
    versions: Mapping[Pair, str] = field(default_factory=dict)

    def moved(self, places: Sequence[int]) -> Rulings:
        """The rulings where the record at place n has gone to ``places[n]``."""
        moved = {_ordered(places[a], places[b]): why for (a, b), why in self.same.items()}
        return Rulings(
            same={pair: why for pair, why in moved.items() if pair[0] != pair[1]},
            apart=frozenset(_ordered(places[a], places[b]) for a, b in self.apart),
            versions={(places[a], places[b]): why for (a, b), why in self.versions.items()},
        )


def rulings_of(
    decisions: Sequence[Decision], records: Sequence[Record], tombstones: Iterable[Tombstone] = ()
) -> tuple[Rulings, tuple[Problem, ...]]:
    """The rulings on these records, and a problem for each decision that cannot be followed.

    Where decisions contradict each other, works stay apart: that can be mended later.
    """
    places = _places(records, tombstones)
    problems: list[Problem] = []
    found: list[tuple[Decision, int, int]] = []
    for decision in decisions:
        sides = []
        for side in (decision.left, decision.right):
            where = places.get(side, ())
            if len(where) == 1:
                sides.append(where[0])
            else:
                problems.append(_unclear(decision, side, len(where)))
        if len(sides) == 2 and sides[0] != sides[1]:
            found.append((decision, sides[0], sides[1]))
        elif len(sides) == 2 and decision.decision != "same":
            problems.append(_already_one(decision, records[sides[0]]))
    lines: dict[Pair, Decision] = {}
    versions: dict[Pair, str] = {}
    for decision, left, right in found:
        if decision.decision == "same":
            continue
        first = lines.setdefault(_ordered(left, right), decision)
        if first is not decision and (
            first.decision != decision.decision
            or (decision.decision == "version" and (left, right) not in versions)
        ):
            problems.append(_contradiction(decision, first))
        elif decision.decision == "version":
            versions[left, right] = decision.reason
    groups = Groups(len(records))
    same: dict[Pair, str] = {}
    for decision, left, right in found:
        if decision.decision != "same":
            continue
        objections = [
            lines[_ordered(a, b)]
            for a in groups.members[groups.find(left)]
            for b in groups.members[groups.find(right)]
            if _ordered(a, b) in lines
        ]
        if objections:
            problems.append(_contradiction(decision, min(objections, key=lambda d: d.line)))
        else:
            groups.join(left, right)
            same[_ordered(left, right)] = decision.reason
    return Rulings(same, frozenset(lines), versions), tuple(problems)


def _places(
    records: Sequence[Record], tombstones: Iterable[Tombstone]
) -> Mapping[str, Sequence[int]]:
    """Every way to name a record -> the places it may mean."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for name in _names(record):
            places[name].append(place)
    survivors = {stone.id: stone.replaced_by for stone in tombstones}
    for gone in survivors:
        seen, now = {gone}, survivors[gone]
        while now in survivors and now not in seen:
            seen.add(now)
            now = survivors[now]
        if gone not in places and now in places:
            places[gone] = places[now]
    return places


def _names(record: Record) -> Iterator[str]:
    yield from {f"{source.file}#{source.key}" for source in record.sources}
    if record.id:
        yield record.id


def _ordered(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _unclear(decision: Decision, side: str, count: int) -> Problem:
    if count:
        what = f'"{side}" is {count} entries'
        remedy = "Name the work by its id."
    else:
        what = f'there is no work and no source entry "{side}"'
        remedy = "Correct the name, or delete the line if the work has gone."
    return Problem("warning", what, remedy, file=FILE, line=decision.line, record=side)


def _already_one(decision: Decision, work: Record) -> Problem:
    what = f"{decision.left} and {decision.right} have been merged as {work.id or work.title}"
    remedy = "Undo the import that merged them, and import again with this decision in place."
    return Problem("violation", what, remedy, file=FILE, line=decision.line, record=decision.left)


def _contradiction(decision: Decision, other: Decision) -> Problem:
    what = (
        f'"{decision.decision}" contradicts line {other.line}: '
        f"{other.left}, {other.right}, {other.decision}"
    )
    remedy = "Delete one of the two lines; until then the works stay apart."
    return Problem("violation", what, remedy, file=FILE, line=decision.line, record=decision.left)
