"""Whose turn it is: a fair, bounded queue for a few processes that many clients want.

Waiting clients take turns, however many requests each has waiting. The site's own pages (client
"") have a lane of their own: visitors' queries never hold the last process.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = [
    "TooManyRequests",
    "QueueFull",
    "QueueTimeout",
    "ClientDisconnected",
    "NotAdmitted",
    "FairQueue",
    "present",
]


T = TypeVar("T")

#: How often a waiting request looks whether its client is still there, in seconds.
_LOOK_SECONDS = 0.25


def present() -> bool:
    """That a client has gone: never, where nobody can tell."""
    return False


class NotAdmitted(Exception):
    """A request that will not be served."""


class QueueFull(NotAdmitted):
    """Too many requests wait."""


class TooManyRequests(NotAdmitted):
    """Too many requests of this client run or wait."""


class QueueTimeout(NotAdmitted):
    """No process became free in time."""


class ClientDisconnected(NotAdmitted):
    """The client has gone."""


class _Ticket(Generic[T]):
    def __init__(self) -> None:
        self.called = threading.Event()
        self.item: T | None = None


class FairQueue(Generic[T]):
    """Hands out items, one at a time, to clients in turn."""

    def __init__(
        self, places: int, queue: int, each: int, usable: Callable[[T], bool] = lambda item: True
    ) -> None:
        """At most ``places`` items are out to visitors, ``queue`` requests wait in a lane, and
        a visitor has ``each`` requests running or waiting. An item not ``usable`` is dropped."""
        self._places, self._queue, self._each = places, queue, each
        self._usable = usable
        self._lock = threading.Lock()
        self._idle: deque[T] = deque()
        self._lines: OrderedDict[str, deque[_Ticket[T]]] = OrderedDict()
        self._site: deque[_Ticket[T]] = deque()
        self._held: Counter[str] = Counter()
        self._running: Counter[bool] = Counter()

    @property
    def running(self) -> int:
        """Items that are out."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """Requests that wait for an item."""
        with self._lock:
            return len(self._site) + sum(map(len, self._lines.values()))

    def put(self, item: T) -> None:
        """Add a new item."""
        with self._lock:
            self._idle.append(item)
            self._call()

    def take(self, client: str, seconds: float, gone: Callable[[], bool]) -> T:
        """An item for a client, to be given back with ``done``; or ``NotAdmitted``."""
        ticket: _Ticket[T] = _Ticket()
        with self._lock:
            self._enter(client, ticket)
            self._call()
        until = time.monotonic() + seconds
        reason: NotAdmitted | None = None
        while not ticket.called.wait(min(_LOOK_SECONDS, max(0.0, until - time.monotonic()))):
            reason = (
                ClientDisconnected()
                if gone()
                else QueueTimeout()
                if time.monotonic() >= until
                else None
            )
            if reason:
                break
        with self._lock:
            if ticket.item is not None:  # Perhaps at the very last moment.
                return ticket.item
            self._leave(client, ticket)
        raise reason or QueueTimeout()

    def done(self, client: str, item: T | None) -> None:
        """Give an item back; None where it is used up."""
        with self._lock:
            self._held[client] -= 1
            self._held += Counter()  # Forget clients that have nothing here.
            self._running[client == ""] -= 1
            if item is not None:
                self._idle.append(item)
            self._call()

    def _enter(self, client: str, ticket: _Ticket[T]) -> None:
        if client and self._held[client] >= self._each:
            raise TooManyRequests
        line = self._lines.setdefault(client, deque()) if client else self._site
        others = sum(map(len, self._lines.values())) if client else len(self._site)
        # Who is called at once does not wait.
        if others >= self._queue and not (self._idle and self._may_run(client)):
            if client and not line:
                del self._lines[client]
            raise QueueFull
        line.append(ticket)
        self._held[client] += 1

    def _leave(self, client: str, ticket: _Ticket[T]) -> None:
        line = self._lines[client] if client else self._site
        line.remove(ticket)
        if client and not line:
            del self._lines[client]
        self._held[client] -= 1
        self._held += Counter()

    def _may_run(self, client: str) -> bool:
        return not client or self._running[False] < self._places

    def _call(self) -> None:
        """Give idle items to those whose turn it is."""
        while self._idle and (self._site or (self._lines and self._may_run("visitor"))):
            item = self._idle.popleft()
            if not self._usable(item):
                continue
            self._running[bool(self._site)] += 1
            ticket = self._site.popleft() if self._site else self._next()
            ticket.item = item
            ticket.called.set()

    def _next(self) -> _Ticket[T]:
        """The first in the line of the client who has waited longest for a turn."""
        client, line = self._lines.popitem(last=False)
        ticket = line.popleft()
        if line:
            self._lines[client] = line
        return ticket
