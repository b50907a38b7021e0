"""The HTTP server: waitress, with our own requests and connections.

No other WSGI server does all of the following, so we use waitress:

- It notices when a client leaves while its query runs, so that the query can be stopped.
- It sends files without holding a thread.
- It reads bodies before it answers.
- It is one process, so metrics, limits and caches are those of the whole site.
- It has no dependencies.

Strict parsing and deadlines are added by subclasses of its parser and its channel, and requests
that need no thread are answered in its loop (``loop``).
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

#: The open files of a connection (its socket and a large answer), and those of everything else.
_OF_A_CONNECTION, _OTHER_DESCRIPTORS = 2, 500
#: How long requests, and then threads, may take to end when the server is closed.
_END_SECONDS, _THREADS_END_SECONDS = 4.0, 1.0
#: For waitress's own limits, because ours apply first.
_NEVER = 2**31


class _InLoop:
    """A task dispatcher for waitress that passes requests to the loop."""

    def __init__(self, loop: Loop) -> None:
        self.add_task = loop.begin


class Server:
    """A server that is listening, and answers once it runs."""

    def __init__(self, loop: Loop, sockets: dict[int, Any], threads: FairThreads) -> None:
        self._loop, self._sockets, self._threads = loop, sockets, threads

    @property
    def port(self) -> int:
        """The port it listens on; a host name with several addresses has a socket for each."""
        return next(int(each.effective_port) for each in self.listening)

    @property
    def connections(self) -> list[Connection]:
        """The open connections."""
        return [each for each in list(self._sockets.values()) if isinstance(each, Connection)]

    @property
    def listening(self) -> list[BaseWSGIServer]:
        """The listening sockets, one for each address."""
        return [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]

    def run(self) -> None:
        """Serve in this thread until the server is stopped, interrupted or closed."""
        with suppress(SystemExit, KeyboardInterrupt):
            self._loop.run()

    def stop(self) -> None:
        """Make ``run`` return once the current request has given way.

        Signal handlers may call this; they must not raise, which could break off an answer.
        """
        self._loop.stop()

    def close(self) -> None:
        """Stop accepting, give pending requests a few seconds to end, and close all connections."""
        self._loop.finish(self._take_no_more)
        self._loop.drain(_END_SECONDS)
        self._threads.shutdown(timeout=_THREADS_END_SECONDS)
        self._loop.finish(self._close_all)

    def _take_no_more(self) -> None:
        for each in self.listening:
            # not the trigger that wakes the loop, which is closed at the end
            wasyncore.dispatcher.close(each)
        for connection in self.connections:
            connection.take_no_more()

    def _close_all(self) -> None:
        for connection in self.connections:
            connection.handle_close()
        wasyncore.close_all(self._sockets)


def create_server(
    app: Any,
    host: str,
    port: int,
    threads: int,
    limits: ConnectionLimits = DEFAULT_CONNECTION_LIMITS,
    gives_way: bool = False,
) -> Server:
    """Return a server that listens, but does not run yet.

    With ``gives_way``, the application runs in the server's loop and raises ``NeedsThread`` if it
    would hold up others; otherwise each request has a thread. Raises OSError if the server cannot
    listen, ``NoThreads`` if the system cannot start its threads.
    """
    limits = replace(limits, connections=_allow_descriptors(limits.connections))
    sockets: dict[int, Any] = {}
    workers = FairThreads()
    loop = Loop(sockets, workers)
    try:
        workers.set_thread_count(threads)
    except RuntimeError as error:  # Python has no more specific error
        raise NoThreads(
            f"cannot start the {threads} threads of the server ({error}): the limit on memory "
            "(ulimit -v) or processes (ulimit -u) is too low. Fix: raise it, or lower --workers"
        ) from None
    try:
        waitress.create_server(
            app,
            map=sockets,
            _dispatcher=_InLoop(loop) if gives_way else workers,
            host=host,
            port=port,
            ident="oograph",
            # for HTTP/1.0 requests without a Host header
            server_name=host,
            max_request_header_size=_NEVER,
            max_request_body_size=BODY_BYTES + 1,
            # never in a file, because the disk may be full
            inbuf_overflow=_NEVER,
            connection_limit=_NEVER,
            channel_timeout=_NEVER,
            asyncore_use_poll=True,
            # so that waitress goes on reading, and notices when a client leaves
            channel_request_lookahead=1,
            # ProxyFix decides which headers to trust
            clear_untrusted_proxy_headers=False,
        )
    except ValueError:  # waitress has no more specific error
        raise OSError(errno.EADDRNOTAVAIL, "there is no such host") from None
    connections = Connections(limits)
    server = Server(loop, sockets, workers)
    for each in server.listening:
        each.channel_class = connections
        loop.wake = each.pull_trigger
        each.pull_trigger = loop.look
    return server


def _allow_descriptors(connections: int) -> int:
    """Raise the limit on open files to what the connections need, as far as the system allows.

    Returns how many connections that is enough for.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OF_A_CONNECTION * connections + _OTHER_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    left = most - min(_OTHER_DESCRIPTORS, most // 2)
    return max(1, min(connections, left // _OF_A_CONNECTION))
