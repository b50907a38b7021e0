"""Clashes: which groups of works cannot be merged, whatever two of their works have in common."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence

from .contradictions import clash, kind_of_clash
from .features import Features
from .groups import Groups
from .rulings import Rulings, ordered


class Clashes:
    """Tracks which groups clash while they grow, by a decision or because two works contradict.

    Records that clash in the same way are checked once: one of a thousand copies of a record.
    """

    def __init__(self, features: Sequence[Features], rulings: Rulings, groups: Groups) -> None:
        self._features, self._apart = features, rulings.apart
        self._ruled = {place for pair in rulings.apart for place in pair}
        #: A linked list per group of the works to check: one of each kind, and every work that a
        #: decision is about. It starts at the work that stands for the group; -1 marks the end.
        self._next = array("i", [-1]) * len(features)
        for place in {groups.find(place) for pair in rulings.same for place in pair}:
            self._add(place, groups.members(place))

    def between(self, one: int, other: int) -> bool:
        """Whether two groups cannot be merged."""
        return any(
            ordered(a, b) in self._apart or clash(self._features[a], self._features[b])
            for a in self._of_group(one)
            for b in self._of_group(other)
        )

    def join(self, one: int, other: int, group: int) -> None:
        """Record that two groups have become ``group``, which is one of them."""
        self._add(group, self._of_group(other if group == one else one))

    def _of_group(self, group: int) -> Iterator[int]:
        place = group
        while place >= 0:
            yield place
            place = self._next[place]

    def _add(self, group: int, places: Iterable[int]) -> None:
        places, own = list(places), list(self._of_group(group))
        kinds, last = set(map(self._kind, own)), own[-1]
        for place in places:
            kind = self._kind(place)
            if kind not in kinds:
                kinds.add(kind)
                self._next[last], self._next[place], last = place, -1, place

    def _kind(self, place: int) -> Hashable:
        return place if place in self._ruled else kind_of_clash(self._features[place])
