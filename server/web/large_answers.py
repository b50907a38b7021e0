"""Large answers in transit, limited so that slow readers cannot fill the disk with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from ...graph.store.answers import Limits
from ...graph.store.problems import ProblemDetails, QueryError

#: The most large answers in transit at once.
_MOST = 32
_TITLE = "Too many large answers"
_RETRY_SECONDS = 10


class LargeAnswers:
    """The files being sent, by client.

    Once all places are taken, a new answer displaces the latest answer of the client that has
    most. That connection then ends before the announced Content-Length, so its client can tell.
    """

    def __init__(self, limits: Limits) -> None:
        self._each = limits.client_queries
        self._lock = threading.Lock()
        self._files: dict[str, list[_Tracked]] = {}

    def track(self, client: str, file: IO[bytes]) -> _Tracked:
        """Count the file until it is closed; ``QueryError`` if there is no place for it."""
        with self._lock:
            displaced = self._make_room(client)
            tracked = _Tracked(file, lambda closed: self._forget(client, closed))
            self._files.setdefault(client, []).append(tracked)
        if displaced is not None:
            displaced.withdraw()
        return tracked

    def _make_room(self, client: str) -> _Tracked | None:
        """Make room for one file; return the file displaced for it, if any."""
        mine = len(self._files.get(client, ()))
        if mine >= self._each:
            detail = f"You already have {mine} large answers in transit; finish reading them first."
            raise QueryError(ProblemDetails(429, _TITLE, detail, retry_after=_RETRY_SECONDS))
        if sum(map(len, self._files.values())) < _MOST:
            return None
        most = max(self._files.values(), key=len)
        if len(most) > mine + 1:
            return most.pop()
        detail = f"{_MOST} large answers are already being sent; try again in a few seconds."
        raise QueryError(ProblemDetails(503, _TITLE, detail, retry_after=_RETRY_SECONDS))

    def _forget(self, client: str, file: _Tracked) -> None:
        with self._lock:
            files = self._files.get(client, [])
            if file in files:
                files.remove(file)
            if not files:
                self._files.pop(client, None)


class _Tracked:
    """A file that reports when it is closed and can be withdrawn while it is read."""

    def __init__(self, file: IO[bytes], on_close: Callable[[_Tracked], None]) -> None:
        self._file, self._on_close = file, on_close
        self._withdrawn = False
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read as from a file; ``OSError`` once withdrawn, which makes the server hang up."""
        block = self._file.read(size)
        if self._withdrawn:
            raise OSError("a large answer was cut off to make room for another client's")
        return block

    def withdraw(self) -> None:
        """Free the disk space at once, however slowly the client reads."""
        self._withdrawn = True
        with suppress(ValueError):  # It was read to the end and closed in the meantime.
            self._file.truncate(0)

    def close(self) -> None:
        """Close the file and report it once."""
        if not self._file.closed:
            self._file.close()
            self._on_close(self)
