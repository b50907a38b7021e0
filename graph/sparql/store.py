"""The store: one question in, one whole answer out, wherever the triples are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import pyoxigraph as ox

from ...ontology import BASE_IRI
from .answers import (
    DEFAULT_LIMITS,
    WHOLE,
    Answer,
    Dataset,
    Fault,
    Limits,
    QueryError,
    forbidden,
    not_acceptable,
    too_deep,
    too_long,
)
from .formats import FORMATS, Format, negotiate, with_charset
from .kept_answers import Kept, KeptAnswers
from .pool import Status, WorkerPool, present
from .sparql_guard import Shape, inspect
from .spool import Spool
from .worker import Request, Setup, write_graph

__all__ = [
    "CACHE_BYTES",
    "DEFAULT_LIMITS",
    "WHOLE",
    "Answer",
    "Dataset",
    "EmbeddedStore",
    "Fault",
    "Limits",
    "Plan",
    "QueryError",
    "Spool",
    "Status",
    "Store",
    "WatchedStore",
    "forbidden",
    "not_acceptable",
    "plan",
    "present",
    "write_graph",
]

#: A release with more quads than this is read from disk. In memory queries take a half to a
#: seventh of the time, but each worker, and each that replaces a killed one, first loads the
#: dump: some 4 s and 0.4 GB for a million quads.
IN_MEMORY_QUADS = 500_000


#: Bytes of answers that are kept for the next one who asks the same.
CACHE_BYTES = 64 * 2**20


class Store(Protocol):
    """A SPARQL 1.1 query service (https://www.w3.org/TR/sparql11-query/), read-only."""

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        ...

    def query(
        self,
        text: str,
        accept: str = "*/*",
        dataset: Dataset = WHOLE,
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], bool] = present,
    ) -> Answer:
        """The answer to a query in the format ``accept`` likes best; or ``QueryError``.

        ``seconds`` may lower the limit of time. ``client`` is who asks, so that one client cannot
        starve another; "" is the site itself, which waits behind nobody. ``gone`` tells whether
        the client has left, and its query may be stopped; a store that cannot need not ask.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...


@runtime_checkable
class WatchedStore(Protocol):
    """A store that can tell what it is doing."""

    def status(self) -> Status:
        """The state of its workers."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that may be run, and the format its answer will be in."""

    shape: Shape
    format: Format
    #: As the client calls it.
    media_type: str


def plan(text: str, accept: str, dataset: Dataset, limits: Limits) -> Plan:
    """What will be done with a query; ``QueryError`` where it cannot be, whatever the data."""
    shape = _checked(text, dataset, limits)
    return Plan(shape, *_format(shape, accept))


class EmbeddedStore:
    """A release's store, each query of it run in a worker process under limits."""

    def __init__(
        self,
        release_dir: Path,
        limits: Limits = DEFAULT_LIMITS,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        described = json.loads((release_dir / "release.json").read_text(encoding="utf-8"))
        setup = Setup(
            release_dir=release_dir.resolve(),
            base_iri=described.get("base_iri", BASE_IRI),
            in_memory=described.get("quads", 0) <= IN_MEMORY_QUADS,
            limits=limits,
        )
        self._limits = limits
        self._kept = KeptAnswers(cache_bytes)
        self._pool = WorkerPool(setup)

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    def query(
        self,
        text: str,
        accept: str = "*/*",
        dataset: Dataset = WHOLE,
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], bool] = present,
    ) -> Answer:
        """The answer to a query in the format ``accept`` likes best; or ``QueryError``.

        The default graph is the union of all graphs, unless the query has FROM or ``dataset``
        names graphs; ``dataset`` wins over FROM (SPARQL 1.1 Protocol, 2.1.4).
        """
        planned = plan(text, accept, dataset, self._limits)
        media_type = with_charset(planned.media_type)
        key = (hashlib.sha256(text.encode()).digest(), planned.format.name, dataset)
        kept = None if planned.shape.is_volatile else self._kept.get(key)
        if kept:
            return Answer(media_type, (kept.body,), len(kept.body), kept.rows)
        union = not planned.shape.has_dataset and not dataset
        request = Request(text, planned.format.name, dataset, union)
        outcome = self._pool.run(request, seconds, client, gone)
        if isinstance(outcome, Fault):
            raise QueryError(outcome)
        spool, rows = outcome.spool, outcome.rows
        if self._kept.fits(spool.length) and not planned.shape.is_volatile:
            self._kept.keep(key, Kept(b"".join(spool), rows))
        return Answer(media_type, spool, spool.length, rows)

    def status(self) -> Status:
        """The state of the workers and of the answers kept."""
        kept = self._kept
        return replace(
            self._pool.status(),
            kept_bytes=kept.bytes,
            kept_hits=kept.hits,
            kept_misses=kept.misses,
        )

    def wait(self, seconds: float) -> bool:
        """Whether every worker is ready, within ``seconds``."""
        return self._pool.wait(seconds)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _checked(text: str, dataset: Dataset, limits: Limits) -> Shape:
    """The shape of a query that may be run."""
    if len(text) > limits.query_characters:
        raise QueryError(too_long(len(text), limits))
    shape = inspect(text)
    if shape.forbidden:
        raise QueryError(forbidden(shape.forbidden))
    if shape.depth > limits.nesting:
        raise QueryError(too_deep(limits))
    for iri in (*dataset.default_graphs, *dataset.named_graphs):
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            fault = Fault(400, "No such graph", f"{iri!r} is not an IRI: {error}.")
            raise QueryError(fault) from error
    return shape


def _format(shape: Shape, accept: str) -> tuple[Format, str]:
    # A query without a form does not parse, whatever its answer would be written in.
    formats = list(FORMATS[shape.form or "SELECT"].values())
    chosen = negotiate(accept, formats)
    if chosen is None and shape.form:
        raise QueryError(not_acceptable(shape.form, formats))
    return chosen or (formats[0], formats[0].media_type)
