"""Numbers for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from dataclasses import fields

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from ...graph.release import Release
from ...graph.store.embedded import Store, WatchedStore
from ...graph.store.pool import Status
from ..web.access_log import RequestInfo
from ..web.memory import PeakMemory

_SECONDS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30)
#: What each number of a store's state means.
_STATES = {
    "ready": "Workers that hold the store and live",
    "wanted": "Workers there should be",
    "running": "Queries that run",
    "waiting": "Queries that wait",
    "replaced": "Workers replaced since the release was opened",
    "in_memory": "Whether the store is in memory",
    "is_loading": "Whether the store is read from disk until it is in memory",
    "kept_bytes": "Bytes of answers kept",
    "kept_hits": "Answers given again, since the release was opened",
    "kept_misses": "Queries whose answer was not kept, since the release was opened",
}


class Metrics:
    """The numbers of one server, in a registry of their own; they outlive its releases."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "oograph_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "oograph_request_seconds",
            "From request to answer",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._kept = Counter(
            "oograph_responses_kept",
            "Requests answered with a response kept whole",
            registry=self._registry,
        )
        self._rows = Counter("oograph_rows", "Rows and triples sent", registry=self._registry)
        self._limits = Counter(
            "oograph_limits_reached",
            "Queries that reached a limit",
            ("limit",),
            registry=self._registry,
        )
        self._states = {
            field.name: Gauge(f"oograph_{field.name}", _STATES[field.name], registry=self._registry)
            for field in fields(Status)
        }
        self._release = Gauge(
            "oograph_release", "The release that is served", ("version",), registry=self._registry
        )

        self._memory = Gauge(
            "oograph_peak_memory_bytes",
            "Bytes that the service takes at most, by part",
            ("part",),
            registry=self._registry,
        )

    def observe(self, info: RequestInfo) -> None:
        """Count a request."""
        self._requests.labels(info.method, info.route, info.status).inc()
        self._seconds.labels(info.route).observe(info.seconds)
        if info.kept:
            self._kept.inc()
        if info.limit:
            self._limits.labels(info.limit).inc()
        elif info.rows:
            self._rows.inc(info.rows)

    def text(self, release: Release, store: Store, memory: PeakMemory | None) -> bytes:
        """All numbers, as Prometheus reads them."""
        self._release.clear()
        self._release.labels(release.version).set(1)
        for part, size in memory.parts.items() if memory else ():
            self._memory.labels(part).set(size)
        if isinstance(store, WatchedStore):
            status = store.status()
            for name, gauge in self._states.items():
                gauge.set(getattr(status, name))
        return generate_latest(self._registry)
