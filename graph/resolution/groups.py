"""Groups: disjoint sets of numbers (union-find)."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

#: The array type of the numbers; a group member takes 20 bytes.
_INT = "i"


class Groups:
    """Disjoint sets over 0..n-1; the smallest member represents its set."""

    def __init__(self, size: int) -> None:
        self._parent = array(_INT, range(size))
        # for each number that represents a set: its first and last member, and its size
        self._first = array(_INT, range(size))
        self._last = array(_INT, range(size))
        self._size = array(_INT, [1]) * size
        #: The member after this one; -1 at the end.
        self._next = array(_INT, [-1]) * size

    def find(self, i: int) -> int:
        """The number that represents the set of ``i``."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, a: int, b: int) -> None:
        """Join the sets of ``a`` and ``b``."""
        a, b = sorted((self.find(a), self.find(b)))
        if a == b:
            return
        self._parent[b] = a
        more, less = (b, a) if self._size[b] > self._size[a] else (a, b)
        self._next[self._last[more]] = self._first[less]
        self._first[a], self._last[a] = self._first[more], self._last[less]
        self._size[a] += self._size[b]

    def members(self, i: int) -> Iterator[int]:
        """The members of the set of ``i``."""
        place = self._first[self.find(i)]
        while place >= 0:
            yield place
            place = self._next[place]

    def __iter__(self) -> Iterator[list[int]]:
        """The members of each set, in the order of the numbers that represent them."""
        for i, parent in enumerate(self._parent):
            if i == parent:
                yield list(self.members(i))
