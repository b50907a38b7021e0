"""What is said of the dataset and the service: VoID, the validation report, robots."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from flask import Blueprint, Response, request

from ..graph.sparql.formats import HTML, RDF, Format, negotiate
from ..graph.sparql.store import QueryError, not_acceptable, write_graph
from .site import Site

__all__ = ["blueprint"]

_ROBOTS = """\
User-agent: *
Disallow: /sparql?
Disallow: /search?
"""


def blueprint(site: Site) -> Blueprint:
    """``/.well-known/void``, ``/report`` and ``/robots.txt``."""
    surface = Blueprint("about", __name__)
    folder = site.release.folder

    @surface.get("/.well-known/void")
    def void() -> Response:
        return _document(folder / "void.ttl", _chosen(tuple(RDF.values())), site)

    @surface.get("/report")
    def report() -> Response:
        chosen = _chosen((*RDF.values(), HTML))
        if chosen is HTML:
            return Response((folder / "report.html").read_bytes(), mimetype="text/html")
        return _document(folder / "report.ttl", chosen, site)

    @surface.get("/robots.txt")
    def robots() -> Response:
        return Response(_ROBOTS, mimetype="text/plain")

    return surface


def _chosen(formats: tuple[Format, ...]) -> Format:
    chosen = negotiate(request.headers.get("Accept", ""), formats)
    if chosen is None:
        raise QueryError(not_acceptable("This document", formats))
    return chosen[0]


def _document(path: Path, format: Format, site: Site) -> Response:
    """A Turtle file in the format asked for."""
    body = path.read_bytes()
    if format is not RDF["ttl"]:
        quads = ox.parse(body, ox.RdfFormat.TURTLE)
        triples = sorted((quad.triple for quad in quads), key=str)
        body = write_graph(triples, format.name, site.release.base_iri)
    response = Response(body, content_type=format.content_type)
    response.vary.add("Accept")
    return response
