"""Metrics for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from ...graph.release import Release
from ...graph.store.embedded import Store
from ...graph.store.pool import Status
from ..web.access_log import RequestInfo
from ..web.memory import PeakMemory

_SECONDS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30)
#: The help text of each metric of a store's state.
_STATES = {
    "ready": "Workers that are alive and hold the store",
    "wanted": "Workers there should be",
    "running": "Queries running",
    "waiting": "Queries waiting",
    "replaced": "Workers replaced since the release was opened",
    "in_memory": "Whether the store is in memory",
    "is_loading": "Whether the store is still being loaded, and is read from disk meanwhile",
    "kept_bytes": "Bytes of cached answers",
    "kept_hits": "Answers from the cache since the release was opened",
    "kept_misses": "Queries whose answer was not cached, since the release was opened",
}


class Metrics:
    """The metrics of one server, in a separate registry; they continue from release to release."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        counter = partial(Counter, registry=self._registry)
        gauge = partial(Gauge, registry=self._registry)
        self._requests = counter(
            "oograph_requests", "Requests answered", ("method", "route", "status")
        )
        self._seconds = Histogram(
            "oograph_request_seconds",
            "Seconds from request to answer",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._kept = counter("oograph_responses_kept", "Requests answered with a cached response")
        self._rows = counter("oograph_rows", "Rows and triples sent")
        self._limits = counter("oograph_limits_reached", "Queries that reached a limit", ("limit",))
        self._states = {
            field.name: gauge(f"oograph_{field.name}", _STATES[field.name])
            for field in fields(Status)
        }
        self._release = gauge("oograph_release", "The release being served", ("version",))
        self._memory = gauge(
            "oograph_peak_memory_bytes", "The most bytes the service takes, by part", ("part",)
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
        """Return all metrics in Prometheus's text format."""
        self._release.clear()
        self._release.labels(release.version).set(1)
        for part, size in memory.parts.items() if memory else ():
            self._memory.labels(part).set(size)
        if status := store.status():
            for name, gauge in self._states.items():
                gauge.set(getattr(status, name))
        return generate_latest(self._registry)
