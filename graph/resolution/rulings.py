"""Rulings: the decisions of a curator whose two sides were found among the records.

They are about places in the sequence of records. A decision that cannot be applied is a problem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from ..model import Problem, Record, Tombstone
from .decisions import DECISIONS, Decision
from .groups import Groups
from .survivor import survivor

#: An unknown id this similar (0 to 100) to a known one is probably a misspelling of it.
_ALIKE = 80
#: Two records, by their places in a sequence.
Pair = tuple[int, int]


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


class _Placed(NamedTuple):
    """A decision, and the places of its two records."""

    decision: Decision
    left: int
    right: int


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
    yield from {source.name for source in record.sources}
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
