"""The store: one question in, one whole answer out, wherever the triples are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol, Self

import pyoxigraph as ox

from ..ontology import BASE_IRI
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
from .pool import WorkerPool
from .sparql_guard import Shape, inspect
from .worker import Request, Setup, write_graph

__all__ = [
    "DEFAULT_LIMITS",
    "WHOLE",
    "Answer",
    "Dataset",
    "EmbeddedStore",
    "Fault",
    "Limits",
    "QueryError",
    "Store",
    "forbidden",
    "not_acceptable",
    "write_graph",
]

#: A release with more quads than this is read from disk. In memory queries take a half to a
#: seventh of the time, but each worker, and each that replaces a killed one, first loads the
#: dump: some 4 s and 0.4 GB for a million quads.
IN_MEMORY_QUADS = 500_000


class Store(Protocol):
    """A SPARQL 1.1 query service (https://www.w3.org/TR/sparql11-query/), read-only."""

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        ...

    def query(self, text: str, accept: str = "*/*", dataset: Dataset = WHOLE) -> Answer:
        """The answer to a query in the format ``accept`` likes best; or ``QueryError``."""
        ...


class EmbeddedStore:
    """A release's store, each query of it run in a worker process under limits."""

    def __init__(self, release_dir: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        described = json.loads((release_dir / "release.json").read_text(encoding="utf-8"))
        setup = Setup(
            release_dir=release_dir.resolve(),
            base_iri=described.get("base_iri", BASE_IRI),
            in_memory=described.get("quads", 0) <= IN_MEMORY_QUADS,
            limits=limits,
        )
        self._limits = limits
        self._pool = WorkerPool(setup)

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    def query(self, text: str, accept: str = "*/*", dataset: Dataset = WHOLE) -> Answer:
        """The answer to a query in the format ``accept`` likes best; or ``QueryError``.

        The default graph is the union of all graphs, unless the query has FROM or ``dataset``
        names graphs; ``dataset`` wins over FROM (SPARQL 1.1 Protocol, 2.1.4).
        """
        shape = _checked(text, dataset, self._limits)
        format, media_type = _format(shape, accept)
        union = not shape.has_dataset and not dataset
        outcome = self._pool.run(Request(text, format.name, dataset, union))
        if isinstance(outcome, Fault):
            raise QueryError(outcome)
        return Answer(with_charset(media_type), outcome)

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
