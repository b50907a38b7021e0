"""The HTTP server: waitress, with requests and connections of our own.

Waitress, since none of the other servers for WSGI has all of these: it notices that a client has
left while its query runs (so that the query is stopped), it sends files without holding a thread,
it reads bodies before it answers, it is one process (so that metrics, limits and what is
kept are of the whole site), and it depends on nothing. What it leaves open, strictness and
deadlines, is a subclass of its parser and one of its channel; and its loop answers what needs no
thread (``loop``).
"""

from __future__ import annotations

import errno
import resource
from contextlib import suppress
from dataclasses import replace
from typing import Any

import waitress
from waitress import wasyncore
from waitress.server import BaseWSGIServer

from ...graph.errors import NoThreads
from ..app import BODY_BYTES
from .connection import DEFAULT_CONNECTION_LIMITS, Connection, ConnectionLimits, Connections
from .loop import Loop
from .threads import FairThreads

#: The files that a connection has open, its own and that of a large answer; and those of all else.
_OF_A_CONNECTION, _OTHER_DESCRIPTORS = 2, 500
#: How long requests may take to end when the server is closed, and then the threads.
_END_SECONDS, _THREADS_END_SECONDS = 4.0, 1.0
#: Waitress's own limits, where ours come first.
_NEVER = 2**31


class _InLoop:
    """Where waitress leaves a request whose application gives way: with the loop."""

    def __init__(self, loop: Loop) -> None:
        self.add_task = loop.begin


class Server:
    """A server that listens, and answers once it runs."""

    def __init__(self, loop: Loop, sockets: dict[int, Any], threads: FairThreads) -> None:
        self._loop, self._sockets, self._threads = loop, sockets, threads

    @property
    def port(self) -> int:
        """The port listened on; a name with several addresses has a socket for each."""
        return next(int(each.effective_port) for each in self.listening)

    @property
    def connections(self) -> list[Connection]:
        """Those that are open."""
        return [each for each in list(self._sockets.values()) if isinstance(each, Connection)]

    @property
    def listening(self) -> list[BaseWSGIServer]:
        """The sockets that are listened on, one for each address."""
        return [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]

    def run(self) -> None:
        """Serve in this thread until it is stopped or told to exit, or another closes it."""
        with suppress(SystemExit, KeyboardInterrupt):
            self._loop.run()

    def stop(self) -> None:
        """Have ``run`` return once what runs now has given way; also from a signal's handler,
        which must not raise where a half-sent answer could be broken off.
        """
        self._loop.stop()

    def close(self) -> None:
        """Take no more requests, let those end that have come, for some seconds, and close all
        connections.
        """
        self._loop.finish(self._take_no_more)
        self._loop.drain(_END_SECONDS)
        self._threads.shutdown(timeout=_THREADS_END_SECONDS)
        self._loop.finish(lambda: wasyncore.close_all(self._sockets))

    def _take_no_more(self) -> None:
        for each in self.listening:
            # without what wakes the loop, which is closed with all else
            wasyncore.dispatcher.close(each)
        for connection in self.connections:
            connection.take_no_more()


def create_server(
    app: Any,
    host: str,
    port: int,
    threads: int,
    limits: ConnectionLimits = DEFAULT_CONNECTION_LIMITS,
    gives_way: bool = False,
) -> Server:
    """A server that listens, but does not run yet; OSError where it cannot listen, ``NoThreads``
    where the system has no room for its threads.

    ``gives_way``: the application is asked in the server's loop, and raises ``NeedsThread`` where
    it would hold others up; else each request has a thread.
    """
    limits = replace(limits, connections=_allow_descriptors(limits.connections))
    sockets: dict[int, Any] = {}
    workers = FairThreads()
    loop = Loop(sockets, workers)
    try:
        workers.set_thread_count(threads)
    except RuntimeError as error:  # Python's only word for it
        raise NoThreads(
            f"the {threads} threads of the server cannot be started ({error}): the limit on memory "
            "(ulimit -v) or on processes (ulimit -u) is too low. Fix: raise it, or lower --workers"
        ) from None
    try:
        waitress.create_server(
            app,
            map=sockets,
            _dispatcher=_InLoop(loop) if gives_way else workers,
            host=host,
            port=port,
            ident="oograph",
            # For what is asked with HTTP/1.0 and no Host.
            server_name=host,
            max_request_header_size=_NEVER,
            max_request_body_size=BODY_BYTES + 1,
            # Never in a file, for which there may be no room.
            inbuf_overflow=_NEVER,
            connection_limit=_NEVER,
            channel_timeout=_NEVER,
            asyncore_use_poll=True,
            # So that waitress goes on reading, and notices when a client has left.
            channel_request_lookahead=1,
            # ProxyFix decides which of them count.
            clear_untrusted_proxy_headers=False,
        )
    except ValueError:  # waitress's only word for it
        raise OSError(errno.EADDRNOTAVAIL, "no host is called so") from None
    connections = Connections(limits)
    server = Server(loop, sockets, workers)
    for each in server.listening:
        each.channel_class = connections
        loop.wake = each.pull_trigger
        each.pull_trigger = loop.look
    return server


def _allow_descriptors(connections: int) -> int:
    """As many open files as connections need, where the system lets us; and else as many
    connections as it does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OF_A_CONNECTION * connections + _OTHER_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    left = most - min(_OTHER_DESCRIPTORS, most // 2)
    return max(1, min(connections, left // _OF_A_CONNECTION))
