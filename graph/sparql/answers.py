"""What goes into a store and what comes out: the dataset, the limits, the answer, the fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...ontology import PREFIXES
from .formats import Format
from .sparql_guard import Shape

__all__ = [
    "DEFAULT_LIMITS",
    "WHOLE",
    "Answer",
    "Dataset",
    "Done",
    "Fault",
    "Limits",
    "QueryError",
    "busy",
    "crashed",
    "crowded",
    "forbidden",
    "killed",
    "left",
    "no_worker",
    "not_acceptable",
    "out_of_memory",
    "out_of_time",
    "syntax_error",
    "too_deep",
    "too_large",
    "too_long",
]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs a query runs over (SPARQL 1.1 Protocol, 2.1.4); empty: what the query says."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)


#: All graphs: the default graph is their union.
WHOLE = Dataset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use; a query that needs more gets an error that names the limit."""

    #: Wall-clock seconds; then the query is killed with the process it runs in.
    seconds: float = 10.0
    #: Bytes of the answer as written.
    result_bytes: int = 2**30
    #: Characters of the query's text.
    query_characters: int = 100_000
    #: Brackets open at once; the engine's own stack ends at some 2,000.
    nesting: int = 200
    #: Bytes a worker may use beyond those it holds the store in. Linux only.
    memory_bytes: int = 2**30
    #: Visitors' queries that run at once; the site's own pages have one worker more.
    workers: int = 2
    #: Queries that may wait for a worker.
    queue: int = 8
    #: Queries of one client that may run or wait.
    client_queries: int = 4


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer and what ``Content-Type`` says of it."""

    media_type: str
    #: The answer as written; to be read once, unless it is a ``Spool``.
    chunks: Iterable[bytes]
    #: In bytes; None where it is not known.
    length: int | None = None
    #: Solutions of a SELECT, triples of a graph; None for an ASK, or where nobody counted.
    rows: int | None = None

    @property
    def body(self) -> bytes:
        """All of it at once, for those who know that it is small."""
        return b"".join(self.chunks)


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer, all of whose chunks have been sent."""

    #: Solutions or triples; None for an ASK.
    rows: int | None


@dataclass(frozen=True, slots=True)
class Fault:
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
    #: A likely way to mend the query.
    hint: str = ""
    #: The name of the limit that was reached (a field of ``Limits``).
    limit: str = ""
    #: The media types there are, where the one asked for is not.
    available: tuple[str, ...] = field(default=())
    #: Seconds after which to try again.
    retry_after: int | None = None
    #: Rows (or triples) that there were when a limit was reached.
    rows: int | None = None


