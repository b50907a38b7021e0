"""Workers from the server's side: processes at the other end of a pipe, which can be killed."""

from __future__ import annotations

import io
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

from ..errors import OographError
from .answers import Done, Spool
from .problems import ProblemDetails
from .waiting import WAITING, Blocking
from .worker import PID_BYTES, Setup

#: How often a running query checks that its client is still connected, in seconds.
_CHECK_SECONDS = 0.25
#: Seconds that the fork server may take to report a worker's exit, and between checks for it.
_LONGEST_END, _LOOK_SECONDS = 10.0, 0.005
#: The engine allocates and frees many small blocks, which takes a fifth of a query's time with
#: glibc's default cache of seven freed blocks of each size. A larger cache avoids this.
_ALLOCATION = "glibc.malloc.tcache_count=2000"
#: Seconds that a worker may pause within a message.
_PAUSE_SECONDS = 10
#: Seconds that the event loop blocks for the rest of a message, most of which is usually there.
_MOMENT_SECONDS = 0.002


class WorkerEnded(OographError):
    """The worker's process ended; ``code`` is its exit status, or the negative signal number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the worker ended with code {code}")
        self.code = code
        self.signal = -code if code < 0 else 0


class WorkerProcess:
    """One worker: our end of its pipe, and of the socket on which the fork server reports on it."""

    def __init__(
        self, source: ForkServer, pipe: Connection[object, object], status: socket.socket
    ) -> None:
        self.source = source
        self._pipe, self._status = pipe, status
        self._status.setblocking(False)
        self._lock = threading.Lock()
        #: Its process ID and, if the system has these, a process descriptor; known when "ready".
        self._pid, self._descriptor = 0, -1
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Its process ID; 0 before it is forked."""
        self._hear()
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether it is still running."""
        return self._hear() is None

    def send(self, message: object) -> None:
        """Send a message to the worker; raise ``WorkerEnded`` if it has ended."""
        try:
            self._pipe.send(message)
        except BlockingIOError:  # the worker does not read
            raise self._stuck() from None
        except OSError:
            raise self._ended() from None

    def receive(self, seconds: float) -> object:
        """The worker's next message; None after ``seconds``; or ``WorkerEnded``."""
        try:
            is_readable = WAITING.get().readable(self._pipe.fileno(), seconds)
            return self._pipe.recv() if is_readable else None
        except TimeoutError:  # it stopped within a message
            raise self._stuck() from None
        except (EOFError, OSError):
            raise self._ended() from None

    def collect(
        self, spool: Spool, deadline: float, is_disconnected: Callable[[], bool]
    ) -> Done | ProblemDetails | None:
        """Spool the worker's chunks and return its last message; None if time is up or the client
        has disconnected."""
        while (seconds := deadline - time.monotonic()) > 0:
            message = self.receive(min(seconds, _CHECK_SECONDS))
            if isinstance(message, bytes):
                spool.write(message)
                if WAITING.get().is_shared:  # a long answer
                    rest = partial(self.collect, spool, deadline, is_disconnected)
                    return WAITING.get().apart(rest)
            elif isinstance(message, Done):
                spool.write(message.rest)
                return message
            elif isinstance(message, ProblemDetails):
                return message
            elif is_disconnected():
                return None
        return None

    def kill(self) -> None:
        """End the process; a caller waiting for its answer gets ``WorkerEnded``."""
        if self._end(0.0) is not None:
            return
        with self._lock:
            self._kill()
            self._end_with(-signal.SIGKILL)

    def dispose(self) -> None:
        """End the process and close our end of the pipe, which must not be in use.

        A process that is not forked yet ends as soon as it is.
        """
        self.kill()
        self._pipe.close()

    def _kill(self) -> None:
        """Kill the process, if it has been forked and is not known to have ended."""
        if self._code is None and self._pid:
            with suppress(ProcessLookupError):
                if self._descriptor >= 0:
                    signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
                else:
                    os.kill(self._pid, signal.SIGKILL)

    def _stuck(self) -> WorkerEnded:
        self.kill()
        return WorkerEnded(-signal.SIGKILL)

    def _ended(self) -> WorkerEnded:
        """How it ended. Its pipe is closed, so it is ending; kill it if no report comes."""
        code = self._end(_LONGEST_END)
        if code is None:
            self.kill()
        return WorkerEnded(-signal.SIGKILL if code is None else code)

    def _end(self, seconds: float) -> int | None:
        """Its exit code, or None if it does not end within ``seconds``.

        If the fork server has ended, the code is unknown and SIGKILL is assumed.
        """
        until = time.monotonic() + seconds
        while self._hear() is None and (left := until - time.monotonic()) > 0:
            WAITING.get().pause(min(left, _LOOK_SECONDS))
        return self._code

    def _hear(self) -> int | None:
        """Read the fork server's messages: first the process ID, then the exit code."""
        with self._lock, suppress(BlockingIOError):
            while self._code is None:
                message, descriptors, _, _ = socket.recv_fds(self._status, PID_BYTES, 1)
                if len(message) == PID_BYTES and not self._pid:
                    self._pid = int.from_bytes(message, sys.byteorder)
                    self._descriptor = descriptors[0] if descriptors else -1
                elif message:
                    self._end_with(int(message))
                else:
                    self._kill()  # it may still be running
                    self._end_with(-signal.SIGKILL)
        return self._code

    def _end_with(self, code: int) -> None:
        """Record the exit code and release the socket and descriptor; call it under the lock."""
        if self._code is None:
            self._code = code
            self._status.close()
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1


