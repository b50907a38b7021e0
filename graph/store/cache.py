"""Answers kept for the next client that asks the same: a release never changes."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, fields, is_dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache

A = TypeVar("A")

#: No answer takes more than this part of the room.
_PART = 8
#: What an entry takes beside its value: a digest for a key, and its place in two dictionaries.
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class CachedResult:
    """An answer as written, and the number of its rows."""

    body: bytes
    rows: int | None


class ResultCache(Generic[A]):
    """The answers used last, in a bounded number of bytes, each by the digest of what was asked."""

    def __init__(self, size: int) -> None:
        self._most = size // _PART
        self._lock = threading.Lock()
        self._answers: LRUCache[object, A] = LRUCache(
            size, lambda answer: _OVERHEAD + _size(answer)
        )
        self.hits = 0
        self.misses = 0

    @property
    def bytes(self) -> int:
        """What the answers take, in all."""
        return int(self._answers.currsize)

    def fits(self, length: int) -> bool:
        """Whether an answer whose body has so many bytes would be kept."""
        return length <= self._most

    def get(self, key: object) -> A | None:
        """The answer kept under a digest."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                self.misses += 1
            else:
                self.hits += 1
            return answer

    def keep(self, key: object, answer: A) -> None:
        """Keep an answer that fits; those not used for longest make room."""
        with self._lock:
            if _OVERHEAD + _size(answer) <= self._answers.maxsize:
                self._answers[key] = answer


def _size(value: object) -> int:
    """The bytes of memory that a value takes, with all that it holds."""
    size = sys.getsizeof(value)
    if isinstance(value, tuple):
        return size + sum(map(_size, value))
    if is_dataclass(value):
        return size + sum(_size(getattr(value, field.name)) for field in fields(value))
    return size
