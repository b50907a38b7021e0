"""Shelves: sequences and sets on disk, for data that would not fit in memory.

Their files have no names (SQLite creates them in ``TMPDIR`` or ``/var/tmp``) and disappear with the
object or its process. Small ones stay in memory.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from operator import attrgetter
from typing import Any, TypeVar, overload

T = TypeVar("T")

#: The memory that each file uses for caching and sorting, in KiB.
_CACHE_KIB = 2 << 10
#: The first items of a shelf, up to this many, stay in memory.
_HELD = 2**15
#: How many items a ``Picked`` caches.
_REMEMBERED = 2**10


class Scratch:
    """A new, private SQLite file, which is closed with this object.

    A bare connection forms a reference cycle with its cached statements: it would stay open, with
    its file and its memory, until Python's garbage collector runs.
    """

    def __init__(self, schema: str) -> None:
        """``schema`` creates its tables."""
        # an object that is itself in a cycle may be finalised in another thread
        self._base = base = sqlite3.connect("", check_same_thread=False)
        base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA cache_size = -{_CACHE_KIB}; {schema}"
        )
        self.execute, self.executemany = base.execute, base.executemany
        self.executescript, self.create_function = base.executescript, base.create_function

    def __del__(self) -> None:
        self._base.close()


class Shelf(Sequence[T]):
    """A sequence of immutable items that grows at its end."""

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._size = 0
        self._first: list[T] = []
        for item in items:
            self.append(item)

    def append(self, item: T) -> None:
        """Add an item at the end."""
        if self._size < _HELD:
            self._first.append(item)
        else:
            self._base.execute("INSERT INTO item VALUES (?, ?)", (self._size, packed(item)))
        self._size += 1

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(map(self.__getitem__, range(self._size)[index]))
        place = index if index >= 0 else index + self._size
        if not 0 <= place < self._size:
            raise IndexError(index)
        if place < len(self._first):
            return self._first[place]
        ((value,),) = self._base.execute("SELECT value FROM item WHERE place = ?", (place,))
        item: T = unpacked(value)
        return item

    def __iter__(self) -> Iterator[T]:
        yield from self._first
        if self._size > len(self._first):
            for (value,) in self._base.execute("SELECT value FROM item ORDER BY place"):
                yield unpacked(value)

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same items."""
        if not isinstance(other, Sequence):
            return NotImplemented
        pairs = zip(self, other, strict=False)
        return len(self) == len(other) and all(one == two for one, two in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Shelf({list(self)!r})"

    @cached_property
    def _base(self) -> Scratch:
        return Scratch("CREATE TABLE item (place INTEGER PRIMARY KEY, value BLOB)")


class Picked(Sequence[T]):
    """Some items of a sequence, in any order; recently used ones are cached."""

    def __init__(self, items: Sequence[T], places: Sequence[int]) -> None:
        read: Callable[[int], T] = items.__getitem__
        self._read = lru_cache(_REMEMBERED)(read)
        self._items, self._places = items, places

    def as_they_stand(self) -> Iterator[tuple[int, T]]:
        """Yield the items with their numbers, in the order of the sequence: the fastest to read."""
        for number in sorted(range(len(self)), key=self._places.__getitem__):
            yield number, self._items[self._places[number]]

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(map(self._read, self._places[index]))
        return self._read(self._places[index])


class Texts:
    """A set of texts that grows."""

    def __init__(self) -> None:
        self._base = Scratch("CREATE TABLE text (text TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, text: str) -> bool:
        """Add a text; return whether it was new."""
        return self._base.execute("INSERT OR IGNORE INTO text VALUES (?)", (text,)).rowcount > 0

    def update(self, texts: Iterable[str]) -> None:
        """Add several texts."""
        self._base.executemany("INSERT OR IGNORE INTO text VALUES (?)", ((t,) for t in texts))

    def __contains__(self, text: object) -> bool:
        query = "SELECT 1 FROM text WHERE text = ?"
        return self._base.execute(query, (text,)).fetchone() is not None


def packed(value: object) -> bytes:
    """Convert a value to bytes, for a file that only this program reads."""
    out = BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(value)
    return out.getvalue()


def unpacked(data: bytes) -> Any:
    """Convert the bytes from ``packed`` back to the value."""
    return pickle.loads(data)


class _Reducers(dict[type, Callable[[Any], Any]]):
    """How to recreate the values of a class: dataclasses by their constructor, which takes half the
    time of pickle's own way.
    """

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if not is_dataclass(kind):
            raise KeyError(kind)
        values = attrgetter(*(field.name for field in fields(kind)))
        self[kind] = lambda value: (kind, values(value))
        return self[kind]


_REDUCERS = _Reducers()
