"""How the service is: for a load balancer, and for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from ...graph.store.problems import QueryError
from ..web.site import Site
from .metrics import Metrics

__all__ = [
    "blueprint",
]


#: A store that does not answer within so many seconds is not well.
_PATIENCE = 3.0


def blueprint(site: Site, metrics: Metrics) -> Blueprint:
    """``/health`` and ``/metrics``."""
    surface = Blueprint("health", __name__)

    @surface.get("/health")
    def health() -> Response:
        try:
            site.store.query(site.query("alive"), seconds=_PATIENCE)
            alive, detail = True, ""
        except QueryError as error:
            alive, detail = False, error.problem.detail
        response = jsonify(
            status="ok" if alive else "failing",
            version=site.release.version,
            store=alive,
            **({"detail": detail} if detail else {}),
        )
        response.status_code = 200 if alive else 503
        response.cache_control.no_store = True
        return response

    @surface.get("/metrics")
    def numbers() -> Response:
        text = metrics.text(site.release, site.store, site.memory)
        response = Response(text, content_type=CONTENT_TYPE_LATEST)
        response.cache_control.no_store = True
        return response

    return surface
