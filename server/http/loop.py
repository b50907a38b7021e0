"""The server's loop: one thread for all sockets, and for requests that need no thread of their own.

Each request runs in a greenlet (https://greenlet.readthedocs.io/). While it waits for the store it
gives way, and the loop does other work. A query is thus answered without being passed between
threads, each of which would have to wait for the interpreter.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from itertools import count
from typing import Any, Generic, TypeVar

import greenlet
from waitress.wasyncore import poll2

from ...graph.store.waiting import WAITING, NeedsThread, Signal
from .threads import FairThreads

T = TypeVar("T")

#: The most seconds between two checks of the connections' deadlines.
_LOOK_SECONDS = 1.0
#: The most seconds between two checks whether the last requests have ended.
_END_SECONDS = 0.05

_LOGGER = logging.getLogger(__name__)


class _Wait:
    """A wait of the current greenlet; it ends once."""

    __slots__ = ("_task", "is_over")

    def __init__(self) -> None:
        self._task = greenlet.getcurrent()
        self.is_over = False

    def give_way(self) -> None:
        """Switch to the loop until it resumes this wait."""
        assert self._task.parent
        self._task.parent.switch()

    def resume(self) -> None:
        """Switch back to the greenlet, unless the wait is over."""
        if not self.is_over:
            self.is_over = True
            self._task.switch()


class _Readable:
    """An entry of the loop's map that ends a wait when its descriptor is readable."""

    accepting = False

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self.is_ready = False

    def handle_read_event(self) -> None:
        self.is_ready = True
        self._end()

    handle_close = handle_error = handle_expt_event = handle_read_event

    def close(self) -> None:
        """Do nothing, because the descriptor does not belong to the loop."""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False


class _Event:
    """A ``Signal`` that gives way."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._is_set = False
        self._wait: _Wait | None = None

    def set(self) -> None:
        self._is_set = True
        if wait := self._wait:
            self._loop.end(wait)

    def clear(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float) -> bool:
        self._wait = wait = _Wait()
        if not self._is_set:
            self._loop.give_way(wait, timeout)
        self._wait, wait.is_over = None, True
        return self._is_set


class Loop:
    """The loop, and the ``Waiting`` of the requests that it answers."""

    is_shared = True

    def __init__(self, sockets: dict[int, Any], threads: FairThreads) -> None:
        """``sockets`` is waitress's map; ``threads`` do long work."""
        self._sockets, self._threads = sockets, threads
        self._thread: int | None = None
        self._answering = 0
        self._is_stopped = False
        #: Tasks to run after the next poll of the sockets.
        self._due: deque[Callable[[], object]] = deque()
        #: The latest ends of waits, soonest first.
        self._ends: list[tuple[float, int, _Wait]] = []
        self._numbers = count()
        #: Wakes the loop from another thread.
        self.wake: Callable[[], object] = lambda: None

    @property
    def _is_here(self) -> bool:
        return threading.get_ident() == self._thread

    def run(self) -> None:
        """Serve in this thread until no socket is left or the loop is stopped."""
        self._thread = threading.get_ident()
        while self._sockets and not self._is_stopped:
            self._turn(_LOOK_SECONDS)

    def stop(self) -> None:
        """Make ``run`` return after its present turn; signal handlers may call this."""
        self._is_stopped = True
        self.wake()

    def drain(self, seconds: float) -> None:
        """Serve until all requests that have arrived are answered, for at most ``seconds``."""
        until = time.monotonic() + seconds
        while self._is_here and self._is_busy():
            if time.monotonic() > until:
                return
            self._turn(_END_SECONDS)

    def _is_busy(self) -> bool:
        """Whether an answer is being made or sent."""
        in_threads = self._threads.queue or self._threads.active_count
        is_answering = self._due or self._answering or in_threads
        return bool(is_answering) or any(each.writable() for each in self._sockets.values())

    def _turn(self, seconds: float) -> None:
        poll2(self._patience(seconds), self._sockets)
        now = time.monotonic()
        while self._ends and self._ends[0][0] <= now:
            self.end(heapq.heappop(self._ends)[2])
        for _ in range(len(self._due)):
            self._due.popleft()()

    def _patience(self, seconds: float) -> float:
        """The seconds to wait for the sockets, until something else is due."""
        if self._due:
            return 0.0
        while self._ends and self._ends[0][2].is_over:
            heapq.heappop(self._ends)
        if not self._ends:
            return seconds
        # The system counts in milliseconds, and rounds down.
        return min(seconds, max(0.0, self._ends[0][0] - time.monotonic()) + 0.001)

    def begin(self, channel: Any) -> None:
        """Answer the next request of a channel in the loop, or in a thread if it needs one.

        It does not begin at once, because the caller may hold a lock.
        """
        self._do(lambda: greenlet.greenlet(self._answer).switch(channel))

    def _answer(self, channel: Any) -> None:
        WAITING.set(self)
        self._answering += 1
        try:
            channel.service()
        except NeedsThread:
            self._threads.add_task(channel)
        except Exception:
            _LOGGER.exception("Exception when servicing %r", channel)
        finally:
            self._answering -= 1

    def _do(self, task: Callable[[], object]) -> None:
        self._due.append(task)
        self.look()

    def look(self) -> None:
        """Make the loop check for tasks."""
        if not self._is_here:
            self.wake()

    def finish(self, task: Callable[[], object]) -> None:
        """Run a last task, in the loop if another thread is running it."""
        if self._thread is None or self._is_here:
            task()
        else:
            with suppress(OSError):  # done already, and the loop can no longer be woken
                self._do(task)

    def give_way(self, wait: _Wait, seconds: float) -> None:
        """Let the loop do other work until the wait ends, or for at most ``seconds``."""
        heapq.heappush(self._ends, (time.monotonic() + seconds, next(self._numbers), wait))
        wait.give_way()

    def end(self, wait: _Wait) -> None:
        """End a wait, from any thread; does nothing if it has ended."""
        self._do(wait.resume)

    def signal(self) -> Signal:
        """Return an event that greenlets can wait for."""
        return _Event(self)

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Whether the descriptor becomes readable, or its other end closed, within ``seconds``."""
        wait = _Wait()
        awaited = _Readable(lambda: self.end(wait))
        self._sockets[descriptor] = awaited
        try:
            self.give_way(wait, seconds)
        finally:
            if self._sockets.get(descriptor) is awaited:
                del self._sockets[descriptor]
        return awaited.is_ready

    def pause(self, seconds: float) -> None:
        """Give way for ``seconds``."""
        self.give_way(_Wait(), seconds)

    def apart(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread and return its result."""
        task = _Apart(work)
        wait = _Wait()
        task.future.add_done_callback(lambda future: self.end(wait))
        self._threads.add_task(task)
        wait.give_way()
        return task.future.result()


class _Apart(Generic[T]):
    """Work for a thread, with the interface of waitress's tasks."""

    asker = ""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.future: Future[T] = Future()

    def service(self) -> None:
        try:
            self.future.set_result(self._work())
        except Exception as error:
            self.future.set_exception(error)

    def cancel(self) -> None:
        self.future.set_exception(CancelledError())
