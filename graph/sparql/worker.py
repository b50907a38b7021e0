"""The process a query runs in: it holds the store, and can be killed.

An engine has no time-out, and some queries end its process, so the server never runs one in
its own. Started by ``pool.WorkerPool`` as ``python -m oograph.graph.sparql.worker FD``; POSIX only.
"""

from __future__ import annotations

import io
import math
import os
import resource
import select
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from ...ontology import BASE_IRI, PREFIXES, context
from ..jsonld import Context
from ..jsonld import write as write_jsonld
from .answers import (
    Dataset,
    Done,
    Fault,
    Limits,
    not_acceptable,
    out_of_memory,
    syntax_error,
    too_large,
)
from .formats import FORMATS, Format
from .rows import RowCounter
from .sparql_guard import inspect

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["Request", "Setup", "answer", "main", "open_store", "write_graph"]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know once."""

    release_dir: Path
    base_iri: str
    #: True: load the N-Quads dump; False: open the store on disk, read-only.
    in_memory: bool
    limits: Limits


@dataclass(frozen=True, slots=True)
class Request:
    """One query, and the short name of the format its answer is wanted in."""

    text: str
    format: str
    dataset: Dataset
    #: True where the default graph is the union of all graphs.
    union: bool


def main(descriptor: int) -> None:
    """Answer requests from a socket until its other end closes."""
    connection: Connection[object, object] = Connection(descriptor)
    setup = cast(Setup, connection.recv())
    store = open_store(setup)
    _context(setup.base_iri)  # Read now: soon no file can be opened.
    _confine(setup.limits)
    threading.Thread(target=_leave_with_parent, args=(descriptor,), daemon=True).start()
    connection.send("ready")
    while True:
        try:
            request = cast(Request, connection.recv())
        except EOFError:
            return
        _allow_processor_time(setup.limits)
        connection.send(answer(store, request, setup, connection.send))


def open_store(setup: Setup) -> ox.Store:
    """The release's store: in memory (two to seven times faster) or on disk."""
    if not setup.in_memory:
        return ox.Store.read_only(str(setup.release_dir / "store"))
    store = ox.Store()
    store.bulk_load(
        path=str(setup.release_dir / "dumps" / "oograph.nq"), format=ox.RdfFormat.N_QUADS
    )
    return store


def _confine(limits: Limits) -> None:
    """Take from this process what no query needs: core files, more memory, new files, sockets."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[0])
        bound = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    # 0, 1 and 2 are taken, so nothing new can be opened; what is open stays usable.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _allow_processor_time(limits: Limits) -> None:
    """Should the parent be unable to stop this query, the kernel does."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = math.ceil(time.process_time() + limits.seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def _leave_with_parent(descriptor: int) -> None:
    """End this process, even in the midst of a query, when the parent's end closes."""
    poll = select.poll()
    poll.register(descriptor, 0)  # Only hang-up, which is always reported.
    poll.poll()
    os._exit(1)


def answer(
    store: ox.Store, request: Request, setup: Setup, send: Callable[[bytes], None]
) -> Done | Fault:
    """Send the answer to one query, chunk by chunk; or say why there is none.

    After a fault the chunks that were sent are of no use.
    """
    named = [ox.NamedNode(iri) for iri in request.dataset.named_graphs]
    default = [ox.NamedNode(iri) for iri in request.dataset.default_graphs]
    try:
        results = store.query(
            request.text,
            use_default_graph_as_union=request.union,
            default_graph=cast(list[_Graph], default) if request.dataset else None,
            named_graphs=cast(list[_Name], named) if request.dataset else None,
        )
        form, write = _WRITERS[type(results)]
        formats = FORMATS[form]
        if request.format not in formats:
            return not_acceptable(form, formats.values())
        return write(results, formats[request.format], setup, _Sender(send, setup.limits))
    except SyntaxError as error:
        return syntax_error(request.text, inspect(request.text), str(error))
    except _TooLarge as error:
        return too_large(error.rows, error.unit, setup.limits)
    except MemoryError:
        return out_of_memory(setup.limits)
    except (OSError, RuntimeError, ValueError) as error:
        return Fault(400, "The query cannot be answered", f"The query engine says: {error}.")


