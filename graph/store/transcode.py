"""Transcoding: from the format that a remote store sends to the one that the client wants."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, TypeVar, cast

import pyoxigraph as ox

from ..nesting import NotReadable, check_nesting
from .answers import Limits, NoRoom, Overflow, Spool
from .endpoint import Reply, TooLate
from .excerpt import write_table, write_turtle
from .plan import Plan
from .serialization import NotInXml, RowCounter, check_of, in_order, write_graph_to

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


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
    check = _any if planned.excerpt else check_of(planned.format)
    target = _Target(limits.result_bytes, until, check)
    try:
        if planned.shape.form in ("CONSTRUCT", "DESCRIBE"):
            rows = _graph(reply, planned, base_iri, target)
        else:
            rows = _results(reply, planned, columns, target)
    except (SyntaxError, ValueError, MemoryError) as error:  # a row of more than 16 MiB
        target.spool.close()
        raise NotReadable(str(error)) from error
    except (NoRoom, NotInXml, Overflow, TooLate):
        target.spool.close()
        raise
    return target.spool, rows


def _any(chunk: bytes) -> None:
    """Accept any chunk: an excerpt is not a document in the requested format."""


class _Source:
    """A reply's body for a parser to read, with a deadline."""

    def __init__(self, file: IO[bytes], until: float) -> None:
        self._file, self._until = file, until

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises TooLate."""
        if time.monotonic() > self._until:
            raise TooLate
        return self._file.read(size)


class _Target:
    """A binary file that fills a spool, with a size limit and a deadline."""

    def __init__(self, size: int, until: float, check: Callable[[bytes], None]) -> None:
        self.spool = Spool()
        self._check = check
        self.counter: RowCounter | None = None
        self.rows = 0
        self._size = size
        self.until = until

    def write(self, data: Buffer) -> int:
        chunk = bytes(data)
        self._check(chunk)
        self.spool.write(chunk)
        if self.counter:
            self.counter.feed(chunk)
            self.rows = self.counter.rows
        if self.spool.length > self._size:
            raise Overflow(self.rows, "rows" if self.counter else "triples")
        if time.monotonic() > self.until:
            raise TooLate
        return len(chunk)

    def in_time(self, items: Iterable[T]) -> Iterator[T]:
        """The items one by one; raise TooLate when time is up."""
        for item in items:
            if time.monotonic() > self.until:
                raise TooLate
            yield item

    def flush(self) -> None:
        """Nothing is buffered."""


def _results(reply: Reply, planned: Plan, columns: Sequence[str], target: _Target) -> int | None:
    sent = ox.QueryResultsFormat.from_media_type(reply.media_type)
    if sent not in _RESULTS:
        raise NotReadable(f"it has {reply.media_type or 'no media type'}, not SPARQL results")
    # An engine that gave up appends the reason: check this first, not after millions of rows.
    file = reply.body.file
    file.seek(max(0, reply.body.length - 100))
    if not file.read().rstrip().endswith((b"}", b">")):
        raise NotReadable("it does not end as SPARQL results do")
    body = _ordered(reply.body, columns) if sent == ox.QueryResultsFormat.JSON else reply.body
    check_nesting(lambda: target.in_time(body), sent)
    source = _Source(body.file, target.until)
    results = ox.parse_query_results(cast(IO[bytes], source), format=sent)
    if isinstance(results, ox.QueryBoolean) != (planned.shape.form == "ASK"):
        raise NotReadable(f"it is not an answer to {planned.shape.form}")
    if isinstance(results, ox.QueryBoolean):
        target.write(results.serialize(format=planned.format.results) or b"")
        return None
    if planned.excerpt:
        variables = [variable.value for variable in results.variables]
        text, rows = write_table(variables, target.in_time(results), planned.excerpt)
        target.write(text)
        return rows
    target.counter = RowCounter(planned.format.name)
    results.serialize(cast(IO[bytes], target), planned.format.results)
    return target.rows


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


def _graph(reply: Reply, planned: Plan, base_iri: str, target: _Target) -> int | None:
    sent = ox.RdfFormat.from_media_type(reply.media_type)
    if sent not in _GRAPHS:
        raise NotReadable(f"it has {reply.media_type or 'no media type'}, not RDF")
    check_nesting(lambda: target.in_time(reply.body), sent)
    source = _Source(reply.body.file, target.until)
    triples = (quad.triple for quad in ox.parse(cast(IO[bytes], source), format=sent))

    if planned.excerpt:
        target.write(write_turtle(target.in_time(triples), planned.excerpt, base_iri))
        return None

    def counted() -> Iterator[ox.Triple]:
        for triple in in_order(triples):  # some engines send a triple twice
            target.rows += 1
            yield triple

    write_graph_to(cast(IO[bytes], target), counted(), planned.format.name, base_iri)
    return target.rows
