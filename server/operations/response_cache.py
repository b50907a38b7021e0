"""A cache of whole responses: repeated requests are answered without any work.

A release never changes, and each release has its own application. So a response with an entity tag
stays right for as long as that application is served.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from werkzeug.datastructures import Headers

from ...graph.store.cache import ResultCache
from ...graph.store.waiting import require_thread
from ..web.access_log import REQUEST_INFO, Observer, RequestInfo

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: The longest body that is kept; for longer ones, sending takes most of the time anyway.
_MOST_BYTES = 2**20
#: The parts of a request that make up its key: what it asks for, and the address it came to.
_TELLING = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
#: A request with any of these headers is never answered from the cache.
_CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)
#: The headers by which our answers vary; an answer that varies by any other is not kept.
_VARYING = frozenset(("accept", "accept-encoding"))


@dataclass(frozen=True, slots=True)
class _Response:
    """A response, and its entry for the log."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    info: RequestInfo


class ResponseCache:
    """A WSGI application that caches the small responses of another."""

    def __init__(
        self, app: WSGIApplication, size: int, observers: Sequence[Observer], in_loop: str = ""
    ) -> None:
        """Keep at most ``size`` bytes; ``observers`` are told of responses from the cache.

        ``in_loop`` is the path whose requests, like those answered from the cache, need no thread.
        """
        self._app = app
        self._in_loop = in_loop
        self._observers = tuple(observers)
        self._kept: ResultCache[_Response] = ResultCache(size)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in _CONDITIONS):
            return self._ask(environ, start)
        begin = time.monotonic()
        key = _key(environ)
        if response := self._kept.get(key):
            self._tell(response.info, begin, environ)
            start(response.status, list(response.headers))
            return (response.body,)
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def begun(status: str, headers: list[tuple[str, str]], *error: object) -> object:
            heads.append((status, headers))
            return start(status, headers, *error)  # type: ignore[arg-type]

        body = self._ask(environ, begun)  # type: ignore[arg-type]
        status, headers = heads[-1]
        info = environ.get(REQUEST_INFO)
        if not info or not _may_be_kept(status, Headers(headers)):
            return body
        whole = b"".join(body)
        if close := getattr(body, "close", None):
            close()
        self._kept.keep(key, _Response(status, tuple(headers), whole, info))
        return (whole,)

    def _ask(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != self._in_loop:
            require_thread()
        return self._app(environ, start)

    def _tell(self, info: RequestInfo, begin: float, environ: WSGIEnvironment) -> None:
        again = replace(
            info,
            seconds=time.monotonic() - begin,
            client=environ.get("REMOTE_ADDR") or "-",
            kept=True,
        )
        for observer in self._observers:
            observer(again)


def _key(environ: WSGIEnvironment) -> bytes:
    # repr, so that a header "None" differs from a missing one.
    text = repr([environ.get(name) for name in _TELLING])
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()


def _may_be_kept(status: str, headers: Headers) -> bool:
    varying = {name.strip().lower() for name in headers.get("Vary", "").split(",") if name.strip()}
    length = headers.get("Content-Length", "")
    return (
        status.startswith("200 ")
        and "ETag" in headers
        and varying <= _VARYING
        and length.isdecimal()
        and int(length) <= _MOST_BYTES
        and "no-store" not in headers.get("Cache-Control", "")
    )
