"""A pool of worker processes, each with its own pipe, so that any of them can be killed.

Why not a library: in pebble 5.2, all workers share one pipe and its locks, and the pool breaks for
good when an idle worker dies. It took 4 s to end a query with a limit of 1 s (measured), because
its SIGTERM waits for Python code to run, and the engine runs none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from ..files import sizes
from .admission import FairQueue
from .answers import TRIALS
from .worker import Setup
from .worker_process import ForkServer, WorkerEnded, WorkerProcess

_log = logging.getLogger(__name__)
#: Seconds that a worker may take to load its store.
_START_SECONDS = 120.0
#: Seconds until a new worker replaces a killed one, on a busy machine.
_REPLACE_SECONDS = 5.0
#: Seconds before each attempt to load a store into memory, and between attempts to start a worker.
_PAUSES, _RETRY_SECONDS = (0.0, 60.0, 600.0), 1.0
#: How often to check for idle workers that have ended, in seconds.
_LOOK_SECONDS = 1.0
#: The files of a store on disk, which never change.
_TABLES = "*.sst"


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the pool."""

    #: Live workers that hold the store.
    ready: int
    #: Workers there should be.
    wanted: int
    running: int
    waiting: int
    #: Workers replaced since the start.
    replaced: int
    #: Whether the store is in memory; otherwise it is read from disk.
    in_memory: bool
    #: Whether it is read from disk while it is loaded into memory, which will change the row order.
    is_loading: bool
    #: Bytes of cached answers, and the cache's hits and misses.
    kept_bytes: int = 0
    kept_hits: int = 0
    kept_misses: int = 0


class WorkerPool:
    """Keeps the wanted number of workers, each with the best store available."""

    def __init__(self, setup: Setup, later: Setup | None = None) -> None:
        """Start workers with one store; switch to ``later``, if given, once it has loaded."""
        self.limits = limits = setup.limits
        self._folder = setup.release_dir / "store"
        self._sizes = sizes(self._folder, _TABLES)
        self._wanted = limits.processes
        #: The queue of requests for a worker.
        self.queue: FairQueue[WorkerProcess] = FairQueue(
            limits.workers, limits.queue, limits.client_queries, TRIALS, self._usable
        )
        self._changed = threading.Condition()
        self._workers: set[WorkerProcess] = set()
        self._ready: set[WorkerProcess] = set()
        self._replaced = 0
        self._failing = False
        self._closed = threading.Event()
        #: The fork server of new workers: the later one takes over once it has loaded its store.
        self._source = self._first = ForkServer(setup)
        self._later = ForkServer(later) if later else None
        self._begin(self._keep, "hire workers")
        if self._later:
            self._begin(partial(self._move_to, self._later), "load the store")

    def patience(self, seconds: float) -> float:
        """The seconds that a query with this time limit may wait for a worker.

        Longer while the store is still loading for the first time.
        """
        with self._changed:
            is_started = self._ready or self._failing or self._replaced
        return seconds + _REPLACE_SECONDS if is_started else _START_SECONDS

    @property
    def closed(self) -> bool:
        """Whether the pool has been closed."""
        return self._closed.is_set()

    @property
    def failing(self) -> bool:
        """Whether no worker is alive and none could be started."""
        return self._failing and not self.status().ready

    def is_damaged(self, worker: WorkerProcess) -> bool:
        """Whether the files that the worker reads have changed since they were opened."""
        return not worker.source.in_memory and sizes(self._folder, _TABLES) != self._sizes

    @property
    def in_memory(self) -> bool:
        """Whether workers have the store in memory."""
        return self._source.in_memory

    def status(self) -> Status:
        """The state of the pool."""
        with self._changed:
            workers, replaced = tuple(self._ready), self._replaced
        ready = sum(worker.alive for worker in workers)
        running, waiting = self.queue.running, self.queue.waiting
        is_loading = self._later is not None and self._source is not self._later
        return Status(ready, self._wanted, running, waiting, replaced, self.in_memory, is_loading)

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds``; return whether every worker holds its store."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= self._wanted, seconds)

    def _usable(self, worker: WorkerProcess) -> bool:
        """Whether an idle worker is alive and has the best store; if not, replace it."""
        if not worker.alive:
            self.replace(worker)
        elif worker.source is not self._source:
            self.dismiss(worker)
        else:
            return True
        return False

    def replace(self, worker: WorkerProcess) -> None:
        """Replace a worker that was killed or has ended."""
        with self._changed:
            self._replaced += 1
        self.dismiss(worker)

    def dismiss(self, worker: WorkerProcess) -> None:
        """End this worker; another will be started in its place."""
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
        """Start workers from another source, once it has loaded its store."""
        for pause in _PAUSES:
            if self._closed.wait(pause):
                return
            try:
                is_loaded = source.wait()
            except OSError:
                is_loaded = False
            if self._closed.is_set():
                source.close()  # it may have started in the meantime
                return
            if is_loaded:
                with self._changed:
                    self._source = source
                self.queue.renew()
                return
            _log.warning("the store could not be loaded into memory; reading it from disk")
        self._later = None

    def _fall_back(self) -> None:
        """Read from disk until the store is in memory again, if the process that held it ended."""
        if self._later and self._source is self._later:
            _log.warning("the process that holds the store has ended; reading from disk again")
            self._source = self._first
            self._begin(partial(self._move_to, self._later), "load the store")

    def _begin(self, task: Callable[[], None], name: str) -> None:
        threading.Thread(target=task, name=name, daemon=True).start()

    def _keep(self) -> None:
        """Start a worker whenever one is missing or has ended, until the pool is closed."""
        while True:
            with self._changed:
                is_due = self._changed.wait_for(
                    lambda: self._closed.is_set() or len(self._workers) < self._wanted,
                    _LOOK_SECONDS,
                )
            if self._closed.is_set():
                self.close()  # ends workers started in the meantime
                return
            if not is_due:
                self.queue.renew()
            elif not self._hire():
                self._closed.wait(_RETRY_SECONDS)

    def _hire(self) -> bool:
        """Start a worker; return whether it is ready to take requests."""
        source = self._source
        if source is self._later and not source.alive:  # reloading would take long
            self._fall_back()
            source = self._source
        try:
            worker = source.start()
        except OSError as error:
            _log.warning("a worker cannot be started: %s", error)
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
                    self.queue.put(worker)
                    return True
            self.dismiss(worker)
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
