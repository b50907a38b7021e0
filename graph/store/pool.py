"""A pool of worker processes, each with a pipe of its own, any of which can be killed.

Why not one from a library: pebble 5.2's pool shares one pipe and its locks among all workers,
is broken for good when an idle worker dies, and took 4 s to end a query at a limit of 1 s
(measured: its SIGTERM waits for Python code, which an engine never runs).
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from ..errors import OographError
from ..files import sizes
from .admission import FairQueue, NotAdmitted, Turn, never_disconnected
from .answers import TRIALS, Done, Limits, NoRoom, Spool
from .problems import (
    ProblemDetails,
    crashed,
    damaged,
    disconnected,
    killed,
    no_room,
    no_worker,
    not_admitted,
    out_of_memory,
    out_of_time,
    too_deep,
)
from .worker import Request, Setup
from .worker_process import ForkServer, WorkerEnded, WorkerProcess

__all__ = [
    "Status",
    "Whole",
    "WorkerPool",
]


_log = logging.getLogger(__name__)
#: How long a worker may take to load its store.
_START_SECONDS = 120.0
#: How long it takes, on a busy machine, until a new worker stands in for a killed one.
_REPLACE_SECONDS = 5.0
#: How long a query runs at least that is tried while all places are taken.
_TRIAL_SECONDS = 1.0
#: The seconds before each try to load a store into memory, and between tries to hire a worker.
_PAUSES, _RETRY_SECONDS = (0.0, 60.0, 600.0), 1.0
#: How often idle workers are looked at that have ended.
_LOOK_SECONDS = 1.0
#: After a query that ran longer, a worker is forked anew. The engine counts, in the store, who
#: reads a quad: a page that is read is shared no longer, and a long query may read them all.
_WEARING_SECONDS = 1.0
#: How often a query is tried whose worker is ended by a signal. One that anybody may send is no
#: word against the query; a full memory and spent processor time are the query's own doing.
_TRIES: dict[int, int] = {
    signal.SIGKILL: 3,
    signal.SIGTERM: 3,
    signal.SIGABRT: 1,
    signal.SIGXCPU: 1,
}
_OTHER_TRIES = 2
#: The engine's stack holds any query with less text that the guard lets through.
_DEEP_CHARACTERS = 2_000
#: The tables of a store on disk, which never change.
_TABLES = "*.sst"


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that is all there."""

    spool: Spool
    #: Solutions or triples; None for an ASK.
    rows: int | None
    #: How long the query ran.
    seconds: float


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
    #: Whether the store is in memory; if not, it is read from disk.
    in_memory: bool
    #: Whether it is read from disk until it is in memory, where rows have another order.
    is_loading: bool
    #: Bytes of answers kept; how often one was given again, and was not there.
    kept_bytes: int = 0
    kept_hits: int = 0
    kept_misses: int = 0


class _TrialEnded(OographError):
    """The query was not answered within its trial, and others want one."""


