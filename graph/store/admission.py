"""Admission: a fair, bounded queue for a few processes shared by many clients.

The next turn goes to the waiting client that has used the fewest seconds recently; clients with
about the same usage take turns. One client may use all places while nobody else wants them. When
the queue is full, a newcomer displaces the last request of the client that holds the most. The
site's own pages (client "") have their own lane: visitors' queries never hold the last process.

The running time of a query is unknown in advance, and no query is stopped in favour of another. A
few items are reserved for trials, so that a short query need not wait for long ones to end. A
trial ends after a short time, unless nobody else wants one. A query that is not answered by then
waits for its turn like any other. This is a multilevel feedback queue as used in time-sharing
systems (F. J. Corbató et al., 1962, https://doi.org/10.1145/1460833.1460871).
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Generic, TypeVar

from ..errors import OographError
from .waiting import WAITING

T = TypeVar("T")

#: How often a waiting request checks that its client is still connected, in seconds.
_CHECK_SECONDS = 0.25
#: The half-life, in seconds, of a client's recorded usage.
_HALF_LIFE = 300.0
#: Differences in usage below this many seconds are ignored.
_QUANTUM = 1.0
#: A client with this many recent trials that ended without an answer gets no more for now.
_FAILED_TRIALS = 3


def never_disconnected() -> bool:
    """Return False: for callers that cannot detect a disconnected client."""
    return False


class NotAdmitted(OographError):
    """A request was refused."""


class QueueFull(NotAdmitted):
    """Too many requests are waiting."""


class TooManyRequests(NotAdmitted):
    """This client uses more than its share while others are waiting."""


class QueueTimeout(NotAdmitted):
    """No process became free in time."""


class ClientDisconnected(NotAdmitted):
    """The client has disconnected."""


class Turn(Generic[T]):
    """A request's place in the queue; once ``called``, it has its item or its refusal."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.called = WAITING.get().signal()
        self.item: T | None = None
        self.refusal: NotAdmitted | None = None
        #: Whether the item is for a trial.
        self.on_trial = False
        self.was_tried = False

    def call(self, item: T, on_trial: bool) -> None:
        """End the wait by handing over an item."""
        self.item, self.on_trial = item, on_trial
        self.was_tried = self.was_tried or on_trial
        self.called.set()

    def refuse(self, refusal: NotAdmitted) -> None:
        """End the wait without an item."""
        self.refusal = refusal
        self.called.set()


class _Client(Generic[T]):
    """One client's waiting and running requests, and its recent usage."""

    def __init__(self, now: float) -> None:
        self.waiting: deque[Turn[T]] = deque()
        self.running = 0
        #: Its place among clients with about the same usage.
        self.position = 0
        self._used, self._failed_trials, self._settled = 0.0, 0.0, now

    @property
    def held(self) -> int:
        return len(self.waiting) + self.running

    def used(self, now: float) -> float:
        """Seconds used, with older ones decayed; call it before ``running`` changes."""
        passed = now - self._settled
        remembered = 0.5 ** (passed / _HALF_LIFE)
        self._used = self._used * remembered + passed * self.running
        self._failed_trials *= remembered
        self._settled = now
        return self._used

    def failed_trials(self, now: float) -> int:
        """The number of recent trials that ended without an answer."""
        self.used(now)
        return math.ceil(self._failed_trials)

    def may_try(self, now: float) -> bool:
        """Whether this client may have another trial."""
        return self.failed_trials(now) < _FAILED_TRIALS

    def fail_trial(self) -> None:
        self._failed_trials += 1

    def untried(self) -> Turn[T] | None:
        """The first of its requests that has not had a trial."""
        return next((turn for turn in self.waiting if not turn.was_tried), None)


