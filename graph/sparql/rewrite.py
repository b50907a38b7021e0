"""Rewriting: from the format a remote store sends to the one a client wants."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from .answers import Limits
from .endpoint import Reply, TooLate
from .rows import RowCounter
from .spool import Spool
from .worker import write_graph_to

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["NotReadable", "Overflow", "rewrite"]

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
#: A graph of no more triples than this is written sorted, as by the embedded store.
_SORTED_TRIPLES = 250_000


class NotReadable(Exception):
    """A body that is not what was asked for; the message says why."""


class Overflow(Exception):
    """More bytes than an answer may have, after ``rows`` rows."""

    def __init__(self, rows: int, unit: str) -> None:
        super().__init__(rows)
        self.rows, self.unit = rows, unit


def rewrite(
    reply: Reply, form: str, format: str, base_iri: str, limits: Limits, until: float
) -> tuple[Spool, int | None]:
    """A reply's body in the format of a short name, and the number of its rows or triples.

    Raises NotReadable, Overflow, and TooLate after ``until`` (a time of the monotonic clock).
    """
    target = _Target(limits.result_bytes, until)
    write = _graph if form in ("CONSTRUCT", "DESCRIBE") else _results
    try:
        rows = write(reply, form, format, base_iri, target)
    except (SyntaxError, ValueError) as error:
        target.spool.close()
        raise NotReadable(str(error)) from error
    except (Overflow, TooLate):
        target.spool.close()
        raise
    return target.spool, rows


class _Target:
    """A binary file that fills a spool, up to a size and a time."""

    def __init__(self, size: int, until: float) -> None:
        self.spool = Spool()
        self.counter: RowCounter | None = None
        self.rows = 0
        self._size = size
        self._until = until

    def write(self, data: Buffer) -> int:
        chunk = bytes(data)
        self.spool.write(chunk)
        if self.counter:
            self.counter.feed(chunk)
            self.rows = self.counter.rows
        if self.spool.length > self._size:
            raise Overflow(self.rows, "rows" if self.counter else "triples")
        if time.monotonic() > self._until:
            raise TooLate
        return len(chunk)

    def flush(self) -> None:
        """Nothing waits to be written."""


def _results(reply: Reply, form: str, format: str, base_iri: str, target: _Target) -> int | None:
    sent = ox.QueryResultsFormat.from_media_type(reply.media_type)
    if sent not in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML):
        raise NotReadable(f"it is {reply.media_type or 'of no type'}, and not SPARQL results")
    # An engine that gave up has written why: seen at once, and not after millions of rows.
    file = reply.body.file
    file.seek(max(0, reply.body.length - 100))
    if not file.read().rstrip().endswith((b"}", b">")):
        raise NotReadable("it does not end as SPARQL results do")
    found = ox.parse_query_results(reply.body.file, format=sent)
    if isinstance(found, ox.QueryBoolean) != (form == "ASK"):
        raise NotReadable(f"it is no answer to {form}")
    if isinstance(found, ox.QueryBoolean):
        target.write(found.serialize(format=_RESULTS[format]) or b"")
        return None
    target.counter = RowCounter(format)
    found.serialize(cast(IO[bytes], target), _RESULTS[format])
    return target.rows


def _graph(reply: Reply, form: str, format: str, base_iri: str, target: _Target) -> int:
    sent = ox.RdfFormat.from_media_type(reply.media_type)
    if sent is None:
        raise NotReadable(f"it is {reply.media_type or 'of no type'}, and not RDF")
    triples = (quad.triple for quad in ox.parse(reply.body.file, format=sent))

    def counted() -> Iterator[ox.Triple]:
        first = list(islice(triples, _SORTED_TRIPLES + 1))
        # Some engines send a triple twice.
        some = sorted(set(first), key=str) if len(first) <= _SORTED_TRIPLES else first
        for triple in chain(some, triples):
            target.rows += 1
            yield triple

    write_graph_to(cast(IO[bytes], target), counted(), format, base_iri)
    return target.rows
