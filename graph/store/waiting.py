"""Waiting: a thread is blocked; what is answered in the server's loop lets others go on meanwhile.

The loop is one thread for many requests. What may take long without waiting, or waits in another
way than these, needs a thread of its own, and says so with ``require_thread``.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")


class NeedsThread(BaseException):
    """Raised in the loop, before anything is done, where a request needs a thread of its own.

    It is no ``Exception``, so that nothing on its way answers it.
    """


class Signal(Protocol):
    """An event (``threading.Event``) that may be set from any thread."""

    def set(self) -> None:
        """End the wait."""

    def clear(self) -> None:
        """Have the next wait last until it is set again."""

    def is_set(self) -> bool:
        """Whether it is set."""
        ...

    def wait(self, timeout: float) -> bool:
        """Whether it is set, within so many seconds."""
        ...


class Waiting(Protocol):
    """The ways to wait."""

    #: Whether others wait until this gives way.
    is_shared: bool

    def signal(self) -> Signal:
        """An event that this may wait for."""
        ...

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Whether there is something to read, or its other end is closed, within ``seconds``."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait for nothing."""

    def apart(self, work: Callable[[], T]) -> T:
        """What ``work`` returns, done where nobody waits for it: it may take long."""
        ...


class Blocking:
    """The ways of a thread that is its own."""

    is_shared = False

    def signal(self) -> Signal:
        """An event."""
        return threading.Event()

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Whether there is something to read, or its other end is closed, within ``seconds``."""
        # one that is used anew costs less than a selector, and takes any number of descriptor
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(max(0.0, 1000 * seconds)))

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def apart(self, work: Callable[[], T]) -> T:
        """What ``work`` returns."""
        return work()


_BLOCKING: Waiting = Blocking()
#: How what runs now waits.
WAITING: ContextVar[Waiting] = ContextVar("WAITING", default=_BLOCKING)


def require_thread() -> None:
    """``NeedsThread`` in the loop; call it before anything is done that may not be done twice."""
    if WAITING.get().is_shared:
        raise NeedsThread
