"""Transcoding: from the format that a remote store sends to the one that the client wants."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TypeVar, cast

import pyoxigraph as ox

from ..nesting import NotReadable, check_nesting
from .answers import Limits, NoRoom, Overflow, Spool
from .endpoint import Reply, TooLate
from .excerpt import write_table, write_turtle
from .plan import Plan
from .serialization import NotInXml, Output, check_of

T = TypeVar("T")

#: The number of bytes in which the head is expected.
_HEAD_BYTES = 2**16
_VARS = re.compile(
    rb'^\s*\{\s*"head"\s*:\s*\{(?:\s*"link"\s*:\s*\[[^\]]*\]\s*,)?\s*"vars"\s*:\s*(\[[^\]]*\])'
)
#: The formats accepted for graphs and for solutions.
_GRAPHS = frozenset({ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML})
_RESULTS = frozenset({ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML})


def transcode(
    reply: Reply,
    planned: Plan,
    columns: Sequence[str],
    base_iri: str,
    limits: Limits,
    until: float,
) -> tuple[Spool, int | None]:
    """A reply's body in the requested format, and the number of its rows or triples.

    ``columns`` are the variables of a SELECT in the requested order.
    Raises NotReadable, NotInXml, Overflow, NoRoom, and TooLate after ``until``, a time of the
    monotonic clock.
    """
    deadline, spool = _Deadline(until), Spool()

    def put(chunk: bytes) -> None:
        spool.write(chunk)
        deadline.check()

    output = Output(put, limits.result_bytes, _any if planned.excerpt else check_of(planned.format))
    try:
        results = _results(reply, planned.shape.form, columns, deadline)
        if not planned.excerpt or isinstance(results, ox.QueryBoolean):
            output.answer(results, planned.format, base_iri)
        elif isinstance(results, ox.QuerySolutions):
            variables = [variable.value for variable in results.variables]
            rows = deadline.each(results)
            text, output.rows = write_table(variables, rows, planned.excerpt)
            output.write(text)
        else:
            output.write(write_turtle(deadline.each(results), planned.excerpt, base_iri))
    except (SyntaxError, ValueError, MemoryError) as error:  # a row of more than 16 MiB
        spool.close()
        raise NotReadable(str(error)) from error
    except (NoRoom, NotInXml, Overflow, TooLate):
        spool.close()
        raise
    return spool, output.rows


def _any(chunk: bytes) -> None:
    """Accept any chunk: an excerpt is not a document in the requested format."""


@dataclass(frozen=True, slots=True)
class _Deadline:
    """The time of the monotonic clock by which an answer must be written."""

    until: float

    def check(self) -> None:
        """Raise TooLate when time is up."""
        if time.monotonic() > self.until:
            raise TooLate

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The items one by one; raises TooLate."""
        for item in items:
            self.check()
            yield item


@dataclass(frozen=True, slots=True)
class _Source:
    """A reply's body for a parser to read, with a deadline."""

    file: IO[bytes]
    deadline: _Deadline

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises TooLate."""
        self.deadline.check()
        return self.file.read(size)


def _results(
    reply: Reply, form: str, columns: Sequence[str], deadline: _Deadline
) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
    """What a reply holds; parsed while it is read."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        return _graph(reply, deadline)
    sent = ox.QueryResultsFormat.from_media_type(reply.media_type)
    if sent not in _RESULTS:
        raise NotReadable(f"it has {reply.media_type or 'no media type'}, not SPARQL results")
    # An engine that gave up appends the reason: check this first, not after millions of rows.
    file = reply.body.file
    file.seek(max(0, reply.body.length - 100))
    if not file.read().rstrip().endswith((b"}", b">")):
        raise NotReadable("it does not end as SPARQL results do")
    body = _ordered(reply.body, columns) if sent == ox.QueryResultsFormat.JSON else reply.body
    check_nesting(lambda: deadline.each(body), sent)
    source = _Source(body.file, deadline)
    results = ox.parse_query_results(cast(IO[bytes], source), format=sent)
    if isinstance(results, ox.QueryBoolean) != (form == "ASK"):
        raise NotReadable(f"it is not an answer to {form}")
    return results


def _ordered(body: Spool, columns: Sequence[str]) -> Spool:
    """JSON results with the columns of the head reordered; rows name their own columns."""
    file = body.file
    start = file.read(_HEAD_BYTES)
    head = _VARS.search(start)
    if not head:
        return body
    try:
        named = json.loads(head[1])
    except ValueError:
        return body
    if named == list(columns) or sorted(named) != sorted(columns):
        return body
    ordered = Spool()
    ordered.write(start[: head.start(1)] + json.dumps(columns).encode() + start[head.end(1) :])
    while piece := file.read(_HEAD_BYTES):
        ordered.write(piece)
    return ordered


def _graph(reply: Reply, deadline: _Deadline) -> Iterator[ox.Triple]:
    sent = ox.RdfFormat.from_media_type(reply.media_type)
    if sent not in _GRAPHS:
        raise NotReadable(f"it has {reply.media_type or 'no media type'}, not RDF")
    check_nesting(lambda: deadline.each(reply.body), sent)
    source = _Source(reply.body.file, deadline)
    return (quad.triple for quad in ox.parse(cast(IO[bytes], source), format=sent))
