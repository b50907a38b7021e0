"""Groups: which of many are one."""

from __future__ import annotations


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
