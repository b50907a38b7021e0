"""Connections: each has deadlines, and clients share them fairly.

Only the thread that runs the server's loop opens, checks and closes connections.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import termios
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask as WaitressErrorTask
from waitress.task import WSGITask

from ...graph.formats import PROBLEM
from ...graph.store.waiting import WAITING, NeedsThread, require_thread
from ..app import HEADERS
from ..web.client_network import network
from .request import Request, RequestTimeout

#: A client with more unread bytes than this gets no further answers.
_UNREAD_BYTES = 2**20
#: How much a client may still send after its request was refused; it is discarded.
_REFUSED_BYTES = 2**28
#: The longest request, with its head, that the loop handles; parsing longer ones takes too long.
_SHORT_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits on the time a connection takes, and on the number of connections."""

    #: Seconds until a request's head has arrived, from when the server begins to wait for it.
    head_seconds: float = 30.0
    #: Seconds until its body has arrived, from the end of its head.
    body_seconds: float = 60.0
    #: Seconds that a client may pause while it goes on sending a refused request. In total it may
    #: take ``body_seconds``.
    leaving_seconds: float = 5.0
    #: The fewest bytes per second that a client must read of an answer, on average over each
    #: ``reading_seconds``.
    reading_rate: int = 4096
    reading_seconds: float = 30.0
    #: The most connections open at once; each takes a file descriptor and some KB.
    connections: int = 1000
    #: The most connections that one client may have open.
    client_connections: int = 256


DEFAULT_CONNECTION_LIMITS = ConnectionLimits()


class _Phase(IntEnum):
    """What a connection is doing; the higher the value, the worse it is to close it."""

    LEAVING = 0
    HEAD = 1
    BODY = 2
    SENDING = 3
    ANSWERING = 4


_WAITED_FOR = (_Phase.LEAVING, _Phase.HEAD, _Phase.BODY)


