"""The HTTP server, waitress, set up for strangers: its own errors, large bodies, many clients."""

from __future__ import annotations

import json
import re
import resource
from http import HTTPStatus
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from ..graph.formats import PROBLEM
from .app import BODY_BYTES, HEADERS

__all__ = [
    "CONNECTIONS",
    "create_server",
]


#: Connections that may be open at once; each is a file descriptor and some KB.
CONNECTIONS = 1000
#: A connection on which nothing comes or goes is closed after so many seconds.
_SILENT_SECONDS = 30
#: A client that asks again while so much is yet unread is not answered again.
_UNREAD_BYTES = 2**20
#: A body up to this size is read, and thrown away, before it is refused: a client that is still
#: sending when the connection closes would never see why.
_REFUSED_BYTES = 2**28

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """A parser that lets a client finish the sending of a body that will be refused."""

    expect_continue: bool
    _unwanted = 0

    def parse_header(self, header_plus: bytes) -> None:
        """Take "é" as it is typed to curl for what it should have been, "%C3%A9"."""
        line, end, rest = header_plus.partition(b"\r\n")
        super().parse_header(_NOT_ASCII.sub(_escaped, line) + end + rest)

    def received(self, data: bytes) -> int:
        if self._unwanted:
            thrown = min(self._unwanted, len(data))
            self._unwanted -= thrown
            self.completed = not self._unwanted
            return thrown
        consumed: int = super().received(data)
        if self.completed and self.error:
            # Who asked whether to send the body is told at once; others are on their way.
            is_sending = self.headers_finished and not self.chunked and not self.expect_continue
            self.expect_continue = False
            if is_sending and BODY_BYTES < self.content_length <= _REFUSED_BYTES:
                self._unwanted, self.completed = self.content_length, False
        return consumed


def _escaped(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]


class _ErrorTask(ErrorTask):  # type: ignore[misc]
    """An error the application never hears of, told as it would tell it."""

    def execute(self) -> None:
        error = self.request.error
        body = json.dumps(
            {
                "status": error.code,
                "title": HTTPStatus(error.code).phrase,
                "detail": f"The request cannot be read: {error.body}.",
            }
        ).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [*HEADERS.items(), ("Content-Type", PROBLEM.media_type)]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser
    error_task_class = _ErrorTask
    requests: list[HTTPRequestParser]

    def service(self) -> None:
        """Answer the next request; but not where the client has not read what came before.

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
            super().service()


def create_server(app: Any, host: str, port: int, threads: int) -> Any:
    """A server that listens, but does not run yet; OSError where it cannot listen."""
    _allow_descriptors()
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=threads,
        ident="oograph",
        # A query in a URL: each character may be escaped to nine and more.
        max_request_header_size=2**20,
        max_request_body_size=BODY_BYTES + 1,
        connection_limit=CONNECTIONS,
        channel_timeout=_SILENT_SECONDS,
        cleanup_interval=10,
        asyncore_use_poll=True,
        # So that waitress goes on reading, and notices when a client has left.
        channel_request_lookahead=1,
        # ProxyFix decides which of them count.
        clear_untrusted_proxy_headers=False,
    )
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = _Channel
    return server


def _allow_descriptors() -> None:
    """As many open files as connections need, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
