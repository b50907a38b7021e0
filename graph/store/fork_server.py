"""The fork server: a process that holds the store and forks the workers.

A store in memory is loaded only once, however many workers there are and however often they are
replaced: a fork shares its pages and starts at once. For this reason the process has a single
thread, runs no queries and draws no random numbers. A store on disk is opened by each worker,
because its engine has threads.

Started by ``worker_process.ForkServer`` as ``python -m oograph.graph.store.fork_server FD``, with
a pickled ``Setup`` on its standard input. POSIX only.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import IO, NoReturn, cast

import pyoxigraph as ox

from ..rdf.writing import graph_context
from .worker import PID_BYTES, Setup, open_store, work

#: The descriptor of a worker's pipe: the first after standard input, output and error.
_PIPE = 3


def main(descriptor: int) -> None:
    """Load the store, report that, and fork a worker for each pair of sockets received, until the
    other end closes.

    The first socket of a pair is for the worker. The second reports the worker's process ID, with a
    process descriptor if the system has these, and later the worker's exit status.
    """
    with socket.socket(fileno=descriptor) as channel:
        setup: Setup = pickle.load(sys.stdin.buffer)
        graph_context(setup.base_iri)  # read now: a worker can open no file except its store
        store = open_store(setup, partial(_watched, channel)) if setup.in_memory else None
        channel.send(b"1")
        gc.freeze()  # keeps the garbage collector from writing to shared pages
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        workers: dict[int, socket.socket] = {}
        while True:
            ready, _, _ = select.select([descriptor, woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
                _report_ends(workers)
            if descriptor in ready:
                message, sockets, _, _ = socket.recv_fds(channel, 1, 2)
                if not message:
                    return
                _fork(sockets, workers, setup, store)


def _watched(channel: socket.socket, file: IO[bytes]) -> IO[bytes]:
    """A file whose ``read`` raises EOFError once the other end of a channel has closed."""
    return cast(IO[bytes], _Watched(channel, file))


class _Watched:
    def __init__(self, channel: socket.socket, file: IO[bytes]) -> None:
        self._file = file
        self._poll = select.poll()
        self._poll.register(channel, 0)  # Only hang-up, which is always reported.

    def read(self, size: int = -1) -> bytes:
        if self._poll.poll(0):
            raise EOFError
        return self._file.read(size)


def _fork(
    sockets: Sequence[int], workers: dict[int, socket.socket], setup: Setup, store: ox.Store | None
) -> None:
    """Fork a worker for a pair of sockets; close them if that is not possible."""
    try:
        theirs, status = sockets
        pid = os.fork()
    except (OSError, ValueError):  # no process, or no descriptors
        for each in sockets:
            os.close(each)
        return
    if not pid:
        _be_a_worker(theirs, status, setup, store)
    os.close(theirs)
    workers[pid] = socket.socket(fileno=status)


def _report_ends(workers: dict[int, socket.socket]) -> None:
    """Report the exit status of each worker that has ended."""
    while workers:
        pid, ended = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with workers.pop(pid) as status, suppress(OSError):
            status.send(str(os.waitstatus_to_exitcode(ended)).encode())


def _be_a_worker(descriptor: int, status: int, setup: Setup, store: ox.Store | None) -> NoReturn:
    """Answer queries in the forked process; never returns."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with suppress(EOFError, ConnectionError):  # the pool has closed its end
            _announce(status)
            os.dup2(descriptor, _PIPE)
            os.closerange(_PIPE + 1, max(map(int, os.listdir("/dev/fd"))) + 1)
            work(Connection(_PIPE), setup, store or open_store(setup))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _announce(status: int) -> None:
    """Report this worker's process ID, before anything else."""
    pid = os.getpid()
    process = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []
    with socket.socket(fileno=status) as ours:
        socket.send_fds(ours, [pid.to_bytes(PID_BYTES, sys.byteorder)], process)


if __name__ == "__main__":
    with suppress(EOFError, ConnectionError):  # the pool has closed its end, perhaps already
        main(int(sys.argv[1]))
