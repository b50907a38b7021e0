"""A worker as the server sees it: a process at the other end of a pipe, which can be killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe

from .answers import Done, Spool
from .problems import ProblemDetails
from .worker import Setup

__all__ = [
    "Gone",
    "WorkerProcess",
]


#: How often a running query's client is looked for, in seconds.
_LOOK_SECONDS = 0.25


class Gone(Exception):
    """The worker's process ended; ``code`` is minus the signal that ended it."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code


class WorkerProcess:
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
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, message: object) -> None:
        """Give the worker something to do; or ``Gone``."""
        try:
            self._pipe.send(message)
        except OSError:
            raise Gone(self._process.wait()) from None

    def receive(self, seconds: float) -> object:
        """What the worker sends next; None after ``seconds`` of silence; or ``Gone``."""
        try:
            return self._pipe.recv() if self._pipe.poll(max(0.0, seconds)) else None
        except (EOFError, OSError):
            raise Gone(self._process.wait()) from None

    def collect(
        self, spool: Spool, deadline: float, gone: Callable[[], bool]
    ) -> Done | ProblemDetails | None:
        """Spool what the worker sends, to its end; None once time is up or the client has left."""
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(min(left, _LOOK_SECONDS))
            if isinstance(message, bytes):
                spool.write(message)
            elif isinstance(message, Done | ProblemDetails):
                return message
            elif gone():
                return None
        return None

    def kill(self) -> None:
        """End the process; who waits for its answer finds it gone."""
        self._process.kill()
        self._process.wait()

    def dispose(self) -> None:
        """End the process and close our end of the pipe, which nobody else may be using."""
        self.kill()
        self._pipe.close()
