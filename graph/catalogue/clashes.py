"""Clashes: which groups of works cannot be one, whatever two of their works have in common."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from .contradictions import clash, kind_of_clash
from .decisions import Rulings, ordered
from .features import Features
from .groups import Groups


class Clashes:
    """The clashes between groups, as they grow: a decision forbids it, or what two works are.

    Of a thousand copies of one record, one is looked at.
    """

    def __init__(self, features: Sequence[Features], rulings: Rulings, groups: Groups) -> None:
        self._features, self._apart = features, rulings.apart
        self._ruled = {place for pair in rulings.apart for place in pair}
        #: The group -> its works, one of each kind, and those that a decision is about.
        self._telling: dict[int, dict[Hashable, int]] = {}
        for place, members in enumerate(groups.members):
            if len(members) > 1:
                self._telling[place] = self._of(members)

    def between(self, one: int, other: int) -> bool:
        """Whether two groups cannot be one."""
        return any(
            ordered(a, b) in self._apart or clash(self._features[a], self._features[b])
            for a in self._of_group(one).values()
            for b in self._of_group(other).values()
        )

    def join(self, one: int, other: int, group: int) -> None:
        """Take note that two groups are this one from now on."""
        self._telling[group] = self._of_group(one) | self._of_group(other)

    def _of_group(self, group: int) -> dict[Hashable, int]:
        return self._telling.get(group) or self._of((group,))

    def _of(self, places: Iterable[int]) -> dict[Hashable, int]:
        return {
            place if place in self._ruled else kind_of_clash(self._features[place]): place
            for place in places
        }
