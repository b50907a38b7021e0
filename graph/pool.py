"""A pool of worker processes, each with a pipe of its own, any of which can be killed.

Why not one from a library: pebble 5.2's pool shares one pipe and its locks among all workers,
is broken for good when an idle worker dies, and took 4 s to end a query at a limit of 1 s
(measured: its SIGTERM waits for Python code, which an engine never runs).
"""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import Pipe
from typing import cast

from .answers import Fault, Limits, busy, crashed, out_of_memory, out_of_time, too_deep
from .worker import Request, Setup

__all__ = ["WorkerPool"]

#: How long a worker may take to load its store.
_START_SECONDS = 120.0
#: How long it takes, as a rule, until a new worker stands in for a killed one.
_REPLACE_SECONDS = 1.0


class _Gone(Exception):
    """The worker's process ended; ``code`` is minus the signal that ended it."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code


class _Worker:
    """One process and our end of its pipe."""

    def __init__(self, setup: Setup) -> None:
        ours, theirs = Pipe()
        with theirs:
            # -P: no module of the current folder stands in for one of ours.
            command = [sys.executable, "-P", "-m", f"{__package__}.worker", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._pipe = ours
        self._pipe.send(setup)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def receive(self, seconds: float) -> object:
        """What the worker sends next; None after ``seconds`` of silence; or ``_Gone``."""
        try:
            return self._pipe.recv() if self._pipe.poll(seconds) else None
        except (EOFError, OSError):
            raise _Gone(self._process.wait()) from None

    def ask(self, request: Request, seconds: float) -> object:
        try:
            self._pipe.send(request)
        except OSError:
            raise _Gone(self._process.wait()) from None
        return self.receive(seconds)

    def kill(self) -> None:
        """End the process; who waits for its answer finds it gone."""
        self._process.kill()
        self._process.wait()

    def dispose(self) -> None:
        """End the process and close our end of the pipe, which nobody else may be using."""
        self.kill()
        self._pipe.close()


class WorkerPool:
    """Runs each request in a process of its own and replaces what a request destroys."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._places = threading.BoundedSemaphore(setup.limits.workers + setup.limits.queue)
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._started = threading.Event()
        self._closed = threading.Event()
        for _ in range(setup.limits.workers):
            self._hire()

    def run(self, request: Request) -> bytes | Fault:
        """The answer, or the fault: of the query, of the limit it reached, or of a full house."""
        limits = self._setup.limits
        if not self._places.acquire(blocking=False):
            return busy(limits)
        try:
            worker = self._take()
            if worker is None:
                return busy(limits)
            return self._ask(worker, request, limits)
        finally:
            self._places.release()

    def _take(self) -> _Worker | None:
        """A live worker; None after the time in which one must have become free."""
        patience = self._setup.limits.seconds + _REPLACE_SECONDS
        seconds = patience if self._started.is_set() else _START_SECONDS
        until = time.monotonic() + seconds
        while True:
            try:
                worker = self._idle.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return None
            if worker.alive:
                return worker
            self._replace(worker)

    def _ask(self, worker: _Worker, request: Request, limits: Limits) -> bytes | Fault:
        try:
            outcome = worker.ask(request, limits.seconds)
        except _Gone as gone:
            self._replace(worker)
            return _FAULTS.get(-gone.code, crashed)(limits)
        if outcome is None:
            self._replace(worker)
            return out_of_time(limits)
        self._idle.put(worker)
        return cast("bytes | Fault", outcome)

    def _replace(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.dispose()
        self._hire()

    def _hire(self) -> None:
        threading.Thread(target=self._start, name="hire a worker", daemon=True).start()

    def _start(self) -> None:
        """Start a worker; it takes requests once it holds the store."""
        while not self._closed.is_set():
            worker = _Worker(self._setup)
            with self._lock:
                self._workers.add(worker)
            try:
                ready = worker.receive(_START_SECONDS) is not None
            except _Gone:
                ready = False
            if ready:
                self._idle.put(worker)
                self._started.set()
                break
            with self._lock:
                self._workers.discard(worker)
            worker.dispose()
            self._closed.wait(1.0)
        if self._closed.is_set():
            self.close()

    def close(self) -> None:
        """End every worker, busy or not."""
        self._closed.set()
        with self._lock:
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.kill()


#: What the signal that ended a worker tells of the query it ran: the engine's stack overflows
#: with SIGSEGV, a failed allocation aborts, the system kills what takes too much.
_FAULTS: dict[int, Callable[[Limits], Fault]] = {
    signal.SIGSEGV: too_deep,
    signal.SIGBUS: too_deep,
    signal.SIGABRT: out_of_memory,
    signal.SIGKILL: out_of_memory,
    signal.SIGXCPU: out_of_time,
}
