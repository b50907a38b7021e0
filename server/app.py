"""The application: one blueprint a surface, errors, and the headers of every answer."""

from __future__ import annotations

from flask import Flask, Response

from ..graph.release import Release
from ..graph.store import Store
from . import about, dumps, errors, home, lists, sparql, things
from .classes import CLASSES
from .site import Site
from .words import curie, words

__all__ = ["create_app"]

#: The most bytes of a request's body that are read.
_BODY_BYTES = 2 * 2**20

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
    "Access-Control-Expose-Headers": "Content-Range, ETag, Link, Location, Retry-After",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(release: Release, store: Store, public_url: str = "") -> Flask:
    """The site of one release.

    ``public_url`` is where the public reaches it ("https://example.org/"), for the Location of
    redirects and the endpoint's own description; by default the address of each request.
    """
    site = Site(release, store, public_url and public_url.rstrip("/") + "/")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _BODY_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(release=release, classes=CLASSES)
    app.jinja_env.filters.update(href=site.href, curie=curie, words=words)
    for surface in (home, lists, things, sparql, dumps, about):
        app.register_blueprint(surface.blueprint(site))
    errors.register(app)
    app.after_request(_with_headers)
    return app


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
