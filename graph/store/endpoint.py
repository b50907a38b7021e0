"""HTTP requests to a remote store, each within a time limit, with replies read to their end.

No redirect is followed and no proxy is used, so only the host in the operator's URL is ever
contacted. Credentials come from the URL or the environment. They go only to that host, and only
when it asks for them (RFC 7235: Digest before Basic).
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
#: Receives the socket of each connection, so that it can be shut down.
_Connected = Callable[[socket.socket], None]


class Unreachable(OographError):
    """The address does not answer; the message is the system's."""


class TooLate(OographError):
    """The answer did not arrive in time."""


class CutShort(OographError):
    """The connection closed before the end of the answer."""


class TooMuch(OographError):
    """The answer is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP response, read to its end."""

    status: int
    headers: Message
    body: Spool
    #: False if only the closing of the connection marks the end of the body.
    whole: bool

    @property
    def media_type(self) -> str:
        """The media type without parameters; "" if there is none."""
        return self.headers.get_content_type() if self.headers["Content-Type"] else ""

    @property
    def text(self) -> str:
        """The beginning of the body in one line, for messages; HTML is not quoted."""
        if self.media_type == "text/html":
            return "a web page"
        return " ".join(self.body.file.read(600).decode("utf-8", "replace").split())[:300]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL of a store, with credentials."""

    #: Without user and password.
    url: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """The endpoint at a URL as an operator writes it; raise BadAddress if it is not valid.

        User name and password are in the URL ("https://user:password@host/…"), or in the
        environment as OOGRAPH_STORE_USER and OOGRAPH_STORE_PASSWORD.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadAddress(f"this is not a valid URL of a store: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadAddress(
                "the URL of a store must start with http:// or https:// and a host, "
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
        """The URL as it may be shown, without its query, which may contain a token."""
        return self.url.partition("?")[0]

    def send(self, request: Request, seconds: float, most: int) -> Reply:
        """Send one request and return the reply, whatever its status."""
        with Call(self, seconds) as call:
            return call.read(call.open(request), most)


class Call:
    """One request and its reply; the connection is shut down when the time is up."""

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
        """The response to a request, whatever its status; its body is not yet read."""
        try:
            response = self._opener().open(request, timeout=self._seconds)
        except HTTPError as error:  # also a response
            return cast(HTTPResponse, error)
        except (OSError, HTTPException, ValueError) as error:
            raise self._failure(error) from error
        return cast(HTTPResponse, response)

    def read(self, response: HTTPResponse, most: int) -> Reply:
        """Read the whole reply; raise TooMuch, TooLate, CutShort or Unreachable."""
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
            except OSError:  # already closed
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
    """A handler of 401 that ignores challenges of another authentication scheme; the next handler
    may support it."""

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
    """Opens connections and passes on their sockets."""

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