class WorkerPool:
    """Runs each request in a process of its own and replaces what a request destroys."""

    def __init__(self, setup: Setup, later: Setup | None = None) -> None:
        """Workers with a store; where it takes ``later`` long to open, they take over then."""
        self._limits = limits = setup.limits
        self._folder = setup.release_dir / "store"
        self._sizes = sizes(self._folder, _TABLES)
        self._wanted = limits.processes
        self._queue: FairQueue[WorkerProcess] = FairQueue(
            limits.workers, limits.queue, limits.client_queries, TRIALS, self._usable
        )
        self._changed = threading.Condition()
        self._workers: set[WorkerProcess] = set()
        self._ready: set[WorkerProcess] = set()
        self._replaced = 0
        self._failing = False
        self._closed = threading.Event()
        #: What workers are forked from: the first, then the later one once it has loaded its store.
        self._source = self._first = ForkServer(setup)
        self._later = ForkServer(later) if later else None
        self._begin(self._keep, "hire workers")
        if self._later:
            self._begin(partial(self._move_to, self._later), "load the store")

    def run(
        self,
        request: Request,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Whole | ProblemDetails:
        """The answer, or the problem: of the query, of the limit it reached, or of a full house.

        ``seconds`` may lower the time; ``client`` is who asks ("": the site itself, which has a
        lane of its own).
        """
        limits = self._limits
        limits = replace(limits, seconds=min(limits.seconds, seconds or limits.seconds))
        tries = 0
        waited = 0.0
        try:
            turn = self._queue.enter(client)
            while True:
                begin, left = time.monotonic(), partial(self._patience, limits, waited)
                worker = self._queue.wait(turn, left, is_disconnected)
                waited += time.monotonic() - begin
                try:
                    return self._ask(worker, turn, request, limits, is_disconnected)
                except _TrialEnded:
                    self._queue.retry(turn)
                except WorkerEnded as ended:
                    tries += 1
                    if self._closed.is_set() or tries >= _TRIES.get(ended.signal, _OTHER_TRIES):
                        self._queue.release(turn, None)
                        # Where a file is not as the engine knows it, the engine aborts, too.
                        if (
                            not worker.source.in_memory
                            and sizes(self._folder, _TABLES) != self._sizes
                        ):
                            return damaged()
                        return _ended(ended, request, limits)
                    self._queue.retry(turn)
        except NotAdmitted as error:
            if self._failing and not self.status().ready:
                return no_worker(limits)
            return not_admitted(error, limits)

    def _patience(self, limits: Limits, waited: float) -> float:
        """The time in which a worker must have become free, for a request that has waited before.

        A store that fails to open ends it.
        """
        with self._changed:
            is_started = self._ready or self._failing or self._replaced
            return (limits.seconds + _REPLACE_SECONDS if is_started else _START_SECONDS) - waited

    def _ask(
        self,
        worker: WorkerProcess,
        turn: Turn[WorkerProcess],
        request: Request,
        limits: Limits,
        is_disconnected: Callable[[], bool],
    ) -> Whole | ProblemDetails:
        """The outcome, and the turn is released; or ``WorkerEnded`` or ``_TrialEnded``, and the
        turn may be had again."""
        spool = Spool()
        outcome: Whole | ProblemDetails | None = None
        reusable: WorkerProcess | None = None
        may_be_retried = False
        try:
            begin = time.monotonic()
            worker.send(request)
            end = self._collect(worker, turn, spool, begin + limits.seconds, is_disconnected)
            if end is None:
                outcome = disconnected() if is_disconnected() else out_of_time(limits)
            else:
                reusable = worker
                seconds = time.monotonic() - begin
                outcome = Whole(spool, end.rows, seconds) if isinstance(end, Done) else end
        except NoRoom as error:
            outcome = no_room(error)
        except (WorkerEnded, _TrialEnded):
            may_be_retried = True
            raise
        finally:
            if not isinstance(outcome, Whole):
                spool.close()
            if reusable is None:
                self._replace(worker)
            elif time.monotonic() - begin > _WEARING_SECONDS:
                self._dismiss(worker)
                reusable = None
            if not may_be_retried:
                self._queue.release(turn, reusable)
        return outcome

    def _collect(
        self,
        worker: WorkerProcess,
        turn: Turn[WorkerProcess],
        spool: Spool,
        deadline: float,
        is_disconnected: Callable[[], bool],
    ) -> Done | ProblemDetails | None:
        """What the worker ends with; None once time is up or the client has disconnected."""
        while turn.on_trial and (until := time.monotonic() + self._trial_seconds()) < deadline:
            end = worker.collect(spool, until, is_disconnected)
            if end is not None or time.monotonic() < until:
                return end
            if not self._queue.may_go_on(turn):
                raise _TrialEnded
        return worker.collect(spool, deadline, is_disconnected)

    def _trial_seconds(self) -> float:
        """So long that all clients who wait for a trial have one within a time limit.

        Half of it goes to replacing workers.
        """
        return min(_TRIAL_SECONDS, self._limits.seconds / 2 / (self._queue.untried + 1))

    @property
    def in_memory(self) -> bool:
        """Whether workers have the store in memory."""
        return self._source.in_memory

    def status(self) -> Status:
        """What the pool is doing."""
        with self._changed:
            workers, replaced = tuple(self._ready), self._replaced
        ready = sum(worker.alive for worker in workers)
        running, waiting = self._queue.running, self._queue.waiting
        is_loading = self._later is not None and self._source is not self._later
        return Status(ready, self._wanted, running, waiting, replaced, self.in_memory, is_loading)

    def wait(self, seconds: float) -> bool:
        """Whether every worker holds its store, within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= self._wanted, seconds)

    def _usable(self, worker: WorkerProcess) -> bool:
        """Whether an idle worker lives and has the store that is best; if not, it is replaced."""
        if not worker.alive:
            self._replace(worker)
        elif worker.source is not self._source:
            self._dismiss(worker)
        else:
            return True
        return False

    def _replace(self, worker: WorkerProcess) -> None:
        """Another is hired in place of one that was destroyed."""
        with self._changed:
            self._replaced += 1
        self._dismiss(worker)

    def _dismiss(self, worker: WorkerProcess) -> None:
        """Another is hired in place of this one."""
        worker.dispose()
        with self._changed:
            self._workers.discard(worker)
            self._ready.discard(worker)
            self._changed.notify_all()
            is_done_with = self._source is not self._first and not any(
                each.source is self._first for each in self._workers
            )
        if is_done_with:
            self._first.close()

    def _move_to(self, source: ForkServer) -> None:
        """Take workers from another source, once it has loaded its store."""
        for pause in _PAUSES:
            if self._closed.wait(pause):
                return
            try:
                is_loaded = source.wait()
            except OSError:
                is_loaded = False
            if self._closed.is_set():
                source.close()  # It may have been started since.
                return
            if is_loaded:
                with self._changed:
                    self._source = source
                self._queue.renew()
                return
            _log.warning("the store could not be loaded into memory; it is read from disk")
        self._later = None

    def _fall_back(self) -> None:
        """Read the store from disk, where what held it in memory has ended, until it is loaded."""
        if self._later and self._source is self._later:
            _log.warning("the process that holds the store has ended; it is read from disk again")
            self._source = self._first
            self._begin(partial(self._move_to, self._later), "load the store")

    def _begin(self, task: Callable[[], None], name: str) -> None:
        threading.Thread(target=task, name=name, daemon=True).start()

    def _keep(self) -> None:
        """Hire a worker wherever one is missing or has ended, until the pool is closed."""
        while True:
            with self._changed:
                is_due = self._changed.wait_for(
                    lambda: self._closed.is_set() or len(self._workers) < self._wanted,
                    _LOOK_SECONDS,
                )
            if self._closed.is_set():
                self.close()  # what has been hired meanwhile
                return
            if not is_due:
                self._queue.renew()
            elif not self._hire():
                self._closed.wait(_RETRY_SECONDS)

    def _hire(self) -> bool:
        """Whether there is a worker more; it takes requests once it holds the store."""
        source = self._source
        if source is self._later and not source.alive:  # It would take long to load it again.
            self._fall_back()
            source = self._source
        try:
            worker = source.start()
        except OSError as error:
            _log.warning("no worker can be started: %s", error)
            worker = None
        if worker:
            with self._changed:
                self._workers.add(worker)
            with suppress(WorkerEnded):
                if worker.receive(_START_SECONDS) is not None:
                    with self._changed:
                        self._failing = False
                        self._ready.add(worker)
                        self._changed.notify_all()
                    self._queue.put(worker)
                    return True
            self._dismiss(worker)
        with self._changed:
            self._failing = True
            self._changed.notify_all()
        return False

    def close(self) -> None:
        """End every worker, busy or not."""
        self._closed.set()
        with self._changed:
            workers, self._workers = self._workers, set()
            self._changed.notify_all()
        for worker in workers:
            worker.kill()
        for source in (self._first, self._later):
            if source:
                source.close()


def _ended(ended: WorkerEnded, request: Request, limits: Limits) -> ProblemDetails:
    """Details for a query whose worker ended, as the signal has it."""
    if ended.code >= 0:
        return crashed(limits)
    is_long = len(request.text) >= _DEEP_CHARACTERS
    if ended.signal in (signal.SIGSEGV, signal.SIGBUS) and is_long:  # The stack overflows so.
        return too_deep(limits)
    return _BY_SIGNAL.get(ended.signal, killed)(limits)


_BY_SIGNAL: dict[int, Callable[[Limits], ProblemDetails]] = {
    signal.SIGABRT: out_of_memory,
    signal.SIGXCPU: out_of_time,
}
