"""A remote store's address: asked within a time, answered whole, and never anywhere else.

No redirect is followed and no proxy is used, so the host in the operator's URL is the only one
that is ever contacted. Credentials come from the URL or the environment, go only to that host,
and only when it asks for them (RFC 7235: Digest before Basic).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from types import TracebackType
from typing import Any, Self, cast
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import (
    AbstractHTTPHandler,
    HTTPBasicAuthHandler,
    HTTPDefaultErrorHandler,
    HTTPDigestAuthHandler,
    HTTPErrorProcessor,
    HTTPPasswordMgrWithDefaultRealm,
    OpenerDirector,
    Request,
)

from ..errors import BadAddress, OographError
from .answers import Spool

_PIECE = 64 * 1024
#: Takes the socket of each connection, so that it can be cut.
_Connected = Callable[[socket.socket], None]


class Unreachable(OographError):
    """Nobody answers at the address; the message says what the system says."""


class TooLate(OographError):
    """The answer was not there in time."""


class CutShort(OographError):
    """The connection ended before the answer did."""


class TooMuch(OographError):
    """The answer has more bytes than are read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP, read to its end."""

    status: int
    headers: Message
    body: Spool
    #: False where only the closing of the connection says that this is all.
    whole: bool

    @property
    def media_type(self) -> str:
        """What the body says it is, without parameters; "" if nothing."""
        return self.headers.get_content_type() if self.headers["Content-Type"] else ""

    @property
    def text(self) -> str:
        """The beginning of the body in one line, for messages; a page for browsers says nothing."""
        if self.media_type == "text/html":
            return "a web page"
        return " ".join(self.body.file.read(600).decode("utf-8", "replace").split())[:300]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL of a store, and who we are to it."""

    #: Without user and password.
    url: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """The endpoint at a URL as an operator writes it, or BadAddress.

        User and password stand in it ("https://user:password@host/…"), or in the environment
        as OOGRAPH_STORE_USER and OOGRAPH_STORE_PASSWORD.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadAddress(f"this is no URL of a store: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadAddress(
                "a store's address begins with http:// or https:// and a host, "
                "as in http://127.0.0.1:7878/query"
            )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = f"{host}:{port}" if port else host
        return cls(
            urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")),
            unquote(parts.username or "") or os.environ.get("OOGRAPH_STORE_USER", ""),
            unquote(parts.password or "") or os.environ.get("OOGRAPH_STORE_PASSWORD", ""),
        )

    @property
    def label(self) -> str:
        """The URL as it may be shown: a token may stand in its query."""
        return self.url.partition("?")[0]

    def send(self, request: Request, seconds: float, most: int) -> Reply:
        """The reply to one request, of any status."""
        with Call(self, seconds) as call:
            return call.read(call.open(request), most)


class Call:
    """One request and its reply; when the time is over the line is cut, whatever it does."""

    def __init__(self, endpoint: Endpoint, seconds: float) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        self._late = threading.Event()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def open(self, request: Request) -> HTTPResponse:
        """The response to a request, its body not yet read; whatever its status."""
        try:
            response = self._opener().open(request, timeout=self._seconds)
        except HTTPError as error:  # It is a response, too.
            return cast(HTTPResponse, error)
        except (OSError, HTTPException, ValueError) as error:
            raise self._failure(error) from error
        return cast(HTTPResponse, response)

    def read(self, response: HTTPResponse, most: int) -> Reply:
        """The whole reply, or why there is none."""
        body = Spool()
        try:
            with response:
                while piece := response.read(_PIECE):
                    body.write(piece)
                    if body.length > most:
                        raise TooMuch
                missing = getattr(response, "length", None)
        except (OSError, HTTPException, ValueError) as error:
            raise self._failure(error, CutShort) from error
        if self._late.is_set():
            raise TooLate
        if missing:
            raise CutShort(f"{missing:,} bytes are missing")
        marked = bool(getattr(response, "chunked", False)) or "Content-Length" in response.headers
        return Reply(response.status, response.headers, body, marked)

    def _failure(
        self, error: Exception, otherwise: type[CutShort] | None = None
    ) -> Unreachable | TooLate | CutShort:
        if self._late.is_set() and self._sockets:
            return TooLate()
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError) and self._sockets:
            return TooLate()
        said = getattr(reason, "strerror", "") or str(reason) or type(reason).__name__
        if otherwise or isinstance(reason, HTTPException | ConnectionResetError):
            return CutShort(said)
        return Unreachable(said)

    def _hang_up(self) -> None:
        self._late.set()
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:  # It is closed already.
                continue

    def _opener(self) -> OpenerDirector:
        opener = OpenerDirector()
        opener.add_handler(_Handler(self._sockets.append))
        opener.add_handler(HTTPErrorProcessor())
        opener.add_handler(HTTPDefaultErrorHandler())
        if self._endpoint.user:
            known = HTTPPasswordMgrWithDefaultRealm()
            at = self._endpoint
            root = urlunsplit((*urlsplit(at.url)[:2], "/", "", ""))
            known.add_password(None, root, at.user, at.password)
            opener.add_handler(_Digest(known))
            opener.add_handler(_Basic(known))
        return opener


def _of_its_kind(ask: Callable[..., Any]) -> Callable[..., Any]:
    """A handler of 401 that leaves alone what asks for another kind of credentials: the next may
    have them, or nobody."""

    def answer(*asked: Any) -> Any:
        with suppress(ValueError):
            return ask(*asked)
        return None

    return answer


class _Digest(HTTPDigestAuthHandler):
    http_error_401 = _of_its_kind(HTTPDigestAuthHandler.http_error_401)


class _Basic(HTTPBasicAuthHandler):
    http_error_401 = _of_its_kind(HTTPBasicAuthHandler.http_error_401)


class _Handler(AbstractHTTPHandler):
    """Opens connections, and gives away their sockets."""

    http_request = https_request = AbstractHTTPHandler.do_request_

    def __init__(self, connected: _Connected) -> None:
        super().__init__()
        self._connected = connected

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Connection, self._connected), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_SecureConnection, self._connected), req)


class _Connection(HTTPConnection):
    def __init__(self, connected: _Connected, host: str, **settings: Any) -> None:
        super().__init__(host, **settings)
        self._connected = connected

    def connect(self) -> None:
        super().connect()
        self._connected(self.sock)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""
