"""Threads for the requests that need one, shared out fairly by client."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Protocol

from waitress.task import ThreadedTaskDispatcher


class Task(Protocol):
    """What a thread does."""

    #: The client it is done for; "": the server's own.
    asker: str

    def service(self) -> None:
        """Do it."""

    def cancel(self) -> None:
        """It will not be done."""


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
    """The tasks that wait for a thread, as waitress wants a queue.

    The next one is of the client that has the fewest threads, and none takes more than there are
    free (A. K. Choudhury and E. L. Hahne: Dynamic queue length thresholds for shared-memory packet
    switches, 1998): one client alone gets half of them, n get n/(n+1), and who comes then finds
    one.
    """

    def __init__(self, end: Callable[[str], None]) -> None:
        self.places: float = 0
        self._end = end
        self._tasks: dict[str, deque[Task]] = {}
        self._held: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(map(len, self._tasks.values()))

    def __bool__(self) -> bool:
        """Whether one may be taken now."""
        return self._next() is not None

    def append(self, task: Task) -> None:
        """Have a task wait."""
        self._tasks.setdefault(task.asker, deque()).append(task)

    def popleft(self) -> _Taken:
        """Take the next one, which may be taken now."""
        asker = self._next()
        assert asker is not None
        # Of those that have as many, the one that has waited longest since its last.
        tasks = self._tasks.pop(asker)
        task = tasks.popleft()
        if tasks:
            self._tasks[asker] = tasks
        self._held[asker] += 1
        return _Taken(task, self._end)

    def give_back(self, asker: str) -> None:
        """A thread of a client is free again."""
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
    """Threads that no client has all of."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = _Waiting(self._give_back)

    def set_thread_count(self, count: int) -> None:
        """Have so many threads; without any, whatever waits may be taken, and is cancelled."""
        with self.lock:
            self.queue.places = count or math.inf
        super().set_thread_count(count)

    def add_task(self, task: Any) -> None:
        """Have a thread do a task, when it is its client's turn."""
        with self.lock:
            self.queue.append(task)
            self.queue_cv.notify()

    def _give_back(self, asker: str) -> None:
        with self.lock:
            self.queue.give_back(asker)
            # What this thread's end makes room for may be more than the one task it takes next.
            self.queue_cv.notify()
