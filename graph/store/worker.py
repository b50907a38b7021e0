"""The worker: the process in which queries run, which holds the store and can be killed.

The engine has no timeout, and some queries crash its process, so the server never runs a query in
its own process. ``fork_server`` forks the workers.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from ..formats import FORMATS
from .answers import Dataset, Done, Limits, Overflow
from .confinement import allow_connections, allow_processor_time, confine, leave_with_parent
from .excerpt import Excerpt, write_table, write_turtle
from .problems import (
    DAMAGED,
    ProblemDetails,
    not_acceptable,
    not_in_xml,
    out_of_memory,
    service_failed,
    too_large,
)
from .serialization import SORTED_TRIPLES, NotInXml, Output, check_of
from .syntax import syntax_error

#: The size of a worker's process ID as it is sent.
PID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Setup:
    """The configuration of a worker."""

    release_dir: Path
    base_iri: str
    #: True: load the N-Quads dump; False: open the store on disk, read-only.
    in_memory: bool
    limits: Limits
    #: The number of statements of the release; 0 if unknown.
    quads: int = 0
    #: Whether queries may contact other services.
    may_connect: bool = False
    #: Whether to refuse queries that call an unknown function; if not, the call is an error value.
    known_functions_only: bool = False

    @property
    def dump(self) -> Path:
        """The dump from which a store in memory is loaded."""
        return self.release_dir / "dumps" / "oograph.nq"

    @property
    def store(self) -> Path | None:
        """The store on disk; None if the store is loaded into memory."""
        return None if self.in_memory else self.release_dir / "store"


@dataclass(frozen=True, slots=True)
class Request:
    """One query, and the short name of the format of its answer."""

    text: str
    format: str
    dataset: Dataset
    #: True if the default graph is the union of all graphs.
    union: bool
    #: True if it has SERVICE clauses, all of which are permitted.
    services: bool = False
    #: The base for relative IRIs; "" if there is none.
    base_iri: str = ""
    #: How much of the answer a page shows; None for all of it, in the format.
    excerpt: Excerpt | None = None


def work(connection: Connection[object, object], setup: Setup, store: ox.Store) -> None:
    """Answer requests from a pipe until its other end closes (EOFError)."""
    descriptors = confine(setup.limits, setup.store, setup.may_connect)
    arguments = (connection.fileno(),)
    threading.Thread(target=leave_with_parent, args=arguments, daemon=True).start()
    connection.send("ready")
    while True:
        request = cast(Request, connection.recv())
        allow_processor_time(setup.limits)
        allow_connections(request.services, descriptors)
        connection.send(answer(store, request, setup, connection.send))


def open_store(
    setup: Setup, reading: Callable[[IO[bytes]], IO[bytes]] = lambda dump: dump
) -> ox.Store:
    """Open the release's store: in memory (two to seven times faster) or on disk.

    ``reading`` wraps the dump that is loaded into memory.
    """
    if setup.store:
        return ox.Store.read_only(str(setup.store))
    store = ox.Store()
    with setup.dump.open("rb") as dump:
        store.bulk_load(reading(dump), format=ox.RdfFormat.N_QUADS)
    if setup.quads and len(store) != setup.quads:
        # It was complete when the release was opened, but a process may start long after that.
        raise ValueError(f"{setup.dump} holds {len(store):,} statements, not {setup.quads:,}")
    return store


def answer(
    store: ox.Store, request: Request, setup: Setup, send: Callable[[bytes], None]
) -> Done | ProblemDetails:
    """Send the answer to one query in chunks and return its end, or the problem.

    After a problem, chunks already sent are to be discarded.
    """
    try:
        results = _results(store, request, setup)
        form = _FORMS[type(results)]
        formats = FORMATS[form]
        if request.format not in formats:
            return not_acceptable(f"The answer to {form}", formats.values())
        if request.excerpt and not isinstance(results, ox.QueryBoolean):
            return _write_excerpt(results, request.excerpt, setup)
        format = formats[request.format]
        most = setup.limits.result_bytes
        output = Output(send, most, check_of(format), _CHUNK_BYTES)
        output.answer(results, format, setup.base_iri, min(SORTED_TRIPLES, most // _TRIPLE_BYTES))
        rest = output.rest()
        return Done(output.rows, rest)
    except SyntaxError as error:
        return syntax_error(request.text, str(error), setup.base_iri)
    except NotInXml:
        return not_in_xml(formats.values())
    except Overflow as error:
        return too_large(error.rows, error.unit, setup.limits)
    except MemoryError:
        return out_of_memory(setup.limits)
    except (OSError, RuntimeError, ValueError) as error:
        if request.services:
            return service_failed(str(error))
        if str(setup.release_dir) in str(error):  # a file of the store, not the query
            return DAMAGED
        return ProblemDetails(
            400, "The query cannot be answered", f"The query engine says: {error}."
        )


def _results(store: ox.Store, request: Request, setup: Setup) -> _Results:
    """The engine's results.

    A call of an unknown function is an error in its expression (SPARQL 1.1, 17.6). The engine
    refuses it, before anything is evaluated, and says its name; as one without a value it
    is what the specification wants.
    """
    named = [ox.NamedNode(iri) for iri in request.dataset.named_graphs]
    default = [ox.NamedNode(iri) for iri in request.dataset.default_graphs]
    functions: dict[ox.NamedNode, Callable[..., _Name | ox.Literal | ox.Triple | None]] = {}
    while True:
        try:
            return store.query(
                request.text,
                base_iri=request.base_iri or None,
                use_default_graph_as_union=request.union,
                default_graph=cast(list[_Graph], default) if request.dataset else None,
                named_graphs=cast(list[_Name], named) if request.dataset else None,
                custom_functions=functions,
            )
        except RuntimeError as error:
            unknown = _UNKNOWN_FUNCTION.search(str(error))
            if unknown is None or setup.known_functions_only:
                raise
            functions[ox.NamedNode(unknown[1])] = _no_value


def _no_value(*arguments: object) -> None:
    """Stand in for an unknown function, whose call is an error."""


_UNKNOWN_FUNCTION = re.compile(r"custom function <([^<>]*)> is not supported")
_Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_Name = ox.NamedNode | ox.BlankNode
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
#: A low estimate of the bytes per triple.
_TRIPLE_BYTES = 40
#: The size of a chunk; the engine itself writes 8 KiB at a time.
_CHUNK_BYTES = 2**18


def _write_excerpt(
    results: ox.QuerySolutions | ox.QueryTriples, excerpt: Excerpt, setup: Setup
) -> Done:
    if isinstance(results, ox.QuerySolutions):
        variables = [variable.value for variable in results.variables]
        text, rows = write_table(variables, results, excerpt)
        return Done(rows, text)
    return Done(None, write_turtle(results, excerpt, setup.base_iri))


_FORMS: Mapping[type, str] = {
    ox.QuerySolutions: "SELECT",
    ox.QueryBoolean: "ASK",
    ox.QueryTriples: "CONSTRUCT",
}
