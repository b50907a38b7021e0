"""Postings: the numbers of the works that have each key, for any number of works."""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

from pyroaring import BitMap

#: A key is made of texts and integers.
Key = TypeVar("Key", bound=tuple[str | int, ...])
#: How many keys, and numbers, are held in memory at a time.
_KEYS, _NUMBERS = 2**15, 2**20


class Postings(Generic[Key]):
    """Numbers by key: in memory while they are few, then in a scratch table."""

    def __init__(self, base: sqlite3.Connection, name: str, columns: int) -> None:
        """``name`` is the name of the table, ``columns`` the number of parts of a key."""
        self._base = base
        self._table = f"scratch.{name}"
        self._columns = ", ".join(f"key{n}" for n in range(columns))
        self._places = ", ".join("?" * (columns + 1))
        base.execute(f"CREATE TABLE {self._table} ({self._columns}, numbers)")
        self._held: defaultdict[Key, array[int]] = defaultdict(lambda: array("I"))
        self._numbers = 0

    def add(self, keys: Collection[Key], numbers: Iterable[int]) -> None:
        """Add these numbers to each of some keys."""
        some = array("I", numbers)
        for key in keys:
            self._held[key] += some
        self._numbers += len(keys) * len(some)
        if len(self._held) > _KEYS or self._numbers > _NUMBERS:
            self._put_down()

    def __iter__(self) -> Iterator[tuple[Key, BitMap]]:
        """Every key, in order, with all its numbers."""
        self._put_down()
        rows = self._base.execute(f"SELECT * FROM {self._table} ORDER BY {self._columns}")
        for key, parts in groupby(rows, itemgetter(slice(-1))):
            numbers = array("I")
            for part in parts:
                numbers.frombytes(part[-1])
            yield key, BitMap(numbers, optimize=False)

    def _put_down(self) -> None:
        self._base.executemany(
            f"INSERT INTO {self._table} VALUES ({self._places})",
            ((*key, numbers.tobytes()) for key, numbers in self._held.items()),
        )
        self._held.clear()
        self._numbers = 0
