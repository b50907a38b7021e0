"""The SQLite files of a release, which never change: read from any thread, without locks."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import OutOfTime
from ..files import unchanging

#: How many seconds are left for the current request, in its own thread.
SecondsLeft = Callable[[], float]
#: SQLite instructions between two checks of the time: a fraction of a millisecond.
_INSTRUCTIONS = 10_000
#: Values looked up at a time.
_AT_ONCE = 500
#: The cache of a connection; small, as each thread has one, and the system caches the file, too.
_CACHE_KIB = 512


def beginning_with(words: Sequence[str]) -> str:
    """The FTS5 query for all of some words, the last of which may be incomplete."""
    *whole, last = words
    return " AND ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])


def no_deadline() -> float:
    """No time limit."""
    return math.inf


class Database:
    """One file, with a connection for each thread: threads that shared one would take turns."""

    def __init__(self, path: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        self._address = unchanging(path)
        self._seconds_left = seconds_left
        self._local = threading.local()

    def rows(self, query: str, *arguments: Any) -> Iterator[Any]:
        """The rows that a query finds.

        Raises sqlite3.Error if the file is missing or damaged, and OutOfTime.
        """
        self._check()
        try:
            yield from self.connection.execute(query, arguments)
        except sqlite3.OperationalError:
            self._check()  # It may have been interrupted.
            raise

    def rows_among(self, query: str, values: Sequence[object]) -> Iterator[Any]:
        """The rows of a query that ends in IN, for some values, fetched in batches."""
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            yield from self.rows(f"{query} ({', '.join('?' * len(part))})", *part)

    def _check(self) -> None:
        if self._is_over():
            raise OutOfTime

    def _is_over(self) -> bool:
        return self._seconds_left() <= 0

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of the current thread."""
        if not hasattr(self._local, "connection"):
            # a release that is no longer served may be closed by another thread
            connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.set_progress_handler(self._is_over, _INSTRUCTIONS)
            self._local.connection = connection
        held: sqlite3.Connection = self._local.connection
        return held
