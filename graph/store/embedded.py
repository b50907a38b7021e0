"""The store: one question in, one whole answer out, wherever the triples are kept."""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

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

#: What a quad takes in memory, and in each worker whose query has read it: the engine counts its
#: readers in the store, so that the worker gets a page of its own (334 and 274 at 6.9 million).
_QUAD_BYTES, _COPY_BYTES = 350, 300
#: A release with more quads than this is read from disk until it is loaded: some 5 s for a million.
LOADED_AT_ONCE = 250_000
#: The part of the machine's memory that a store may take.
_PART = 2


#: Bytes of answers that are kept for the next client that asks the same.
CACHE_BYTES = 64 * 2**20


def default_memory() -> int:
    """Bytes that a store in memory may take: half of the machine's, or of the container's."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        container = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no container, or one without a limit
        container = machine
    return min(machine, container) // _PART


def loaded_bytes(quads: int, limits: Limits, memory: int) -> int | None:
    """What a store takes in memory with its workers' copies; None where that is more than it may,
    and it is read from disk."""
    size = quads * (_QUAD_BYTES + limits.processes * _COPY_BYTES)
    return size if size <= memory else None


class Store(ABC):
    """A SPARQL 1.1 query service (https://www.w3.org/TR/sparql11-query/), read-only."""

    def __init__(self, limits: Limits, service_hosts: ServiceHosts) -> None:
        #: What one query may use.
        self.limits = limits
        #: The hosts that SERVICE in a query may ask.
        self.service_hosts = service_hosts

    def plan(
        self, text: str, accept: str = "*/*", dataset: Dataset = WHOLE, base_iri: str = ""
    ) -> Plan:
        """A query that may be asked, its answer in the format ``accept`` likes best.

        ``QueryError`` where it may not be, whatever the data. The default graph is the union of
        the release's graphs, unless the query has FROM or ``dataset`` names graphs; ``dataset``
        wins over FROM (SPARQL 1.1 Protocol, 2.1.4). Relative IRIs are resolved against
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
        """The answer to a query; or ``QueryError``.

        ``seconds`` may lower the limit of time. ``client`` is who asks, so that one client cannot
        starve another; "" is the site itself, which waits behind nobody. Once ``is_disconnected``
        the query may be stopped; a store that cannot stop it need not ask.
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
        """``plan`` and ``ask`` in one."""
        planned = self.plan(text, accept, dataset)
        return self.ask(planned, seconds=seconds, client=client, is_disconnected=is_disconnected)

    @property
    def order(self) -> str:
        """What the order of rows goes by that no ORDER BY gives: with another, another order."""
        return ""

    @abstractmethod
    def close(self) -> None:
        """Give back what the store holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@runtime_checkable
class WatchedStore(Protocol):
    """A store that reports what it is doing."""

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
        known_functions_only: bool = False,
        memory: int | None = None,
    ) -> None:
        """The store is loaded into memory where it fits into ``memory`` bytes, with the copies of
        its workers (None: ``default_memory()``), and else read from disk."""
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
        """The answer to a query; or ``QueryError``."""
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
        """The index that rows come from: in memory it is another than on disk."""
        return "memory" if self._pool.in_memory else "disk"

    def status(self) -> Status:
        """The state of the workers and of the answers kept."""
        cache = self._cache
        return replace(
            self._pool.status(),
            kept_bytes=cache.bytes,
            kept_hits=cache.hits,
            kept_misses=cache.misses,
        )

    def wait(self, seconds: float) -> bool:
        """Whether every worker is ready, within ``seconds``."""
        return self._pool.wait(seconds)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def _digest(asked: object) -> bytes:
    return hashlib.sha256(repr(asked).encode(errors="surrogatepass")).digest()
