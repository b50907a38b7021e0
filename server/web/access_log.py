"""The request log: one JSON object a line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from ...graph.store.answers import Answer
from ...graph.store.problems import ProblemDetails
from .client_network import address

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"))


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """One request and what became of it; no address unless somebody asks for it."""

    method: str
    #: The rule that matched ("/<kind>/<name>"); "" where none did.
    route: str
    status: int
    #: From the whole request to the whole answer; what the network takes is not in it.
    seconds: float
    #: Of the body as sent; None where it is not known.
    bytes: int | None
    #: Rows of SPARQL results, or triples; None where the answer has none.
    rows: int | None
    #: The first 12 hex digits of the SHA-256 of the query; "" where there is none.
    query: str
    #: The limit that was reached; "" where none was.
    limit: str
    #: The client's address.
    client: str
    #: Whether the whole response was kept from an earlier request.
    kept: bool = False


#: Where the WSGI environment of a request holds what became of it.
REQUEST_INFO = "oograph.request_info"
#: What a rule says of a part of the path beside its name: "<path:name>".
_CONVERTER = re.compile(r"<[^<>]*:")

#: What is told of every request.
Observer = Callable[[RequestInfo], None]


def note_query(text: str) -> None:
    """Remember that this request asks a query."""
    g.query = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def note_answer(answer: Answer) -> None:
    """Remember what was answered."""
    g.rows = answer.rows


def note_fault(fault: ProblemDetails) -> None:
    """Remember which limit was reached, and how far."""
    g.limit, g.rows = fault.limit, fault.rows


def register(app: Flask, observers: Sequence[Observer]) -> None:
    """Tell the observers of every request of an app."""

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


#: What ``--log`` may be: no line a request; lines without addresses; lines with them.
LOGS = ("off", "requests", "addresses")


def request_log(kind: str) -> tuple[Observer, ...]:
    """The observer that writes the log of a kind to stderr; none for "off"."""
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
        # One write a line, so that lines of several threads do not mix; and none through Python's
        # buffer, for whose lock nobody can be stopped from waiting.
        os.write(sys.stderr.fileno(), json.dumps({"time": time, **stated}).encode() + b"\n")

    return (write,)
