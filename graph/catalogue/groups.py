"""Groups: which of many are one, and the ids that each group gets."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "Groups",
    "Minter",
]


class Groups:
    """Disjoint sets over 0..n-1; the smallest member stands for its set."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        #: The members of the set that this number stands for; empty for the others.
        self.members = [[i] for i in range(size)]

    def find(self, i: int) -> int:
        """The number that stands for the set ``i`` is in."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, a: int, b: int) -> None:
        """Make the sets of ``a`` and ``b`` one."""
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self._parent[b] = a
            if len(self.members[b]) > len(self.members[a]):
                self.members[a], self.members[b] = self.members[b], self.members[a]
            self.members[a] += self.members[b]
            self.members[b] = []


class Minter:
    """Gives out ``wanted``, or ``wanted-2``, ``wanted-3``, …: the first that is not taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def mint(self, wanted: str) -> str:
        """The first of the ids that is free; it is taken from now on."""
        number = self._next.get(wanted, 1)
        free = wanted if number == 1 else f"{wanted}-{number}"
        while free in self._taken:
            number += 1
            free = f"{wanted}-{number}"
        self._next[wanted] = number + 1
        self._taken.add(free)
        return free
