"""Large answers on their way out, so that slow readers cannot fill the disk with them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import IO

from ...graph.store.answers import Limits
from ...graph.store.problems import ProblemDetails, QueryError

__all__ = [
    "LargeAnswers",
]


#: Large answers that may be on their way at once.
_MOST = 32
_TITLE = "Too many large answers"
_RETRY_SECONDS = 10


class LargeAnswers:
    """Counts the files that are being sent, by client."""

    def __init__(self, limits: Limits) -> None:
        self._each = limits.client_queries
        self._lock = threading.Lock()
        self._files: Counter[str] = Counter()

    def check(self, client: str) -> None:
        """``QueryError`` where a client has not yet read what it has asked for."""
        with self._lock:
            mine, all_files = self._files[client], self._files.total()
        if mine >= self._each:
            detail = f"{mine} large answers are on their way to you; read them first."
            raise QueryError(ProblemDetails(429, _TITLE, detail, retry_after=_RETRY_SECONDS))
        if all_files >= _MOST:
            detail = f"{all_files} large answers are being sent; try again in some seconds."
            raise QueryError(ProblemDetails(503, _TITLE, detail, retry_after=_RETRY_SECONDS))

    def track(self, client: str, file: IO[bytes]) -> _Tracked:
        """The file, counted until it is closed."""
        with self._lock:
            self._files[client] += 1
        return _Tracked(file, lambda: self._forget(client))

    def _forget(self, client: str) -> None:
        with self._lock:
            self._files[client] -= 1
            self._files += Counter()  # Forget clients that have nothing here.


class _Tracked:
    """A file that tells when it is closed."""

    def __init__(self, file: IO[bytes], closed: Callable[[], None]) -> None:
        self._file, self._closed = file, closed
        self.read, self.seek = file.read, file.seek
        self.tell, self.seekable = file.tell, file.seekable

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
            self._closed()