_Name = ox.NamedNode | ox.BlankNode
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


#: A graph of no more triples than this is written sorted. A larger one would take more memory
#: than a query may use, and is written as its triples come.
_SORTED_TRIPLES = 250_000
#: Fewer bytes than a triple takes in most graphs.
_TRIPLE_BYTES = 40
#: The size of a chunk; the engine writes 8 KiB at a time.
_CHUNK_BYTES = 2**18


class _TooLarge(Exception):
    def __init__(self, rows: int, unit: str) -> None:
        super().__init__(rows)
        self.rows, self.unit = rows, unit


class _Sender:
    """A binary file whose bytes go to the parent, in chunks, up to a number of bytes."""

    def __init__(self, send: Callable[[bytes], None], limits: Limits) -> None:
        self._send = send
        self._limit = limits.result_bytes
        self._chunk = bytearray()
        self._sent = 0
        self.watch: Callable[[bytes], None] = lambda chunk: None
        self.reached: Callable[[], tuple[int, str]] = lambda: (0, "rows")

    def write(self, data: Buffer) -> int:
        self._chunk += data
        if len(self._chunk) >= _CHUNK_BYTES:
            self.flush()
        return len(bytes(data))

    def flush(self) -> None:
        chunk = bytes(self._chunk)
        self._chunk.clear()
        self.watch(chunk)
        self._sent += len(chunk)
        if self._sent > self._limit:
            raise _TooLarge(*self.reached())
        if chunk:
            self._send(chunk)


def _write_solutions(
    results: ox.QuerySolutions, format: Format, setup: Setup, sender: _Sender
) -> Done:
    counter = RowCounter(format.name)
    sender.watch = counter.feed
    sender.reached = lambda: (counter.rows, "rows")
    results.serialize(cast(IO[bytes], sender), _RESULTS[format.name])
    sender.flush()
    return Done(counter.rows)


def _write_boolean(results: ox.QueryBoolean, format: Format, setup: Setup, sender: _Sender) -> Done:
    sender.write(results.serialize(format=_RESULTS[format.name]) or b"")
    sender.flush()
    return Done(None)


def _write_graph(results: ox.QueryTriples, format: Format, setup: Setup, sender: _Sender) -> Done:
    rows = 0
    most = min(_SORTED_TRIPLES, setup.limits.result_bytes // _TRIPLE_BYTES)

    def counted() -> Iterator[ox.Triple]:
        nonlocal rows
        # Sorted, so that the same graph is the same bytes and Turtle keeps a subject together.
        first = list(islice(results, most + 1))
        if len(first) <= most:
            first.sort(key=str)
        for triple in chain(first, results):
            rows += 1
            yield triple

    sender.reached = lambda: (rows, "triples")
    write_graph_to(cast(IO[bytes], sender), counted(), format.name, setup.base_iri)
    sender.flush()
    return Done(rows)


def write_graph(triples: Iterable[ox.Triple], format: str, base_iri: str) -> bytes:
    """A graph in one of the formats of ``formats.RDF``, by its short name, as bytes."""
    file = io.BytesIO()
    write_graph_to(file, triples, format, base_iri)
    return file.getvalue()


def write_graph_to(
    file: IO[bytes], triples: Iterable[ox.Triple], format: str, base_iri: str
) -> None:
    """Write a graph in one of the formats of ``formats.RDF``, by its short name.

    In JSON-LD a subject is one node object as long as its triples come together.
    """
    if format == "jsonld":
        for text in write_jsonld(triples, _context(base_iri)):
            file.write(text.encode())
        return
    prefixes = {name: iri.replace(BASE_IRI, base_iri) for name, iri in PREFIXES.items()}
    ox.serialize(triples, file, _RDF[format], prefixes=prefixes)


@cache
def _context(base_iri: str) -> Context:
    return Context.of(context(base_iri))


_WRITERS: Mapping[type, tuple[str, Callable[..., Done]]] = {
    ox.QuerySolutions: ("SELECT", _write_solutions),
    ox.QueryBoolean: ("ASK", _write_boolean),
    ox.QueryTriples: ("CONSTRUCT", _write_graph),
}


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except (EOFError, ConnectionError):  # the pool has closed its end, perhaps before we began
        sys.exit(0)