class _ErrorTask(WaitressErrorTask):  # type: ignore[misc]
    """An error that never reaches the application, in the application's error format."""

    def execute(self) -> None:
        error = self.request.error
        body = json.dumps(
            {
                "status": error.code,
                "title": HTTPStatus(error.code).phrase,
                "detail": f"The request cannot be read: {error.body.removesuffix('.')}.",
            }
        ).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [*HEADERS.items(), ("Content-Type", PROBLEM.media_type)]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Task(WSGITask):  # type: ignore[misc]
    """A request that the application answers."""

    channel: Connection

    def execute(self) -> None:
        """Have the application answer."""
        try:
            super().execute()
        except NeedsThread:
            # By now the trusted proxies have told which client is asking.
            self.channel.asker = network(self.get_environment()["REMOTE_ADDR"])
            raise

    def build_response_header(self) -> bytes:
        """Return the head of the response; it announces the close if this is the last one."""
        if self.channel.takes_no_more and len(self.channel.requests) == 1:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head

    def write(self, data: bytes) -> None:
        """Write a part of the body; the head is sent together with the first part."""
        if self.wrote_header or not data:
            super().write(data)
        else:
            with self.channel.together():
                super().write(data)


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed if its client is too slow."""

    parser_class = Request
    task_class = _Task
    error_task_class = _ErrorTask
    requests: list[Request]
    request: Request | None

    def __init__(
        self,
        server: Any,
        sock: socket.socket,
        client: str,
        addr: tuple[Any, ...],
        limits: ConnectionLimits,
        map: dict[int, Any],
    ) -> None:
        """``client`` is the client that the connection counts for."""
        self.client = client
        #: The client that the request being answered counts for.
        self.asker = client
        #: When the present phase began; sending begins anew with each check of its rate.
        self.since = time.monotonic()
        self._limits = limits
        self._answered = self._sent = self._taken = 0
        self._stage = (_Phase.HEAD, 0)
        #: Data to be sent together; None if everything is sent at once.
        self._together: list[bytes] | None = None
        self._is_writing = self._is_ending = self._is_refusing = self._is_leaving = False
        #: After a refusal: when the client last sent something, and how much in total.
        self._heard, self._refused = 0.0, 0
        super().__init__(server, sock, addr, server.adj, map=map)

    @property
    def phase(self) -> _Phase:
        """What the connection is doing."""
        if self._is_leaving:
            return _Phase.LEAVING
        if self.total_outbufs_len:
            return _Phase.SENDING
        if self.requests:
            return _Phase.ANSWERING
        if self.request is not None and self.request.headers_finished:
            return _Phase.BODY
        return _Phase.HEAD

    def readable(self) -> bool:
        """Check the deadlines, because the loop calls this at least once a second."""
        self._look(time.monotonic())
        return bool(self.connected and super().readable())

    def received(self, data: bytes) -> bool:
        """Take data from the client; after the last request it is discarded."""
        if self._is_leaving:
            self._heard = time.monotonic()
            self._refused += len(data)
            if self._refused > _REFUSED_BYTES:
                self.handle_close()
            return False
        return not self.takes_no_more and bool(super().received(data))

    def handle_write(self) -> None:
        """Send; a client that may still be sending a refused request is read before closing."""
        if not (self._is_refusing and self.close_when_flushed):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close:
            self.handle_close()
        elif self.connected and not self.total_outbufs_len:
            self._leave()

    def _leave(self) -> None:
        """Stop sending, but read on (RFC 9112, 9.6).

        If the connection were closed at once, it would be reset, and the client would never see
        the answer.
        """
        with self.requests_lock:
            self.close_when_flushed, self._is_leaving = False, True
            if self.request is not None:
                self.request.close()
                self.request = None
        self._heard = time.monotonic()
        with suppress(OSError):  # it has left
            self.socket.shutdown(socket.SHUT_WR)

    def handle_close(self) -> None:
        """Read what has arrived, and close.

        With unread data the system would reset the connection, and the client might lose the
        answer.
        """
        if self.connected:
            with suppress(OSError):
                self.socket.recv(2**16)
        super().handle_close()

    def take_no_more(self) -> None:
        """Answer the requests that have arrived or begun to arrive, then close."""
        if self.readable() and self._has_come():
            self.handle_read()
        self._is_ending = True

    def _has_come(self) -> bool:
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    @property
    def takes_no_more(self) -> bool:
        """Whether the connection takes no further requests."""
        return self._is_ending and self.request is None

    def _look(self, now: float) -> None:
        if self.takes_no_more and not self.requests and not self._is_leaving:
            self.close_when_flushed = True
        # Each of two successive heads has its own deadline.
        stage = (self.phase, self._answered)
        if stage != self._stage:
            self._stage, self.since = stage, now
            if stage[0] is _Phase.SENDING:
                self._taken = self._bytes_taken()
            return
        phase, passed = stage[0], now - self.since
        if phase is _Phase.HEAD and passed > self._limits.head_seconds:
            self._time_out("its head")
        elif phase is _Phase.BODY and passed > self._limits.body_seconds:
            self._time_out("its body")
        elif phase is _Phase.LEAVING:
            silent = now - self._heard > self._limits.leaving_seconds
            if silent or passed > self._limits.body_seconds:
                self.handle_close()
        elif phase is _Phase.SENDING and passed > self._limits.reading_seconds:
            before, self._taken, self.since = self._taken, self._bytes_taken(), now
            if self._taken - before < passed * self._limits.reading_rate:
                self.handle_close()

    def _time_out(self, part: str) -> None:
        with self.requests_lock:
            request, self.request = self.request, None
            if request is not None:
                request.error = request.error or RequestTimeout(f"{part} took too long to arrive")
                self.requests.append(request)
                self.server.add_task(self)
        if request is None:
            self.handle_close()

    def _bytes_taken(self) -> int:
        """The bytes that the client has acknowledged; the rest waits in the system."""
        try:
            waiting = fcntl.ioctl(self.socket.fileno(), termios.TIOCOUTQ, bytes(4))
        except OSError:  # not supported by this system
            return self._sent
        return self._sent - int(struct.unpack("i", waiting)[0])

    def writable(self) -> bool:
        """Whether the loop has something to send; false while another thread is sending it.

        Otherwise the loop would spin until that thread gets the interpreter, and keep it from it.
        """
        return not self._is_writing and bool(super().writable())

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send everything that is written in this context in one go."""
        parts: list[bytes] = []
        self._together = parts
        try:
            yield
        finally:
            self._together = None
        self.write_soon(b"".join(parts))

    def write_soon(self, data: Any) -> int:
        """Send bytes or a file; the loop sends what the client does not take at once."""
        if self._together is not None:
            self._together.append(data)
            return len(data)
        self._is_writing = True
        try:
            count: int = super().write_soon(data)
        finally:
            self._is_writing = False
        if self.total_outbufs_len:
            self.server.pull_trigger()
        return count

    def _flush_outbufs_below_high_watermark(self) -> None:
        if WAITING.get().is_shared:
            return  # it would wait for the loop, which is what is running now
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            # This waits until the loop has sent some, so the loop must be allowed to send.
            before, self._is_writing = self._is_writing, False
            super()._flush_outbufs_below_high_watermark()
            self._is_writing = before

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send some of the data; return how many bytes."""
        count: int = super().send(data, do_close)
        self._sent += count
        return count

    def service(self) -> None:
        """Answer the next request, unless the client has not read the previous answers.

        Each request sent ahead would hold a file or a thread for as long as the client likes.
        """
        if self.total_outbufs_len > _UNREAD_BYTES:
            with self.requests_lock:
                for request in self.requests:
                    request.close()
                self.requests = []
            self.close_when_flushed = True
            self.server.pull_trigger()
        else:
            self._serve()
        self._answered += 1

    def _serve(self) -> None:
        request = self.requests[0]
        self._is_refusing = request.error is not None
        if WAITING.get().is_shared:
            self.asker = self.client
        if request.header_bytes_received + request.body_bytes_received > _SHORT_BYTES:
            require_thread()
        try:
            super().service()
        except NeedsThread:  # the thread reads the body from its start
            request.get_body_stream().seek(0)
            raise


class Connections:
    """Accepts new connections, and makes room for them.

    One client may not hold more than its limit. When all places are taken, the client that holds
    the most loses one, preferably one whose request has not arrived yet. A client that already
    holds as many as any other has to give up one of its own.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits

    def __call__(
        self, server: Any, sock: socket.socket, addr: tuple[Any, ...], adj: Any, map: dict[int, Any]
    ) -> None:
        """Accept a new connection, in place of waitress's channel class, or close it."""
        client = network(addr[0])
        connections = [each for each in map.values() if isinstance(each, Connection)]
        if self._make_room(client, connections):
            Connection(server, sock, client, addr, self._limits, map)
        else:
            sock.close()

    def _make_room(self, client: str, connections: list[Connection]) -> bool:
        """Whether there is room for a client; another connection may be closed for it."""
        held = Counter(each.client for each in connections)
        holder, most = max(held.items(), key=lambda item: item[1], default=(client, 0))
        places = [each for each in connections if each.phase in _WAITED_FOR]
        if held[client] >= self._limits.client_connections:
            places = [each for each in places if each.client == client]
        elif len(connections) < self._limits.connections:
            return True
        elif most > held[client] + 1:
            places = [each for each in connections if each.client == holder]
        elif held[client]:
            places = [each for each in places if each.client == client]
        if not places:
            return False
        min(places, key=lambda each: (each.phase, each.since)).handle_close()
        return True
