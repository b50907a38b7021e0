"""Problem details for each way in which a query can fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..errors import OographError
from ..formats import Format
from .admission import ClientDisconnected, NotAdmitted, QueueFull, QueueTimeout, TooManyRequests
from .answers import Limits, NoRoom
from .service_hosts import ServiceHosts

#: The query forms that are answered.
FORMS = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_READ_ONLY = "This service is read-only"
_ORDER_BY = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_SORTED_BY_TEXT = (
    "If the query sorts by a variable that has values of several kinds, such as numbers and texts, "
    "write ORDER BY STR(?x): the engine cannot always sort such values."
)
_CHEAPER = (
    "Name the predicates, join through shared variables, or move LIMIT into a subquery. For "
    "heavier queries, download the dumps and query them locally."
)


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """The content of a problem document (RFC 9457)."""

    #: The HTTP status.
    status: int
    title: str
    #: What is wrong and what to do, in one or two sentences.
    detail: str
    #: The position of the error in the query, counted from 1; None if there is none.
    line: int | None = None
    column: int | None = None
    #: The line of the query with a caret below the position.
    excerpt: str = ""
    #: A likely way to correct the query.
    hint: str = ""
    #: Lines that correct the query if they are put in front of it.
    prologue: str = ""
    #: The name of the limit that was reached (a field of ``Limits``).
    limit: str = ""
    #: The available media types, if the requested one is not available.
    available: tuple[str, ...] = field(default=())
    #: Seconds to wait before trying again.
    retry_after: int | None = None
    #: The number of rows (or triples) when a limit was reached.
    rows: int | None = None


#: For a query whose worker ended because the store's files had changed since they were opened.
DAMAGED = ProblemDetails(
    500,
    "The store is damaged",
    "The files of the store have been changed or truncated since it was opened, so the query "
    "cannot be answered. Restore the files that `oograph check` names, or build a new release.",
)
#: For a query whose worker ended unexpectedly.
CRASHED = ProblemDetails(
    500,
    "The query engine crashed",
    "The query engine crashed while it ran this query. Other queries are not affected. "
    "Please report the query.",
)
#: For a query whose process was ended from outside.
KILLED = ProblemDetails(
    503,
    "The query was stopped from outside",
    "The process that ran the query was killed from outside, usually because the machine is "
    f"short of memory. Try again; if it happens again, make the query cheaper. {_CHEAPER}",
    limit="memory_bytes",
    retry_after=5,
)
#: For a query whose client has gone; it appears only in the log.
DISCONNECTED = ProblemDetails(
    499, "The client disconnected", "The client closed the connection before the answer was ready."
)
#: For a service whose store cannot be opened.
NO_WORKER = ProblemDetails(
    503,
    "The store cannot be opened",
    "No worker process can be started to answer queries. The log of the service says why.",
    retry_after=10,
)
#: For a request that would change the store.
FORBIDDEN = ProblemDetails(
    403,
    _READ_ONLY,
    f"This service does not support SPARQL Update. It answers {FORMS} only.",
)


class QueryError(OographError):
    """A query could not be answered; ``problem`` says why."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def update_as_query(word: str) -> ProblemDetails:
    """Details for a SPARQL Update sent as a query."""
    return ProblemDetails(
        400,
        _READ_ONLY,
        f"This is a SPARQL Update ({word}), not a query. This service does not support updates; "
        f"send a {FORMS} query.",
    )


def no_service(hosts: ServiceHosts) -> ProblemDetails:
    """Details for a query with a SERVICE that is not allowed."""
    title, renamed = "SERVICE is not available", "(If a prefix is named service:, rename it.)"
    if not hosts:
        return ProblemDetails(
            403,
            title,
            "This service does not run federated queries. Run the query on your own machine, "
            f"where you can also load the dumps of this graph. {renamed}",
        )
    return ProblemDetails(
        403,
        f"{title} for that address",
        f"SERVICE can query only {', '.join(hosts.listed)}. Write the full IRI, as in SERVICE "
        f"<https://{hosts.listed[0]}/…> (or http:): not a variable, a prefixed name or a relative "
        "IRI, and without a user name. A query with SERVICE must not contain \\u escapes, nor an "
        f"IRI without :// that contains #, ' or a bracket. {renamed}",
    )


def service_failed(said: str) -> ProblemDetails:
    """Details for a query whose SERVICE failed; ``said`` is the reason."""
    said = " ".join(said.split())
    return ProblemDetails(
        502,
        "The other service did not answer",
        f"The endpoint in the SERVICE clause gave no usable answer ({said[:300]}). Try again "
        "later, or write SERVICE SILENT to continue without it.",
    )


