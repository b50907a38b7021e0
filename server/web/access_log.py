"""The request log: one JSON object per line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from ...graph.store.answers import Answer
from ...graph.store.problems import ProblemDetails
from .client_network import address

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"))


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """One request and its outcome, as the log and the metrics record it."""

    method: str
    #: The route that matched ("/<kind>/<name>"); "" if none did.
    route: str
    status: int
    #: From the complete request to the complete answer, without network time.
    seconds: float
    #: Length of the body as sent; None if unknown.
    bytes: int | None
    #: Rows of SPARQL results, or triples; None if the answer has neither.
    rows: int | None
    #: The first 12 hex digits of the SHA-256 of the query; "" if there is none.
    query: str
    #: The limit that was reached; "" if none was.
    limit: str
    #: The client's address.
    client: str
    #: Whether the response came from the cache.
    kept: bool = False


#: The key of the ``RequestInfo`` in the WSGI environment.
REQUEST_INFO = "oograph.request_info"
#: The converter of a path parameter in a route: "path:" in "<path:name>".
_CONVERTER = re.compile(r"<[^<>]*:")

#: A function called with every finished request.
Observer = Callable[[RequestInfo], None]


def note_query(text: str) -> None:
    """Note the query of this request for the log."""
    g.query = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def note_answer(answer: Answer) -> None:
    """Note the number of rows in the answer for the log."""
    g.rows = answer.rows


def note_fault(fault: ProblemDetails) -> None:
    """Note the limit that was reached, and the rows so far, for the log."""
    g.limit, g.rows = fault.limit, fault.rows


def register(app: Flask, observers: Sequence[Observer]) -> None:
    """Call the observers with every request of an app."""

    def begin() -> None:
        g.begin = time.monotonic()

    def end(response: Response) -> Response:
        info = RequestInfo(
            method=request.method if request.method in _METHODS else "other",
            route=_CONVERTER.sub("<", request.url_rule.rule) if request.url_rule else "",
            status=response.status_code,
            seconds=time.monotonic() - g.begin,
            bytes=response.content_length,
            rows=g.get("rows"),
            query=g.get("query", ""),
            limit=g.get("limit", ""),
            client=address(),
        )
        request.environ[REQUEST_INFO] = info
        for observer in observers:
            observer(info)
        return response

    app.before_request(begin)
    app.after_request(end)


#: The values of ``--log``: no lines, lines without client addresses, lines with them.
LOGS = ("off", "requests", "addresses")


def request_log(kind: str) -> tuple[Observer, ...]:
    """The observer that writes this kind of log to stderr; none for "off"."""
    if kind == "off":
        return ()
    names = [
        field.name for field in fields(RequestInfo) if kind == "addresses" or field.name != "client"
    ]

    def write(info: RequestInfo) -> None:
        facts = {name: getattr(info, name) for name in names}
        facts["seconds"] = round(info.seconds, 4)
        facts["kept"] = info.kept or None
        stated = {name: value for name, value in facts.items() if value not in ("", None)}
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        # One write per line, so that lines from several threads do not mix. Python's buffered
        # stream is avoided, because waiting for its lock cannot be interrupted.
        with suppress(OSError):  # a full disk or a dead reader of the log costs no answer
            os.write(sys.stderr.fileno(), json.dumps({"time": time, **stated}).encode() + b"\n")

    return (write,)
