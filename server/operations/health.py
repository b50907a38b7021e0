"""Health for load balancers, and metrics for Prometheus."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from ...graph.store.answers import MEMORY_BYTES
from ...graph.store.problems import QueryError
from ..web.site import Site
from .metrics import Metrics

#: The seconds within which a healthy store answers.
_PATIENCE = 3.0


def blueprint(site: Site, metrics: Metrics) -> Blueprint:
    """``/health`` and ``/metrics``."""
    surface = Blueprint("health", __name__)

    @surface.get("/health")
    def health() -> Response:
        store_fault = _store_fault(site)
        faults = [fault for fault in (store_fault, site.files.fault(), _disk_fault()) if fault]
        lack = " ".join(filter(None, (_lack(site), _unchecked(site))))
        detail = " ".join(filter(None, (*faults, lack)))
        response = jsonify(
            status="failing" if faults else "degraded" if lack else "ok",
            version=site.release.version,
            store=not store_fault,
            **({"detail": detail} if detail else {}),
        )
        response.status_code = 503 if faults else 200
        response.cache_control.no_store = True
        return response

    @surface.get("/metrics")
    def numbers() -> Response:
        text = metrics.text(site.release, site.store, site.memory)
        response = Response(text, content_type=CONTENT_TYPE_LATEST)
        response.cache_control.no_store = True
        return response

    return surface


def _store_fault(site: Site) -> str:
    try:
        site.store.query(site.query("alive"), seconds=_PATIENCE)
    except QueryError as error:
        return error.problem.detail
    return ""


def _lack(site: Site) -> str:
    """Say which processes are missing while every query is still answered; "" if none are.

    At the start, when the first processes are starting, nothing counts as missing.
    """
    status = site.store.status()
    if status is None or status.ready >= status.wanted or not status.replaced:
        return ""
    return f"{status.ready} of {status.wanted} processes can answer queries; others are starting."


def _unchecked(site: Site) -> str:
    """Say how many files are still being checked; "" if none are."""
    files = len(site.unchecked())
    return f"Files of the release that are still being checked: {files}." if files else ""


def _disk_fault() -> str:
    """Say why the smallest answer that is kept in a file would not fit; "" if it would."""
    try:
        with TemporaryFile() as file:
            file.write(bytes(MEMORY_BYTES + 1))
            file.flush()
    except OSError as error:
        reason = error.strerror or error
        return f"The temporary folder has no room for large answers ({reason}): free some space."
    return ""