def too_long(characters: int, limits: Limits) -> ProblemDetails:
    """Details for a query whose text is too long."""
    return ProblemDetails(
        413,
        "The query is too long",
        f"The query and the IRIs of its graphs have {characters:,} characters; the limit is "
        f"{limits.query_characters:,}. Split it into several queries.",
        limit="query_characters",
    )


def too_deep(limits: Limits) -> ProblemDetails:
    """Details for a query that is nested too deeply for the engine."""
    return ProblemDetails(
        400,
        "The query is nested too deeply",
        f"The query nests groups or expressions more deeply than this service supports "
        f"({limits.nesting} brackets, or about a thousand operators in a chain). "
        "Use VALUES or IN for long lists of alternatives.",
        limit="nesting",
    )


def not_acceptable(what: str, formats: Iterable[Format]) -> ProblemDetails:
    """Details for a request for something, such as "The report", in a format it does not have."""
    available = tuple(each.media_type for each in formats)
    return ProblemDetails(
        406,
        "Format not available",
        f"{what} is available as {', '.join(available)}.",
        available=available,
    )


def not_in_xml(formats: Iterable[Format]) -> ProblemDetails:
    """Details for an answer in XML with a character or name that XML cannot represent."""
    available = tuple(each.media_type for each in formats if not each.media_type.endswith("+xml"))
    return ProblemDetails(
        406,
        "The answer cannot be written as XML",
        "The answer contains something that XML cannot represent: a control character, or a "
        "property or class whose IRI does not end in a name, such as <http://example.org/1>. "
        f"Request {', '.join(available)} instead.",
        available=available,
    )


def too_large(rows: int, unit: str, limits: Limits) -> ProblemDetails:
    """Details for an answer with too many bytes; ``rows`` is how many were written."""
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The answer exceeded the limit of {limits.result_bytes:,} bytes after {rows:,} {unit}. "
        "Answers are never truncated. Page through it with ORDER BY, LIMIT and OFFSET, or "
        "download the whole graph from the dumps.",
        limit="result_bytes",
        rows=rows,
    )


def out_of_time(limits: Limits) -> ProblemDetails:
    """Details for a query that reached the time limit."""
    return ProblemDetails(
        503,
        "The query took too long",
        f"The query was stopped at the time limit of {limits.seconds:g} seconds. {_CHEAPER}",
        limit="seconds",
    )


def out_of_memory(limits: Limits) -> ProblemDetails:
    """Details for a query that reached the memory limit."""
    return ProblemDetails(
        503,
        "The query needs too much memory",
        f"The query reached the memory limit of {limits.memory_bytes:,} bytes. {_CHEAPER}",
        limit="memory_bytes",
    )


def aborted(text: str, limits: Limits) -> ProblemDetails:
    """Details for a query at which the engine aborted.

    It reached the memory limit, or was to sort: Oxigraph 0.5 also aborts some sorts of numbers
    together with texts that have a language. Nothing tells the two apart.
    """
    if not _ORDER_BY.search(text):
        return out_of_memory(limits)
    return ProblemDetails(
        503,
        "The query engine gave up",
        f"The query reached the memory limit of {limits.memory_bytes:,} bytes, or sorts values "
        f"that the engine cannot sort. {_CHEAPER}",
        hint=_SORTED_BY_TEXT,
        limit="memory_bytes",
    )


def no_room(error: NoRoom) -> ProblemDetails:
    """Details for an answer that does not fit into the temporary folder."""
    return ProblemDetails(
        507,
        "Not enough disk space for the answer",
        f"The answer does not fit into this service's temporary folder: {error}. Request less "
        "with LIMIT, download the dumps, or try again later.",
        limit="result_bytes",
        retry_after=60,
    )


def _busy(limits: Limits) -> ProblemDetails:
    """Details for a query for which no worker became free."""
    return ProblemDetails(
        503,
        "The service is busy",
        f"{limits.workers} queries are running and others are waiting. Try again in a few seconds.",
        limit="workers",
        retry_after=max(1, int(limits.seconds)),
    )


def _crowded(limits: Limits) -> ProblemDetails:
    """Details for a query from a client that uses more than its share."""
    return ProblemDetails(
        429,
        "Too many queries at once",
        "Other clients are waiting, and your address has used its share of running and waiting "
        f"queries: {limits.client_queries}, or an equal part of all places if that is more. Wait "
        "for an answer before you send the next query.",
        limit="client_queries",
        retry_after=max(1, int(limits.seconds)),
    )


def not_admitted(error: NotAdmitted, limits: Limits) -> ProblemDetails:
    """Details for a query that was not admitted."""
    return _REFUSALS[type(error)](limits)


_REFUSALS: dict[type[NotAdmitted], Callable[[Limits], ProblemDetails]] = {
    QueueFull: _busy,
    QueueTimeout: _busy,
    TooManyRequests: _crowded,
    ClientDisconnected: lambda limits: DISCONNECTED,
}
