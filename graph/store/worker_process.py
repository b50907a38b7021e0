"""A worker as the server sees it: a process at the other end of a pipe, which can be killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe

from ..errors import OographError
from .answers import Done, Spool
from .problems import ProblemDetails
from .worker import Setup

__all__ = [
    "WorkerEnded",
    "WorkerProcess",
]


#: How often a running query checks that its client is still connected, in seconds.
_CHECK_SECONDS = 0.25


class WorkerEnded(OographError):
    """The worker's process ended; ``code`` is its exit status, or minus a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code
        self.signal = -code if code < 0 else 0


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
        """Give the worker something to do; or ``WorkerEnded``."""
        try:
            self._pipe.send(message)
        except OSError:
            raise WorkerEnded(self._process.wait()) from None

    def receive(self, seconds: float) -> object:
        """What the worker sends next; None after ``seconds`` of silence; or ``WorkerEnded``."""
        try:
            return self._pipe.recv() if self._pipe.poll(max(0.0, seconds)) else None
        except (EOFError, OSError):
            raise WorkerEnded(self._process.wait()) from None

    def collect(
        self, spool: Spool, deadline: float, is_disconnected: Callable[[], bool]
    ) -> Done | ProblemDetails | None:
        """Spool what the worker sends, to its end; None once time is up or the client has
        disconnected."""
        while (seconds := deadline - time.monotonic()) > 0:
            message = self.receive(min(seconds, _CHECK_SECONDS))
            if isinstance(message, bytes):
                spool.write(message)
            elif isinstance(message, Done | ProblemDetails):
                return message
            elif is_disconnected():
                return None
        return None

    def kill(self) -> None:
        """End the process; a caller that waits for its answer gets ``WorkerEnded``."""
        self._process.kill()
        self._process.wait()

    def dispose(self) -> None:
        """End the process and close our end of the pipe, which nobody else may be using."""
        self.kill()
        self._pipe.close()
