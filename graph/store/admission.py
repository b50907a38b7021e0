"""Admission: a fair, bounded queue for a few processes that many clients want.

The next turn goes to the waiting client that has used the fewest seconds of late; clients that
have used about as much take turns. One client may fill an idle house. In a full one a newcomer
displaces the last request of the client that holds most. The site's own pages (client "") have a
lane of their own: visitors' queries never hold the last process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Generic, TypeVar

from ..errors import OographError

__all__ = [
    "ClientDisconnected",
    "FairQueue",
    "NotAdmitted",
    "QueueFull",
    "QueueTimeout",
    "TooManyRequests",
    "Turn",
    "never_disconnected",
]


T = TypeVar("T")

#: How often a waiting request checks that its client is still connected, in seconds.
_CHECK_SECONDS = 0.25
#: After so many seconds, half of what a client has used is forgiven.
_HALF_LIFE = 300.0
#: Fewer seconds make no difference.
_QUANTUM = 1.0


def never_disconnected() -> bool:
    """Where nobody can tell that a client has disconnected."""
    return False


class NotAdmitted(OographError):
    """A request that will not be served."""


class QueueFull(NotAdmitted):
    """Too many requests wait."""


class TooManyRequests(NotAdmitted):
    """This client takes more than its share while others wait."""


class QueueTimeout(NotAdmitted):
    """No process became free in time."""


class ClientDisconnected(NotAdmitted):
    """The client has disconnected."""


class Turn(Generic[T]):
    """A request's place in the queue; once ``called``, it has its item or its refusal."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self.item: T | None = None
        self.refusal: NotAdmitted | None = None

    def refuse(self, refusal: NotAdmitted) -> None:
        """End the wait without an item."""
        self.refusal = refusal
        self.called.set()


class _Client(Generic[T]):
    """What one client has here, and what it has used of late."""

    def __init__(self, now: float) -> None:
        self.waiting: deque[Turn[T]] = deque()
        self.running = 0
        #: Its place among clients that have used about as much.
        self.position = 0
        self._used, self._settled = 0.0, now

    @property
    def held(self) -> int:
        return len(self.waiting) + self.running

    def used(self, now: float) -> float:
        """Seconds used, older ones forgiven; call it before ``running`` changes."""
        passed = now - self._settled
        self._used = self._used * 0.5 ** (passed / _HALF_LIFE) + passed * self.running
        self._settled = now
        return self._used


