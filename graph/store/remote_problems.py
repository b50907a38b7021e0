"""Problem details for a remote store's reply.

A truncated answer is never taken for a complete one. Engines report truncation in different ways:
Virtuoso in headers of a reply with status 200, Oxigraph in a message at the end of the body.
"""

from __future__ import annotations

import re

from .endpoint import Reply
from .problems import ProblemDetails

#: The words with which engines report a timeout.
_TIME = re.compile(
    r"time[d -]*out|S1TAT|S1T00|has been cancelled|execution time|time limit|deadline",
    re.IGNORECASE,
)
#: For a query that calls a function specific to one engine, or one that reaches its machine.
NOT_SPARQL = ProblemDetails(
    403,
    "Engine functions are not available",
    "Functions of a particular engine (<bif:…>, <sql:…>, <java:…>) are not part of SPARQL 1.1 "
    "and are not available here.",
)
_STOPPED = ProblemDetails(
    503,
    "The query took too long",
    "The store behind this service stopped the query at its own time limit. Name the "
    "predicates, join through shared variables, or move LIMIT into a subquery.",
    limit="seconds",
)


def broken(reply: Reply) -> ProblemDetails | None:
    """The problem that the status and headers of a reply show; None if there is none."""
    state = reply.headers.get("X-SQL-State", "")
    if state:  # Virtuoso: a partial answer, with status 200
        said = f"{state} {reply.headers.get('X-SQL-Message', '')}"
        return _STOPPED if _TIME.search(said) else _incomplete("is only partial")
    if reply.headers.get("X-SPARQL-MaxRows"):
        return _row_limit(reply.headers["X-SPARQL-MaxRows"])
    if reply.status in (200, 203):
        return None if reply.whole else _incomplete("does not say where it ends")
    if _TIME.search(reply.text):
        return _STOPPED
    if reply.status in (429, 503):
        return _overloaded(reply)
    if reply.status == 400:
        return ProblemDetails(
            400, "The query cannot be answered", f"The store behind this service says: {reply.text}"
        )
    return _refused(reply.status)


def cut_short() -> ProblemDetails:
    """Details for an answer whose connection closed before its end."""
    return _incomplete("ended too early")


def unreachable(said: str) -> ProblemDetails:
    """Details for a store that cannot be reached; ``said`` is the reason."""
    return ProblemDetails(
        502,
        "The store is not reachable",
        f"The store behind this service does not answer ({said}). Try again in a minute.",
        retry_after=60,
    )


def _incomplete(how: str) -> ProblemDetails:
    return ProblemDetails(
        502,
        "The store's answer is incomplete",
        f"The answer of the store behind this service {how}, and partial answers are not passed "
        "on. Try again.",
    )


def _row_limit(rows: str) -> ProblemDetails:
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The store behind this service sends at most {rows} rows, and answers are never "
        "truncated. Page through the answer with ORDER BY, LIMIT and OFFSET.",
        limit="rows",
    )


def too_many_bytes(most: int) -> ProblemDetails:
    """Details for an answer that was too large to read to its end."""
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The store's reply exceeded the limit of {most:,} bytes, and answers are never "
        "truncated. Page through the answer with ORDER BY, LIMIT and OFFSET.",
        limit="result_bytes",
    )


def _overloaded(reply: Reply) -> ProblemDetails:
    after = reply.headers.get("Retry-After", "")
    return ProblemDetails(
        503,
        "The service is busy",
        "The store behind this service accepts no more queries now. Try again in a few seconds.",
        retry_after=int(after) if after.isdecimal() and len(after) < 6 else 10,
    )


def _refused(status: int) -> ProblemDetails:
    why = {
        401: "it does not accept the credentials",
        403: "it does not allow the query",
        404: "there is no SPARQL service at the configured address",
    }.get(status, "something went wrong there")
    if 300 <= status < 400:
        why = "it redirects, and redirects are not followed"
    return ProblemDetails(
        502,
        "The store does not answer the query",
        f"The store behind this service answered with HTTP status {status}: {why}.",
    )


def unreadable(reply: Reply) -> ProblemDetails:
    """Details for a body that does not parse; some engines write an error message into it."""
    file = reply.body.file
    file.seek(max(0, reply.body.length - 400))
    if _TIME.search(file.read().decode("utf-8", "replace")):
        return _STOPPED
    return _incomplete(f"cannot be read as {reply.media_type or 'anything'}")