class ForkServer:
    """A process that holds a store and forks workers."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    @property
    def in_memory(self) -> bool:
        """Whether its store is in memory."""
        return self._setup.in_memory

    @property
    def alive(self) -> bool:
        """Whether its process is running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> WorkerProcess:
        """Start a worker, which sends "ready" once it has the store; if it fails, its methods
        raise ``WorkerEnded``.

        Raises OSError if the system cannot start it.
        """
        ours, theirs = _pipe()
        try:
            status, their_status = socket.socketpair()
        except OSError:
            ours.close()
            theirs.close()
            raise
        with theirs, their_status, self._lock:
            descriptors = [theirs.fileno(), their_status.fileno()]
            channel = self._running()
            with suppress(OSError):  # the server is ending, and the pipe with it
                socket.send_fds(channel, [b"1"], descriptors)
        return WorkerProcess(self, ours, status)

    def wait(self) -> bool:
        """Wait until it has loaded its store or has ended; return whether it has loaded it."""
        with self._lock:
            channel = self._running()
        return channel.recv(1) == b"1"

    def close(self) -> None:
        """End the process; its workers end when their pipes close."""
        with self._lock:
            if self._process and self._channel:
                self._channel.close()
                self._process.kill()
                self._process.wait()
                self._process = None

    def _running(self) -> socket.socket:
        """The channel to the process, which is started if it is not running."""
        if self._channel and self._process and self._process.poll() is None:
            return self._channel
        if self._channel:
            self._channel.close()
        self._channel, theirs = socket.socketpair()
        with theirs:
            # -P: modules in the current folder must not shadow ours
            module = f"{__package__}.fork_server"
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                env={"GLIBC_TUNABLES": _ALLOCATION} | os.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # Ctrl-C in a terminal goes to the server, which ends it
            )
        assert self._process.stdin
        with self._process.stdin as setup, suppress(BrokenPipeError):
            pickle.dump(self._setup, setup)
        return self._channel


class _Pipe(Connection):
    """Our end of a pipe; raises TimeoutError if the other end pauses within a message."""

    def _recv(self, size: int) -> io.BytesIO:
        """Read ``size`` bytes, as in the base class, but without blocking the event loop."""
        received = io.BytesIO()
        while (left := size - received.tell()) > 0:
            is_there = Blocking().readable(self.fileno(), _MOMENT_SECONDS)
            if not is_there and not WAITING.get().readable(self.fileno(), _PAUSE_SECONDS):
                raise TimeoutError
            if not (block := os.read(self.fileno(), left)):
                raise EOFError
            received.write(block)
        return received


def _pipe() -> tuple[Connection[object, object], Connection[object, object]]:
    """Our end and theirs; sending to an end that does not read fails after a pause."""
    ours, theirs = socket.socketpair()
    pause = struct.pack("ll", _PAUSE_SECONDS, 0)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, pause)
    return _Pipe(ours.detach()), Connection(theirs.detach())
