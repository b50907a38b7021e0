"""The shapes as a document: what each one requires, and what it found in this release."""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML, RDF, Format
from ...graph.store.serialization import write_graph
from ..web.negotiation import FORMATS, any_of, described_at, see_other
from ..web.site import Site
from .validation import read_shapes


def blueprint(site: Site) -> Blueprint:
    """``/shapes``, and ``/shapes.html``, ``.ttl`` and so on."""
    surface = Blueprint("shapes", __name__)
    file = site.release.folder / "shapes.ttl"

    def written(format: Format) -> str | bytes:
        if not file.exists():
            abort(404, "This release was built without a copy of its shapes.")
        if format is HTML:
            return render_template(
                "shapes.html", shapes=read_shapes(file), counts=site.findings.shapes
            )
        if format is RDF["ttl"]:
            return file.read_bytes()
        triples = (quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE))
        return write_graph(sorted(triples, key=str), format.name, site.release.base_iri)

    @surface.get("/shapes")
    def shapes() -> BaseResponse:
        return see_other(site, "shapes")

    @surface.get(f"/shapes.<any({any_of(FORMATS)}):format>")
    def document(format: str) -> Response:
        return described_at(site, "shapes", FORMATS[format], lambda: written(FORMATS[format]))

    return surface
