"""Answers kept for the next one who asks the same: a release never changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

__all__ = [
    "CachedResult",
    "ResultCache",
]


class _Bodied(Protocol):
    """What can be kept: something whose size is, in the main, that of its body."""

    @property
    def body(self) -> bytes: ...


A = TypeVar("A", bound=_Bodied)

#: No answer takes more than this part of the room.
_PART = 8
#: What an answer takes beside its own bytes: its key, and its place in the books.
_OVERHEAD = 1024


@dataclass(frozen=True, slots=True)
class CachedResult:
    """An answer as written, and the number of its rows."""

    body: bytes
    rows: int | None


class ResultCache(Generic[A]):
    """The answers used last, by what was asked, in a bounded number of bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._answers: OrderedDict[object, A] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def fits(self, length: int) -> bool:
        """Whether an answer of so many bytes would be kept."""
        return length <= self._size // _PART

    def get(self, key: object) -> A | None:
        """The answer kept under a key."""
        with self._lock:
            found = self._answers.get(key)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
                self._answers.move_to_end(key)
            return found

    def keep(self, key: object, answer: A) -> None:
        """Keep an answer that fits; those not used for longest make room."""
        with self._lock:
            self._drop(self._answers.pop(key, None))
            self._answers[key] = answer
            self.bytes += len(answer.body) + _OVERHEAD
            while self.bytes > self._size:
                self._drop(self._answers.popitem(last=False)[1])

    def _drop(self, answer: A | None) -> None:
        if answer:
            self.bytes -= len(answer.body) + _OVERHEAD
