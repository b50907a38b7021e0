"""The store interface, and the embedded store, which runs queries in worker processes."""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

from ...ontology import BASE_IRI
from ..formats import with_charset
from .admission import never_disconnected
from .answers import DEFAULT_LIMITS, WHOLE, Answer, Dataset, Limits
from .cache import CachedResult, ResultCache
from .execution import Execution
from .plan import Plan, plan
from .pool import Status, WorkerPool
from .problems import ProblemDetails, QueryError
from .service_hosts import NO_HOSTS, ServiceHosts
from .worker import Request, Setup

#: Bytes of a quad in memory, and in each worker whose query has read it. The engine keeps reference
#: counts in the store, so reading a page makes a private copy (measured: 334 and 274 bytes at 6.9
#: million quads).
_QUAD_BYTES, _COPY_BYTES = 350, 300
#: A release with more quads is read from disk until it is loaded (about 5 s per million).
LOADED_AT_ONCE = 250_000
#: A store may take this fraction of the machine's memory (1/n).
_PART = 2


#: Default size of the answer cache, in bytes.
CACHE_BYTES = 64 * 2**20


def default_memory() -> int:
    """Bytes that a store in memory may take: half the memory of the machine or container."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        container = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no container, or one without a limit
        container = machine
    return min(machine, container) // _PART


def loaded_bytes(quads: int, limits: Limits, memory: int) -> int | None:
    """Bytes that a store takes in memory, with its workers' copies; None if that exceeds ``memory``
    and it has to be read from disk."""
    size = quads * (_QUAD_BYTES + limits.processes * _COPY_BYTES)
    return size if size <= memory else None


class Store(ABC):
    """A SPARQL 1.1 query service (https://www.w3.org/TR/sparql11-query/), read-only."""

    def __init__(self, limits: Limits, service_hosts: ServiceHosts) -> None:
        #: The limits for one query.
        self.limits = limits
        #: The hosts that SERVICE in a query may contact.
        self.service_hosts = service_hosts

    def plan(
        self, text: str, accept: str = "*/*", dataset: Dataset = WHOLE, base_iri: str = ""
    ) -> Plan:
        """Check a query and choose the format of its answer that ``accept`` prefers.

        Raise ``QueryError`` if the query is refused, whatever the data. The default graph is the
        union of the release's graphs, unless the query has FROM or ``dataset`` names graphs;
        ``dataset`` overrides FROM (SPARQL 1.1 Protocol, 2.1.4). Relative IRIs are resolved against
        ``base_iri``, unless the query has BASE (SPARQL 1.1, 4.1.1.2).
        """
        return plan(text, accept, dataset, base_iri, self.limits, self.service_hosts)

    @abstractmethod
    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Answer:
        """Return the answer to a query, or raise ``QueryError``.

        ``seconds`` may lower the time limit. ``client`` identifies the client, so that one cannot
        starve another; "" is the site itself, which waits for no visitor. When
        ``is_disconnected`` returns true, the query may be stopped; a store that cannot stop a
        query need not call it.
        """

    def query(
        self,
        text: str,
        accept: str = "*/*",
        dataset: Dataset = WHOLE,
        *,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Answer:
        """Plan and run a query."""
        planned = self.plan(text, accept, dataset)
        return self.ask(planned, seconds=seconds, client=client, is_disconnected=is_disconnected)

    @property
    def order(self) -> str:
        """A name for the order of rows without ORDER BY; if it changes, that order changes."""
        return ""

    def status(self) -> Status | None:
        """The state of its workers; None if it has none."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Release the store's resources."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class EmbeddedStore(Store):
    """The store of a release; each query runs in a worker process under limits."""

    def __init__(
        self,
        release_dir: Path,
        limits: Limits = DEFAULT_LIMITS,
        cache_bytes: int = CACHE_BYTES,
        service_hosts: ServiceHosts = NO_HOSTS,
        known_functions_only: bool = False,
        memory: int | None = None,
    ) -> None:
        """Load the store into memory if it fits into ``memory`` bytes (None:
        ``default_memory()``) with its workers' copies; otherwise read it from disk."""
        described = json.loads((release_dir / "release.json").read_text(encoding="utf-8"))
        quads = described.get("quads", 0)
        memory = default_memory() if memory is None else memory
        fits = loaded_bytes(quads, limits, memory) is not None
        setup = Setup(
            release_dir=release_dir.resolve(),
            base_iri=described.get("base_iri", BASE_IRI),
            in_memory=fits and quads <= LOADED_AT_ONCE,
            limits=limits,
            quads=quads,
            may_connect=bool(service_hosts),
            known_functions_only=known_functions_only,
        )
        super().__init__(limits, service_hosts)
        self._cache: ResultCache[CachedResult] = ResultCache(cache_bytes)
        is_loaded_later = fits and not setup.in_memory
        self._pool = WorkerPool(setup, replace(setup, in_memory=True) if is_loaded_later else None)

    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Answer:
        """Return the answer to a query, or raise ``QueryError``."""
        media_type = with_charset(planned.media_type)
        asked = (planned.text, planned.format.name, planned.dataset, planned.base_iri)
        key = _digest((*asked, planned.excerpt, self.order))
        cached = None if planned.shape.is_volatile else self._cache.get(key)
        if cached:
            return Answer(media_type, (cached.body,), len(cached.body), cached.rows)
        request = Request(
            planned.text,
            planned.format.name,
            planned.dataset,
            union=not planned.shape.has_dataset and not planned.dataset,
            services=bool(planned.shape.services),
            base_iri=planned.base_iri,
            excerpt=planned.excerpt,
        )
        time_limit = min(seconds or self.limits.seconds, self.limits.seconds)
        limits = replace(self.limits, seconds=time_limit)
        outcome = Execution(self._pool, request, limits, is_disconnected).run(client)
        if isinstance(outcome, ProblemDetails):
            raise QueryError(outcome)
        spool, rows = outcome.spool, outcome.rows
        if self._cache.fits(spool.length) and not planned.shape.is_volatile:
            self._cache.keep(key, CachedResult(b"".join(spool), rows))
        return Answer(media_type, spool, spool.length, rows, outcome.seconds)

    @property
    def order(self) -> str:
        """The index that rows come from, which differs between memory and disk."""
        return "memory" if self._pool.in_memory else "disk"

    def status(self) -> Status:
        """The state of the workers and of the answer cache."""
        cache = self._cache
        return replace(
            self._pool.status(),
            kept_bytes=cache.bytes,
            kept_hits=cache.hits,
            kept_misses=cache.misses,
        )

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds``; return whether every worker is ready."""
        return self._pool.wait(seconds)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def _digest(asked: object) -> bytes:
    return hashlib.sha256(repr(asked).encode(errors="surrogatepass")).digest()
