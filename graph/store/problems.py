"""Why there is no answer: the problem details of each failure of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..errors import OographError
from ..formats import Format
from .admission import ClientDisconnected, NotAdmitted, QueueFull, QueueTimeout, TooManyRequests
from .answers import Limits, NoRoom
from .service_hosts import ServiceHosts

#: What a query may be.
FORMS = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_READ_ONLY = "This service is read-only"
_CHEAPER = (
    "Name the predicates, join through shared variables, move LIMIT into a subquery, "
    "or load the dumps and ask them."
)


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """Why there is no answer: what a problem document (RFC 9457) says."""

    #: The HTTP status that says it best.
    status: int
    title: str
    #: What is wrong and what to do, in a sentence or two.
    detail: str
    #: 1-based, of the place in the query; None where there is none.
    line: int | None = None
    column: int | None = None
    #: That line of the query with a caret below the place.
    excerpt: str = ""
    #: A likely way to correct the query.
    hint: str = ""
    #: The lines that correct it when they are put before it.
    prologue: str = ""
    #: The name of the limit that was reached (a field of ``Limits``).
    limit: str = ""
    #: The media types there are, where the one asked for is not.
    available: tuple[str, ...] = field(default=())
    #: Seconds after which to try again.
    retry_after: int | None = None
    #: Rows (or triples) that there were when a limit was reached.
    rows: int | None = None


#: For a query that ended its worker over files that are not as they were opened.
DAMAGED = ProblemDetails(
    500,
    "The store is damaged",
    "The files of the store have been changed or cut short since it was opened, and the query "
    "cannot be answered from them. Fix: restore those that `oograph check` names, or build "
    "anew.",
)
#: For a query that ended its worker in a way nobody foresaw.
CRASHED = ProblemDetails(
    500,
    "The query ended the process it ran in",
    "The query engine stopped while it ran this query; other queries are not affected. "
    "Please report the query.",
)
#: For a query whose process somebody else ended.
KILLED = ProblemDetails(
    503,
    "The query was stopped from outside",
    "The process that ran the query was ended from outside, as a rule because the machine "
    f"is short of memory. Try again; if it happens again: {_CHEAPER}",
    limit="memory_bytes",
    retry_after=5,
)
#: For a query that nobody waits for any more; only the log reads it.
DISCONNECTED = ProblemDetails(
    499, "The client has disconnected", "The connection was closed before the answer came."
)
#: For a service whose store cannot be opened.
NO_WORKER = ProblemDetails(
    503,
    "The store cannot be opened",
    "No process that answers queries can be started; the log of the service says why.",
    retry_after=10,
)
#: For a request that would change the store.
FORBIDDEN = ProblemDetails(
    403,
    _READ_ONLY,
    f"There is no SPARQL Update here; this service answers {FORMS} only.",
)


class QueryError(OographError):
    """A query that has no answer; ``problem`` says why."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def update_as_query(word: str) -> ProblemDetails:
    """Details for an update sent as a query, which is not in the grammar of queries."""
    return ProblemDetails(
        400,
        _READ_ONLY,
        f"The text is SPARQL Update ({word}) and not a query. Send {FORMS}; there is no SPARQL "
        "Update here.",
    )


def no_service(hosts: ServiceHosts) -> ProblemDetails:
    """Details for a query that would ask another service than those it may."""
    title, renamed = "SERVICE is not available", "(A prefix named service: must be renamed.)"
    if not hosts:
        return ProblemDetails(
            403,
            title,
            "This service asks no other service. Run the federated query from your own machine, "
            f"or load the dumps there. {renamed}",
        )
    return ProblemDetails(
        403,
        f"{title} there",
        f"SERVICE may ask {', '.join(hosts.listed)} and no other host or port. Write it as SERVICE "
        f"<https://{hosts.listed[0]}/…> (or http:), a full IRI: no variable, no prefixed or "
        "relative name, no user. Such a query has no \\u escapes, and no IRI without :// that "
        f"holds #, ' or a bracket. {renamed}",
    )


def service_failed(said: str) -> ProblemDetails:
    """Details for a query whose SERVICE has no answer; ``said`` is why."""
    said = " ".join(said.split())
    return ProblemDetails(
        502,
        "The other service did not answer",
        f"The service that SERVICE names gave no answer that can be used ({said[:300]}). Try "
        "again later, or write SERVICE SILENT to go on without it.",
    )


