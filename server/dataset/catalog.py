"""The DCAT catalogue of the dataset, its links for machines, and its citation (CFF)."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, render_template

from ...graph.formats import HTML, LINKSET, Format
from ...graph.store.serialization import write_graph
from ..records.signposts import linkset
from ..web.links import header
from ..web.negotiation import FORMATS, any_of, cached, choose, described_at
from ..web.site import Site
from .facts import SERVICES, citation, dcat, schema_org, signposts, signposts_back

_CFF = Format("cff", "Citation File Format", "application/yaml")


def blueprint(site: Site) -> Blueprint:
    """``/catalog``, ``/catalog.ttl`` and so on, its link set, and ``/CITATION.cff``."""
    surface = Blueprint("catalog", __name__)

    @surface.get("/catalog")
    def catalog() -> Response:
        return written(choose("The catalogue", tuple(FORMATS.values())))

    @surface.get(f"/catalog.<any({any_of(FORMATS)}):format>")
    def document(format: str) -> Response:
        return written(FORMATS[format])

    def written(format: Format) -> Response:
        response = described_at(site, "catalog", format, lambda: _write(site, format))
        if format is not HTML:
            others = response.headers["Link"]
            response.headers["Link"] = f"{header(signposts_back(site))}, {others}"
        return response

    @surface.get("/catalog.linkset.json")
    def links() -> Response:
        def build() -> str:
            return linkset({site.absolute(""): signposts(site)})

        return cached("catalog", LINKSET, site, build)

    @surface.get("/CITATION.cff")
    def cff() -> Response:
        return cached("citation", _CFF, site, lambda: _cff(site))

    return surface


def _cff(site: Site) -> str:
    # Each value is written as JSON, which is also valid YAML 1.2.
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in citation(site).items())


def _write(site: Site, format: Format) -> str | bytes:
    if format is HTML:
        return render_template(
            "catalog.html",
            citation=citation(site),
            data=schema_org(site),
            services=SERVICES,
            formats=FORMATS,
        )
    triples = sorted(dcat(site, current_app.config["CONTACT"]), key=str)
    return write_graph(triples, format.name, site.release.base_iri)
