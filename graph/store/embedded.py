"""The store: one question in, one whole answer out, wherever the triples are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from ...ontology import BASE_IRI
from ..formats import with_charset
from .admission import present
from .answers import DEFAULT_LIMITS, WHOLE, Answer, Dataset, Limits, Spool
from .cache import CachedResult, ResultCache
from .plan import Plan, plan
from .pool import Status, WorkerPool
from .problems import ProblemDetails, QueryError, forbidden, not_acceptable
from .serialization import write_graph
from .service_hosts import NO_HOSTS, ServiceHosts
from .worker import Request, Setup

__all__ = [
    "Answer",
    "CACHE_BYTES",
    "DEFAULT_LIMITS",
    "Dataset",
    "EmbeddedStore",
    "ProblemDetails",
    "Limits",
    "Plan",
    "QueryError",
    "ServiceHosts",
    "Spool",
    "Status",
    "Store",
    "WHOLE",
    "WatchedStore",
    "forbidden",
    "not_acceptable",
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

    @property
    def service_hosts(self) -> ServiceHosts:
        """The hosts that SERVICE in a query may ask."""
        ...

    def plan(self, text: str, accept: str = "*/*", dataset: Dataset = WHOLE) -> Plan:
        """A query that may be asked, its answer in the format ``accept`` likes best.

        ``QueryError`` where it may not be, whatever the data. The default graph is the union of
        the release's graphs, unless the query has FROM or ``dataset`` names graphs; ``dataset``
        wins over FROM (SPARQL 1.1 Protocol, 2.1.4).
        """
        return plan(text, accept, dataset, self.limits, self.service_hosts)

    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], bool] = present,
    ) -> Answer:
        """The answer to a query; or ``QueryError``.

        ``seconds`` may lower the limit of time. ``client`` is who asks, so that one client cannot
        starve another; "" is the site itself, which waits behind nobody. ``gone`` tells whether
        the client has left, and its query may be stopped; a store that cannot need not ask.
        """
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
        """``plan`` and ``ask`` in one."""
        planned = self.plan(text, accept, dataset)
        return self.ask(planned, seconds=seconds, client=client, gone=gone)

    def close(self) -> None:
        """Give back what the store holds."""
        ...


@runtime_checkable
class WatchedStore(Protocol):
    """A store that can tell what it is doing."""

    def status(self) -> Status:
        """The state of its workers."""
        ...


class EmbeddedStore(Store):
    """A release's store, each query of it run in a worker process under limits."""

    def __init__(
        self,
        release_dir: Path,
        limits: Limits = DEFAULT_LIMITS,
        cache_bytes: int = CACHE_BYTES,
        service_hosts: ServiceHosts = NO_HOSTS,
    ) -> None:
        described = json.loads((release_dir / "release.json").read_text(encoding="utf-8"))
        setup = Setup(
            release_dir=release_dir.resolve(),
            base_iri=described.get("base_iri", BASE_IRI),
            in_memory=described.get("quads", 0) <= IN_MEMORY_QUADS,
            limits=limits,
            may_connect=bool(service_hosts),
        )
        self._limits, self._hosts = limits, service_hosts
        self._kept: ResultCache[CachedResult] = ResultCache(cache_bytes)
        self._pool = WorkerPool(setup)

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    @property
    def service_hosts(self) -> ServiceHosts:
        """The hosts that SERVICE in a query may ask."""
        return self._hosts

    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], bool] = present,
    ) -> Answer:
        """The answer to a query; or ``QueryError``."""
        media_type = with_charset(planned.media_type)
        digest = hashlib.sha256(planned.text.encode()).digest()
        key = (digest, planned.format.name, planned.dataset)
        kept = None if planned.shape.is_volatile else self._kept.get(key)
        if kept:
            return Answer(media_type, (kept.body,), len(kept.body), kept.rows)
        request = Request(
            planned.text,
            planned.format.name,
            planned.dataset,
            union=not planned.shape.has_dataset and not planned.dataset,
            services=bool(planned.shape.services),
        )
        outcome = self._pool.run(request, seconds, client, gone)
        if isinstance(outcome, ProblemDetails):
            raise QueryError(outcome)
        spool, rows = outcome.spool, outcome.rows
        if self._kept.fits(spool.length) and not planned.shape.is_volatile:
            self._kept.keep(key, CachedResult(b"".join(spool), rows))
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