class FairQueue(Generic[T]):
    """Hands out items, one at a time, to clients in turn."""

    def __init__(
        self,
        places: int,
        queue: int,
        share: int,
        usable: Callable[[T], bool] = lambda item: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """At most ``places`` items are out to visitors and ``queue`` requests wait in a lane.

        While others wait, a client may hold ``share`` requests, or its equal part of all places
        where that is more. An item that is not ``usable`` is dropped.
        """
        self._places, self._queue, self._share = places, queue, share
        self._usable, self._clock = usable, clock
        self._lock = threading.Lock()
        self._idle: deque[T] = deque()
        self._clients: dict[str, _Client[T]] = {}
        self._site: _Client[T] = _Client(0.0)
        self._positions = count()

    @property
    def running(self) -> int:
        """Items that are out."""
        with self._lock:
            return self._site.running + self._visitors_running()

    @property
    def waiting(self) -> int:
        """Requests that wait for an item."""
        with self._lock:
            return len(self._site.waiting) + self._visitors_waiting()

    def put(self, item: T) -> None:
        """Add a new item."""
        with self._lock:
            self._idle.append(item)
            self._call()

    @contextmanager
    def turn(self, client: str, seconds: float, is_disconnected: Callable[[], bool]) -> Iterator[T]:
        """An item for a client, released at the end; or ``NotAdmitted``."""
        item = self.acquire(client, lambda: seconds, is_disconnected)
        try:
            yield item
        finally:
            self.release(client, item)

    def acquire(
        self, client: str, patience: Callable[[], float], is_disconnected: Callable[[], bool]
    ) -> T:
        """An item for a client, to be released; or ``NotAdmitted``.

        ``patience`` is how many seconds it may wait in all, which may change while it waits.
        """
        turn = self.enter(client)
        begin = time.monotonic()
        reason: NotAdmitted | None = None
        while not turn.called.wait(
            min(_CHECK_SECONDS, max(0.0, begin + patience() - time.monotonic()))
        ):
            if is_disconnected():
                reason = ClientDisconnected()
            elif time.monotonic() >= begin + patience():
                reason = QueueTimeout()
            if reason:
                self.leave(client, turn, reason)
        if turn.item is None:
            raise turn.refusal or QueueTimeout()
        return turn.item

    def enter(self, client: str) -> Turn[T]:
        """Join the queue, without waiting; or ``NotAdmitted``."""
        turn: Turn[T] = Turn()
        with self._lock:
            account = self._account(client)
            try:
                self._admit(client, account)
            except NotAdmitted:
                self._forget()
                raise
            if not account.waiting:
                account.position = next(self._positions)
            account.waiting.append(turn)
            self._call()
        return turn

    def leave(self, client: str, turn: Turn[T], reason: NotAdmitted) -> None:
        """Give up waiting, unless the turn was called at the last moment."""
        with self._lock:
            if not turn.called.is_set():
                self._account(client).waiting.remove(turn)
                turn.refuse(reason)
                self._forget()

    def release(self, client: str, item: T | None) -> None:
        """Give an item back; None where it is used up."""
        with self._lock:
            account = self._account(client)
            account.used(self._clock())
            account.running -= 1
            self._forget()
            if item is not None:
                self._idle.append(item)
            self._call()

    def _account(self, client: str) -> _Client[T]:
        if not client:
            return self._site
        return self._clients.setdefault(client, _Client(self._clock()))

    def _forget(self) -> None:
        """Forget clients that have nothing here and have used next to nothing."""
        now = self._clock()
        self._clients = {
            name: account
            for name, account in self._clients.items()
            if account.held or account.used(now) >= _QUANTUM
        }

    def _admit(self, client: str, account: _Client[T]) -> None:
        """Make room for one more request of a client; or ``NotAdmitted``."""
        is_called_at_once = bool(self._idle) and self._may_run(client)
        if not client:
            if len(account.waiting) >= self._queue and not is_called_at_once:
                raise QueueFull
            return
        others_wait = self._visitors_waiting() > len(account.waiting)
        clients = sum(1 for each in self._clients.values() if each.held or each is account)
        part = (self._places + self._queue) // clients
        if others_wait and account.held >= max(self._share, part):
            raise TooManyRequests
        if self._visitors_waiting() < self._queue or is_called_at_once:
            return
        now = self._clock()
        waiting = (each for each in self._clients.values() if each.waiting)
        most = max(waiting, key=lambda each: (each.held, each.used(now)), default=account)
        if most.held > account.held + 1:
            most.waiting.pop().refuse(TooManyRequests())
        elif others_wait and account.held >= max(1, part):
            raise TooManyRequests
        else:
            raise QueueFull

    def _visitors_running(self) -> int:
        return sum(each.running for each in self._clients.values())

    def _visitors_waiting(self) -> int:
        return sum(len(each.waiting) for each in self._clients.values())

    def _may_run(self, client: str) -> bool:
        return not client or self._visitors_running() < self._places

    def _call(self) -> None:
        """Give idle items to those whose turn it is."""
        while self._idle and (account := self._next()):
            item = self._idle.popleft()
            if not self._usable(item):
                continue
            account.used(self._clock())
            account.running += 1
            turn = account.waiting.popleft()
            account.position = next(self._positions)
            turn.item = item
            turn.called.set()

    def _next(self) -> _Client[T] | None:
        """The client whose turn it is."""
        if self._site.waiting:
            return self._site
        now = self._clock()
        waiting = [each for each in self._clients.values() if each.waiting]
        if not waiting or not self._may_run("visitor"):
            return None
        return min(waiting, key=lambda each: (each.used(now) // _QUANTUM, each.position))