class FairQueue(Generic[T]):
    """Hands out items to clients in turn."""

    def __init__(
        self,
        places: int,
        queue: int,
        share: int,
        trials: int = 0,
        usable: Callable[[T], bool] = lambda item: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Allow visitors ``places`` items, plus ``trials`` for trials; ``queue`` requests may wait
        in each lane.

        While others are waiting, a client may hold ``share`` requests, or an equal part of all
        places if that is more. Items that are not ``usable`` are dropped.
        """
        self._places, self._queue, self._share, self._trials = places, queue, share, trials
        self._usable, self._clock = usable, clock
        self._lock = threading.Lock()
        self._idle: deque[T] = deque()
        self._clients: dict[str, _Client[T]] = {}
        self._site: _Client[T] = _Client(0.0)
        self._on_trial = 0
        self._positions = count()

    @property
    def running(self) -> int:
        """The number of items in use."""
        with self._lock:
            return self._site.running + self._visitors_running()

    @property
    def waiting(self) -> int:
        """The number of requests waiting for an item."""
        with self._lock:
            return len(self._site.waiting) + self._visitors_waiting()

    def put(self, item: T) -> None:
        """Add a new item."""
        with self._lock:
            self._keep(item)
            self._call()

    def renew(self) -> None:
        """Drop idle items that are no longer usable."""
        with self._lock:
            self._idle = deque(item for item in self._idle if self._usable(item))

    @contextmanager
    def turn(self, client: str, seconds: float, is_disconnected: Callable[[], bool]) -> Iterator[T]:
        """Give a client an item and release it at the end; raise ``NotAdmitted`` if refused."""
        turn = self.enter(client)
        item = self.wait(turn, lambda: seconds, is_disconnected)
        try:
            yield item
        finally:
            self.release(turn, item)

    def enter(self, client: str) -> Turn[T]:
        """Join the queue without waiting; raise ``NotAdmitted`` if refused."""
        turn: Turn[T] = Turn(client)
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

    def wait(
        self, turn: Turn[T], patience: Callable[[], float], is_disconnected: Callable[[], bool]
    ) -> T:
        """Wait for the turn and return its item, which must be released; or ``NotAdmitted``.

        ``patience`` returns the total seconds it may wait; this may change meanwhile.
        """
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
                self._leave(turn, reason)
        if turn.item is None:
            raise turn.refusal or QueueTimeout()
        return turn.item

    def may_go_on(self, turn: Turn[T]) -> bool:
        """Whether a trial may continue when its time is up, because no one else wants one."""
        with self._lock:
            return not turn.on_trial or not self._waiting_for_a_trial()

    @property
    def untried(self) -> int:
        """The number of clients waiting for a trial."""
        with self._lock:
            return len(self._waiting_for_a_trial())

    def release(self, turn: Turn[T], item: T | None) -> None:
        """Give an item back; None if it can no longer be used."""
        with self._lock:
            self._release(turn)
            if item is not None:
                self._keep(item)
            self._call()

    def retry(self, turn: Turn[T]) -> None:
        """Give up a used item and wait for another, ahead of the client's other requests."""
        with self._lock:
            account = self._account(turn.client)
            if turn.on_trial:
                account.fail_trial()
            self._release(turn)
            turn.item, turn.on_trial = None, False
            turn.called.clear()
            self._account(turn.client).waiting.appendleft(turn)
            self._call()

    def _keep(self, item: T) -> None:
        """Keep an idle item; drop it now if it is no longer usable, as nobody may need it soon."""
        if self._usable(item):
            self._idle.append(item)

    def _release(self, turn: Turn[T]) -> None:
        account = self._account(turn.client)
        account.used(self._clock())
        account.running -= 1
        self._on_trial -= turn.on_trial
        self._forget()

    def _leave(self, turn: Turn[T], reason: NotAdmitted) -> None:
        """Stop waiting, unless the turn was called at the last moment."""
        with self._lock:
            if not turn.called.is_set():
                self._account(turn.client).waiting.remove(turn)
                turn.refuse(reason)
                self._forget()

    def _account(self, client: str) -> _Client[T]:
        if not client:
            return self._site
        return self._clients.setdefault(client, _Client(self._clock()))

    def _forget(self) -> None:
        """Forget clients that hold nothing and have used almost nothing."""
        now = self._clock()
        self._clients = {
            name: account
            for name, account in self._clients.items()
            if account.held or account.used(now) >= _QUANTUM
        }

    def _admit(self, client: str, account: _Client[T]) -> None:
        """Make room for another request of a client; raise ``NotAdmitted`` if there is none."""
        is_called_at_once = bool(self._idle) and self._may_run(client, account)
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

    def _has_place(self) -> bool:
        return self._visitors_running() - self._on_trial < self._places

    def _may_run(self, client: str, account: _Client[T]) -> bool:
        if not client or self._has_place():
            return True
        return self._on_trial < self._trials and account.may_try(self._clock())

    def _call(self) -> None:
        """Give idle items to the requests whose turn it is."""
        while self._idle and (chosen := self._next()):
            account, turn, on_trial = chosen
            # The most recently released: its store is in the processor's cache.
            item = self._idle.pop()
            if not self._usable(item):
                continue
            account.used(self._clock())
            account.running += 1
            self._on_trial += on_trial
            account.waiting.remove(turn)
            account.position = next(self._positions)
            turn.call(item, on_trial)

    def _next(self) -> tuple[_Client[T], Turn[T], bool] | None:
        """Whose turn it is, and whether it is for a trial."""
        if self._site.waiting:
            return self._site, self._site.waiting[0], False
        on_trial = not self._has_place()
        if on_trial and self._on_trial >= self._trials:
            return None
        waiting = (
            self._waiting_for_a_trial()
            if on_trial
            else [(each, each.waiting[0]) for each in self._clients.values() if each.waiting]
        )
        if not waiting:
            return None
        now = self._clock()

        def rank(each: tuple[_Client[T], Turn[T]]) -> tuple[float, ...]:
            client = each[0]
            failed = client.failed_trials(now) if on_trial else 0
            return failed, client.used(now) // _QUANTUM, client.position

        account, turn = min(waiting, key=rank)
        return account, turn, on_trial

    def _waiting_for_a_trial(self) -> list[tuple[_Client[T], Turn[T]]]:
        now = self._clock()
        return [
            (each, turn)
            for each in self._clients.values()
            if (turn := each.untried()) and each.may_try(now)
        ]