def too_long(characters: int, limits: Limits) -> ProblemDetails:
    """Details for a query with too much text."""
    return ProblemDetails(
        413,
        "The query is too long",
        f"The query and the IRIs of its graphs have {characters:,} characters; the limit is "
        f"{limits.query_characters:,}. Ask in several queries.",
        limit="query_characters",
    )


def too_deep(limits: Limits) -> ProblemDetails:
    """Details for a query whose nesting the engine cannot bear."""
    return ProblemDetails(
        400,
        "The query is nested too deeply",
        f"The query nests groups or expressions deeper than this service can follow "
        f"({limits.nesting} brackets, or some thousand operators in a chain). "
        "Use VALUES or IN for long lists of alternatives.",
        limit="nesting",
    )


def not_acceptable(form: str, formats: Iterable[Format]) -> ProblemDetails:
    """Details for a request for a format there is not."""
    available = tuple(each.media_type for each in formats)
    return ProblemDetails(
        406,
        "No such format",
        f"{form} is available as {', '.join(available)}.",
        available=available,
    )


def not_in_xml(formats: Iterable[Format]) -> ProblemDetails:
    """Details for an answer in XML with a character that XML does not have."""
    available = tuple(each.media_type for each in formats if not each.media_type.endswith("+xml"))
    return ProblemDetails(
        406,
        "The answer is no XML",
        "A text in the answer has a control character or another one that XML cannot hold, not "
        f"even escaped. Ask for {', '.join(available)}.",
        available=available,
    )


def too_large(rows: int, unit: str, limits: Limits) -> ProblemDetails:
    """Details for an answer with too many bytes; ``rows`` says how far it came."""
    return ProblemDetails(
        422,
        "The answer is too large",
        f"The answer was larger than {limits.result_bytes:,} bytes after {rows:,} {unit}, and an "
        "answer is never cut short. Ask for pages with ORDER BY, LIMIT and OFFSET, or take the "
        "whole graph from the dumps.",
        limit="result_bytes",
        rows=rows,
    )


def out_of_time(limits: Limits) -> ProblemDetails:
    """Details for a query that was stopped by the clock."""
    return ProblemDetails(
        503,
        "The query took too long",
        f"The query was stopped after {limits.seconds:g} seconds, the limit. {_CHEAPER}",
        limit="seconds",
    )


def out_of_memory(limits: Limits) -> ProblemDetails:
    """Details for a query that needed more memory than it may use."""
    return ProblemDetails(
        503,
        "The query needs too much memory",
        f"The query needed more than {limits.memory_bytes:,} bytes of memory, the limit. "
        f"{_CHEAPER}",
        limit="memory_bytes",
    )


def no_room(error: NoRoom) -> ProblemDetails:
    """Details for an answer that the temporary folder could not hold."""
    return ProblemDetails(
        507,
        "There is no room for the answer",
        f"The answer does not fit into this service's temporary folder: {error}. Ask for less "
        "with LIMIT, take the dumps, or try again later.",
        limit="result_bytes",
        retry_after=60,
    )


def _busy(limits: Limits) -> ProblemDetails:
    """Details for a query that found no free worker."""
    return ProblemDetails(
        503,
        "The service is busy",
        f"{limits.workers} queries are running and others wait. Try again in some seconds.",
        limit="workers",
        retry_after=max(1, int(limits.seconds)),
    )


def _crowded(limits: Limits) -> ProblemDetails:
    """Details for a query of a client that takes more than its share."""
    return ProblemDetails(
        429,
        "Too many queries at once",
        "Others wait, and the queries from your address that run or wait are its share: "
        f"{limits.client_queries}, or its equal part of all places where that is more. Wait for "
        "an answer before the next question.",
        limit="client_queries",
        retry_after=max(1, int(limits.seconds)),
    )


def not_admitted(error: NotAdmitted, limits: Limits) -> ProblemDetails:
    """Details for a query that was not begun."""
    return _REFUSALS[type(error)](limits)


_REFUSALS: dict[type[NotAdmitted], Callable[[Limits], ProblemDetails]] = {
    QueueFull: _busy,
    QueueTimeout: _busy,
    TooManyRequests: _crowded,
    ClientDisconnected: lambda limits: DISCONNECTED,
}
