"""Waiting, in a thread that may block or in the server's event loop, which must not.

The loop is a single thread for many requests. Work that may take long without waiting, or that
waits in other ways than these, needs its own thread and calls ``require_thread``.
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
    """Raised in the loop, before anything is done, if a request needs its own thread.

    It is not an ``Exception``, so that no handler on the way catches it.
    """


class Signal(Protocol):
    """An event, like ``threading.Event``, that may be set from any thread."""

    def set(self) -> None:
        """End the wait."""

    def clear(self) -> None:
        """Reset it, so that the next wait lasts until it is set again."""

    def is_set(self) -> bool:
        """Whether it is set."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds; return whether it is set."""
        ...


class Waiting(Protocol):
    """The ways to wait."""

    #: Whether other requests run only while this one waits.
    is_shared: bool

    def signal(self) -> Signal:
        """A new event to wait for."""
        ...

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Wait up to ``seconds``; return whether there is data to read or the other end closed."""
        ...

    def pause(self, seconds: float) -> None:
        """Pause for ``seconds``."""

    def apart(self, work: Callable[[], T]) -> T:
        """Run ``work`` where it may take long without delaying others; return its result."""
        ...


class Blocking:
    """Ways to wait for a thread of its own, which may block."""

    is_shared = False

    def signal(self) -> Signal:
        """A new event."""
        return threading.Event()

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Wait up to ``seconds``; return whether there is data to read or the other end closed."""
        # a new poll object costs less than a selector, and accepts any descriptor number
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(max(0.0, 1000 * seconds)))

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def apart(self, work: Callable[[], T]) -> T:
        """Run ``work`` and return its result."""
        return work()


_BLOCKING: Waiting = Blocking()
#: How the current context waits.
WAITING: ContextVar[Waiting] = ContextVar("WAITING", default=_BLOCKING)


def require_thread() -> None:
    """Raise ``NeedsThread`` in the loop; call it before doing anything that must not repeat."""
    if WAITING.get().is_shared:
        raise NeedsThread
