"""What can be wrong with a remote store's reply, as problem details.

A cut answer never passes for a whole one. Engines show that they cut in different ways: Virtuoso
with headers on a reply of status 200, Oxigraph with words at the end of the body.
"""

from __future__ import annotations

import re

from .endpoint import Reply
from .problems import ProblemDetails

#: The words by which engines say that the clock has stopped a query.
_TIME = re.compile(
    r"time[d -]*out|S1TAT|S1T00|has been cancelled|execution time|time limit|deadline",
    re.IGNORECASE,
)
#: For a query that calls what only one engine has, or what its machine has.
NOT_SPARQL = ProblemDetails(
    403,
    "Engine functions are not available",
    "Functions of one engine (<bif:…>, <sql:…>, <java:…>) are no part of SPARQL 1.1, and not "
    "available here.",
)
_STOPPED = ProblemDetails(
    503,
    "The query took too long",
    "The store behind this service stopped the query at its own time limit. Name the "
    "predicates, join through shared variables, or move LIMIT into a subquery.",
    limit="seconds",
)


def broken(reply: Reply) -> ProblemDetails | None:
    """What the status and the headers of a reply say against it."""
    state = reply.headers.get("X-SQL-State", "")
    if state:  # Virtuoso: a part of the answer, with status 200.
        said = f"{state} {reply.headers.get('X-SQL-Message', '')}"
        return _STOPPED if _TIME.search(said) else _incomplete("is only a part of it")
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
            400, "The query cannot be answered", f"The store behind this says: {reply.text}"
        )
    return _refused(reply.status)


def cut_short() -> ProblemDetails:
    """Details for an answer whose connection ended before it did."""
    return _incomplete("ended before it was whole")


def unreachable(said: str) -> ProblemDetails:
    """Details for a store at whose address nobody answers; ``said`` is why."""
    return ProblemDetails(
        502,
        "The store is not reachable",
        f"The store behind this service does not answer ({said}). Try again in a minute.",
        retry_after=60,
    )


def _incomplete(how: str) -> ProblemDetails:
    return ProblemDetails(
        502,
        "The store's answer is broken",
        f"The answer of the store behind this service {how}; an answer is whole or an error. "
        "Try again.",
    )


def _row_limit(rows: str) -> ProblemDetails:
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The store behind this service sends no more than {rows} rows, and an answer is never "
        "cut short. Ask for pages with ORDER BY, LIMIT and OFFSET.",
        limit="rows",
    )


def too_many_bytes(most: int) -> ProblemDetails:
    """Details for an answer that was too large to be read to its end."""
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The answer was larger than {most:,} bytes as the store sends it, "
        "and an answer is never cut short. Ask for pages with ORDER BY, LIMIT and OFFSET.",
        limit="result_bytes",
    )


def _overloaded(reply: Reply) -> ProblemDetails:
    after = reply.headers.get("Retry-After", "")
    return ProblemDetails(
        503,
        "The service is busy",
        "The store behind this service takes no more queries now. Try again in some seconds.",
        retry_after=int(after) if after.isdecimal() and len(after) < 6 else 10,
    )


def _refused(status: int) -> ProblemDetails:
    why = {
        401: "it asks for other credentials",
        403: "it does not allow it",
        404: "there is no SPARQL service at the address it is looked for",
    }.get(status, "something went wrong there")
    if 300 <= status < 400:
        why = "it sends elsewhere, and redirects are not followed"
    return ProblemDetails(
        502,
        "The store does not answer the query",
        f"The store behind this service answers with HTTP status {status}: {why}.",
    )


def unreadable(reply: Reply) -> ProblemDetails:
    """Details for a body that does not parse, as where an engine writes why it stops into it."""
    file = reply.body.file
    file.seek(max(0, reply.body.length - 400))
    if _TIME.search(file.read().decode("utf-8", "replace")):
        return _STOPPED
    return _incomplete(f"cannot be read as {reply.media_type or 'anything'}")
