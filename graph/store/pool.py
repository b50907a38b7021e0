"""A pool of worker processes, each with a pipe of its own, any of which can be killed.

Why not one from a library: pebble 5.2's pool shares one pipe and its locks among all workers,
is broken for good when an idle worker dies, and took 4 s to end a query at a limit of 1 s
(measured: its SIGTERM waits for Python code, which an engine never runs).
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from .admission import FairQueue, NotAdmitted, present
from .answers import Done, Limits, Spool
from .problems import (
    ProblemDetails,
    crashed,
    killed,
    left,
    no_turn,
    no_worker,
    out_of_memory,
    out_of_time,
    too_deep,
)
from .worker import Request, Setup
from .worker_process import Gone, WorkerProcess

__all__ = [
    "Status",
    "Whole",
    "WorkerPool",
]


#: How long a worker may take to load its store.
_START_SECONDS = 120.0
#: How long it takes, as a rule, until a new worker stands in for a killed one.
_REPLACE_SECONDS = 1.0
#: The same, where all were killed at once.
_RESTART_SECONDS = 5.0
#: How often a query is tried whose worker was killed by hand, or by a machine short of memory.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that is all there."""

    spool: Spool
    #: Solutions or triples; None for an ASK.
    rows: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """What the pool is doing."""

    #: Workers that hold the store and live.
    ready: int
    #: Workers there should be.
    wanted: int
    running: int
    waiting: int
    #: Workers that had to be replaced since the start.
    replaced: int
    #: Bytes of answers kept; how often one was of use, and was not there.
    kept_bytes: int = 0
    kept_hits: int = 0
    kept_misses: int = 0


class WorkerPool:
    """Runs each request in a process of its own and replaces what a request destroys."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        limits = setup.limits
        self._wanted = limits.workers + 1
        self._turns: FairQueue[WorkerProcess] = FairQueue(
            limits.workers, limits.queue, limits.client_queries, self._usable
        )
        self._changed = threading.Condition()
        self._workers: set[WorkerProcess] = set()
        self._ready: set[WorkerProcess] = set()
        self._replaced = 0
        self._failing = False
        self._closed = threading.Event()
        # The others follow once this one is ready: it is sooner alone.
        self._missing = self._wanted - 1
        self._hire()

    def run(
        self,
        request: Request,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], bool] = present,
    ) -> Whole | ProblemDetails:
        """The answer, or the fault: of the query, of the limit it reached, or of a full house.

        ``seconds`` may lower the time; ``client`` is who asks ("": the site itself, which has a
        lane of its own); ``gone`` tells whether the client has left.
        """
        limits = self._setup.limits
        limits = replace(limits, seconds=min(limits.seconds, seconds or limits.seconds))
        deadline, tries = 0.0, _TRIES
        outcome: Whole | ProblemDetails | None = None
        while outcome is None:
            try:
                worker = self._turns.take(client, self._patience(limits), gone)
            except NotAdmitted as error:
                if self._failing and not self.status().ready:
                    return no_worker(limits)
                return no_turn(error, limits)
            deadline = deadline or time.monotonic() + limits.seconds
            tries -= 1
            outcome = self._ask(worker, request, limits, deadline, client, gone, tries > 0)
        return outcome

    def _patience(self, limits: Limits) -> float:
        """The time in which a worker must have become free."""
        with self._changed:
            if self._ready or self._failing:
                return limits.seconds + _REPLACE_SECONDS
            return limits.seconds + _RESTART_SECONDS if self._replaced else _START_SECONDS

    def _ask(
        self,
        worker: WorkerProcess,
        request: Request,
        limits: Limits,
        deadline: float,
        client: str,
        gone: Callable[[], bool],
        again: bool,
    ) -> Whole | ProblemDetails | None:
        """The outcome; None where the worker was killed and ``again`` allows another try."""
        spool = Spool()
        outcome: Whole | ProblemDetails | None = None
        kept: WorkerProcess | None = None
        try:
            worker.send(request)
            found = worker.collect(spool, deadline, gone)
            if isinstance(found, Done):
                outcome, kept = Whole(spool, found.rows), worker
            elif isinstance(found, ProblemDetails):
                outcome, kept = found, worker
            else:
                outcome = left() if gone() else out_of_time(limits)
        except Gone as ended:
            by_hand = ended.code in (-signal.SIGKILL, -signal.SIGTERM)
            if not (by_hand and again and not self._closed.is_set()):
                outcome = _FAULTS.get(-ended.code, crashed)(limits)
        finally:
            if not isinstance(outcome, Whole):
                spool.close()
            if kept is None:
                self._replace(worker)
            self._turns.done(client, kept)
        return outcome

    def status(self) -> Status:
        """What the pool is doing."""
        with self._changed:
            ready = sum(worker.alive for worker in self._ready)
            replaced = self._replaced
        return Status(ready, self._wanted, self._turns.running, self._turns.waiting, replaced)

    def wait(self, seconds: float) -> bool:
        """Whether every worker holds its store, within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= self._wanted, seconds)

    def _usable(self, worker: WorkerProcess) -> bool:
        """Whether a worker lives; one that died while idle is replaced."""
        if worker.alive:
            return True
        self._replace(worker)
        return False

    def _replace(self, worker: WorkerProcess) -> None:
        with self._changed:
            self._workers.discard(worker)
            self._ready.discard(worker)
            self._replaced += 1
        worker.dispose()
        self._hire()

    def _hire(self) -> None:
        threading.Thread(target=self._start, name="hire a worker", daemon=True).start()

    def _start(self) -> None:
        """Start a worker; it takes requests once it holds the store."""
        while not self._closed.is_set():
            worker = WorkerProcess(self._setup)
            with self._changed:
                self._workers.add(worker)
            try:
                ready = worker.receive(_START_SECONDS) is not None
            except Gone:
                ready = False
            with self._changed:
                self._failing = not ready
                if ready:
                    self._ready.add(worker)
                else:
                    self._workers.discard(worker)
                missing, self._missing = (self._missing, 0) if ready else (0, self._missing)
                self._changed.notify_all()
            if ready:
                self._turns.put(worker)
                for _ in range(missing):
                    self._hire()
                break
            worker.dispose()
            self._closed.wait(1.0)
        if self._closed.is_set():
            self.close()

    def close(self) -> None:
        """End every worker, busy or not."""
        self._closed.set()
        with self._changed:
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.kill()


#: What the signal that ended a worker tells of the query it ran: the engine's stack overflows
#: with SIGSEGV, a failed allocation aborts, the system kills what takes too much.
_FAULTS: dict[int, Callable[[Limits], ProblemDetails]] = {
    signal.SIGSEGV: too_deep,
    signal.SIGBUS: too_deep,
    signal.SIGABRT: out_of_memory,
    signal.SIGKILL: killed,
    signal.SIGTERM: killed,
    signal.SIGXCPU: out_of_time,
}
