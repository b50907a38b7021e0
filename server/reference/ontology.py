"""The ontology as a document: its page, and its terms as RDF."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML, Format
from ..web.negotiation import FORMATS, any_of, described_at, see_other
from ..web.site import Lazy, Site
from .ontology_terms import Ontology, read_ontology


def blueprint(site: Site) -> Blueprint:
    """``/ontology``, its version's IRI, and ``/ontology.html``, ``.ttl`` and so on."""
    surface = Blueprint("ontology", __name__)
    terms = Lazy(lambda: read_ontology(site))

    @surface.get("/ontology")
    def ontology() -> BaseResponse:
        return see_other(site, "ontology")

    @surface.get("/ontology/<version>")
    def version(version: str) -> BaseResponse:
        this = site.iri(f"ontology/{quote(version)}")
        if this is None or not site.select("version", this=str(this)):
            abort(404)
        return see_other(site, "ontology")

    @surface.get(f"/ontology.<any({any_of(FORMATS)}):format>")
    def document(format: str) -> Response:
        chosen = FORMATS[format]
        return described_at(site, "ontology", chosen, lambda: _written(site, chosen, terms))

    return surface


def _written(site: Site, format: Format, terms: Lazy[Ontology]) -> str | bytes:
    if format is HTML:
        return render_template("ontology.html", ontology=terms())
    iri = str(ox.Literal(site.iris.at("ontology")))
    return site.ask(site.query("ontology", ontology=iri), format.media_type).body