class QueryError(Exception):
    """A query that has no answer; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
#: The engine's words for what is no question of grammar, and how to mend it.
_REASONS = {
    "The SELECT contains a variable that is unbound": (
        "A variable selected beside an aggregate must also be in GROUP BY."
    ),
    "Duplicated variable name in SELECT": "Two columns have the same name; rename one.",
}
_FORMS = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_CHEAPER = (
    "Name the predicates, join through shared variables, move LIMIT into a subquery, "
    "or load the dumps and ask them."
)


def syntax_error(text: str, shape: Shape, message: str) -> Fault:
    """The fault of a query that does not parse; ``message`` is what the engine said."""
    found = _POSITION.search(message)
    if found is None:
        return Fault(400, "The query does not parse", message or "It is not SPARQL.")
    line, column = int(found[1]), int(found[2])
    return Fault(
        400,
        "The query does not parse",
        f"The query does not parse at line {line}, column {column}.",
        line,
        column,
        _excerpt(text, line, column),
        _hint(shape, found[3]),
    )


def _excerpt(text: str, line: int, column: int) -> str:
    lines = re.split(r"\r\n|\r|\n", text)
    whole = lines[line - 1] if line <= len(lines) else ""
    # A window of 80 characters, so that a query in one long line is still readable.
    start = max(0, column - 60)
    window = whole[start : start + 80].replace("\t", " ")
    return f"{window}\n{' ' * (column - 1 - start)}^"


def _hint(shape: Shape, expected: str) -> str:
    if shape.undeclared:
        prefix = shape.undeclared[0]
        iri = PREFIXES.get(prefix, "…")
        return f"The prefix {prefix}: is not declared. Add: PREFIX {prefix}: <{iri}>"
    for reason, remedy in _REASONS.items():
        if reason in expected:
            return remedy
    if not shape.form:
        return f"A query has one of {_FORMS}."
    if shape.unclosed > 0:
        return f"{shape.unclosed} bracket(s) are opened and never closed."
    if shape.unclosed < 0:
        return f"{-shape.unclosed} bracket(s) are closed and never opened."
    words = [w for w in re.findall(r"\b[A-Z]{2,}\b|\"[^\"]+\"", expected) if w not in _UNUSABLE]
    return f"Expected here: {', '.join(dict.fromkeys(words))}." if 0 < len(words) <= 8 else ""


#: What the engine may expect and we do not serve, or what names a class of characters.
_UNUSABLE = frozenset(("SERVICE", "LATERAL", "FFFD", "FDCF", "FDF0", "FFFF"))


def forbidden(word: str) -> Fault:
    """The fault of a query that would leave this store or change it."""
    if word == "SERVICE":
        title, detail = (
            "SERVICE is not available",
            "This service asks no other service. Run the federated query from your own "
            "machine, or load the dumps there. (A prefix named service: must be renamed.)",
        )
    else:
        title, detail = (
            "This service is read-only",
            f"There is no SPARQL Update ({word}) here; this service answers {_FORMS} only.",
        )
    return Fault(403, title, detail)


def too_long(characters: int, limits: Limits) -> Fault:
    """The fault of a query with too much text."""
    return Fault(
        413,
        "The query is too long",
        f"The query has {characters:,} characters; the limit is {limits.query_characters:,}. "
        "Ask in several queries.",
        limit="query_characters",
    )


def too_deep(limits: Limits) -> Fault:
    """The fault of a query whose nesting the engine cannot bear."""
    return Fault(
        400,
        "The query is nested too deeply",
        f"The query nests groups or expressions deeper than this service can follow "
        f"({limits.nesting} brackets, or some thousand operators in a chain). "
        "Use VALUES or IN for long lists of alternatives.",
        limit="nesting",
    )


def not_acceptable(form: str, formats: Iterable[Format]) -> Fault:
    """The fault of a request for a format there is not."""
    available = tuple(each.media_type for each in formats)
    return Fault(
        406,
        "No such format",
        f"{form} is available as {', '.join(available)}.",
        available=available,
    )


def too_large(rows: int, unit: str, limits: Limits) -> Fault:
    """The fault of an answer with too many bytes; ``rows`` says how far it came."""
    return Fault(
        422,
        "The answer is too large",
        f"The answer was larger than {limits.result_bytes:,} bytes after {rows:,} {unit}, and an "
        "answer is never cut short. Ask for pages with ORDER BY, LIMIT and OFFSET, or take the "
        "whole graph from the dumps.",
        limit="result_bytes",
        rows=rows,
    )


def out_of_time(limits: Limits) -> Fault:
    """The fault of a query that was stopped by the clock."""
    return Fault(
        503,
        "The query took too long",
        f"The query was stopped after {limits.seconds:g} seconds, the limit. {_CHEAPER}",
        limit="seconds",
    )


def out_of_memory(limits: Limits) -> Fault:
    """The fault of a query that needed more memory than it may use."""
    return Fault(
        503,
        "The query needs too much memory",
        f"The query needed more than {limits.memory_bytes:,} bytes of memory, the limit. "
        f"{_CHEAPER}",
        limit="memory_bytes",
    )


def crashed(limits: Limits) -> Fault:
    """The fault of a query that ended its worker in a way nobody foresaw."""
    return Fault(
        500,
        "The query ended the process it ran in",
        "The query engine stopped while it ran this query; other queries are not affected. "
        "Please report the query.",
    )


def killed(limits: Limits) -> Fault:
    """The fault of a query whose process somebody else ended."""
    return Fault(
        503,
        "The query was stopped from outside",
        "The process that ran the query was ended from outside, as a rule because the machine "
        f"is short of memory. Try again; if it happens again: {_CHEAPER}",
        limit="memory_bytes",
        retry_after=5,
    )


def left() -> Fault:
    """The fault of a query that nobody waits for any more; nobody reads it, but the log."""
    return Fault(499, "The client has left", "The connection was closed before the answer came.")


def busy(limits: Limits) -> Fault:
    """The fault of a query that found no free worker."""
    return Fault(
        503,
        "The service is busy",
        f"{limits.workers} queries are running and others wait. Try again in some seconds.",
        limit="workers",
        retry_after=max(1, int(limits.seconds)),
    )


def crowded(limits: Limits) -> Fault:
    """The fault of a query of a client that asks too many at once."""
    return Fault(
        429,
        "Too many queries at once",
        f"From your address {limits.client_queries} queries are running or waiting, the most "
        "there may be. Wait for an answer before the next question.",
        limit="client_queries",
        retry_after=max(1, int(limits.seconds)),
    )


def no_worker(limits: Limits) -> Fault:
    """The fault of a service whose store cannot be opened."""
    return Fault(
        503,
        "The store cannot be opened",
        "No process that answers queries can be started; whoever runs the service finds the "
        "reason in its log.",
        retry_after=10,
    )
