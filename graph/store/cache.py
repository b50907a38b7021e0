"""A cache of answers; they never become stale, because a release never changes."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, fields, is_dataclass
from operator import itemgetter
from typing import Generic, TypeVar

from cachetools import LRUCache

A = TypeVar("A")

#: One answer takes at most this fraction of the cache (1/n).
_PART = 8
#: Bytes of an entry besides its value: the digest as key, and its place in two dictionaries.
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class CachedResult:
    """A serialised answer and its number of rows."""

    body: bytes
    rows: int | None


class ResultCache(Generic[A]):
    """The most recently used answers, by digest of the request, in a bounded number of bytes."""

    def __init__(self, size: int) -> None:
        self._most = size // _PART
        self._lock = threading.Lock()
        #: Each answer with its size, which is measured once.
        self._answers: LRUCache[object, tuple[A, int]] = LRUCache(size, itemgetter(1))
        self.hits = 0
        self.misses = 0

    @property
    def bytes(self) -> int:
        """The total size of the cached answers."""
        return int(self._answers.currsize)

    def fits(self, size: int) -> bool:
        """Whether an answer of ``size`` bytes is small enough to be kept."""
        return _OVERHEAD + size <= self._most

    def get(self, key: object) -> A | None:
        """Return the answer cached under a digest, or None."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is None:
                self.misses += 1
                return None
            self.hits += 1
            return kept[0]

    def keep(self, key: object, answer: A) -> None:
        """Keep an answer if it fits, evicting the least recently used ones."""
        size = _size(answer)
        if self.fits(size):
            with self._lock:
                self._answers[key] = answer, _OVERHEAD + size


def _size(value: object) -> int:
    """The bytes of memory that a value takes, including its contents."""
    size = sys.getsizeof(value)
    if isinstance(value, tuple):
        return size + sum(map(_size, value))
    if is_dataclass(value):
        return size + sum(_size(getattr(value, field.name)) for field in fields(value))
    return size
