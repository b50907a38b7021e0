"""Threads for the requests that need one, shared fairly among clients."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Protocol

from waitress.task import ThreadedTaskDispatcher


class Task(Protocol):
    """A task for a thread."""

    #: The client the task is for; "" for the server's own.
    asker: str

    def service(self) -> None:
        """Run the task."""

    def cancel(self) -> None:
        """Take note that the task will not be run."""


class _Taken:
    """A task that a thread has taken."""

    def __init__(self, task: Task, end: Callable[[str], None]) -> None:
        self._task, self._asker, self._end = task, task.asker, end
        self.cancel = task.cancel

    def service(self) -> None:
        try:
            self._task.service()
        finally:
            self._end(self._asker)


class _Waiting:
    """The tasks that wait for a thread, with the interface of waitress's queue.

    The next task is from the client with the fewest threads, and no client takes more threads than
    are free (A. K. Choudhury and E. L. Hahne: Dynamic queue length thresholds for shared-memory
    packet switches, 1998). One client alone gets half of the threads, n clients together n/(n+1),
    so that a new client finds a free one.
    """

    def __init__(self, end: Callable[[str], None]) -> None:
        self.places: float = 0
        self._end = end
        self._tasks: dict[str, deque[Task]] = {}
        self._held: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(map(len, self._tasks.values()))

    def __bool__(self) -> bool:
        """Whether a task may be taken now."""
        return self._next() is not None

    def append(self, task: Task) -> None:
        """Add a task."""
        self._tasks.setdefault(task.asker, deque()).append(task)

    def popleft(self) -> _Taken:
        """Take the next task; there must be one that may be taken now."""
        asker = self._next()
        assert asker is not None
        # Among clients with equally many threads, the one that has waited longest goes first.
        tasks = self._tasks.pop(asker)
        task = tasks.popleft()
        if tasks:
            self._tasks[asker] = tasks
        self._held[asker] += 1
        return _Taken(task, self._end)

    def give_back(self, asker: str) -> None:
        """Take note that a thread of a client is free again."""
        self._held[asker] -= 1
        if not self._held[asker]:
            del self._held[asker]

    def _next(self) -> str | None:
        if "" in self._tasks:
            return ""
        if not self._tasks:
            return None
        asker = min(self._tasks, key=self._held.__getitem__)
        free = self.places - self._held.total()
        return asker if self._held[asker] < free else None


class FairThreads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """A pool of threads that no client can take all of."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = _Waiting(self._give_back)

    def set_thread_count(self, count: int) -> None:
        """Set the number of threads; with 0, all waiting tasks may be taken, to be cancelled."""
        with self.lock:
            self.queue.places = count or math.inf
        super().set_thread_count(count)

    def add_task(self, task: Any) -> None:
        """Queue a task for a thread, until it is its client's turn."""
        with self.lock:
            self.queue.append(task)
            self.queue_cv.notify()

    def _give_back(self, asker: str) -> None:
        with self.lock:
            self.queue.give_back(asker)
            # A free thread may allow more tasks to start than the one it takes itself.
            self.queue_cv.notify()
