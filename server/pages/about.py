"""The pages about the dataset and about the status of its release and service."""

from __future__ import annotations

from dataclasses import fields

from flask import Blueprint, Response, render_template

from ...graph.formats import HTML
from ...graph.index.coverage import coverage
from ...graph.index.works_index import NOT_STATED
from ...ontology import BASE_IRI, questions
from ..dataset.facts import citation
from ..querying.service_description import UNITS
from ..web.negotiation import cached
from ..web.parameters import BY_FACET
from ..web.site import Lazy, Site

#: The facets whose coverage is counted -> their names in the table.
_COVERED = {"year": "year", **{facet: each.noun for facet, each in BY_FACET.items()}}
#: The example question that counts works per source.
_SOURCES = "32-works-per-source"


def blueprint(site: Site) -> Blueprint:
    """``/about`` and ``/status``."""
    surface = Blueprint("about", __name__)
    covered = Lazy(lambda: coverage(site.works, _COVERED))
    (sources,) = (q.query for q in questions(site.release.base_iri) if q.name == _SOURCES)

    @surface.get("/about")
    def about() -> Response:
        def build() -> str:
            scopes = site.works.members.counts(site.works.everything.numbers, "scope")
            return render_template(
                "about.html",
                size=site.works.size,
                covered=covered(),
                nouns=_COVERED,
                is_unregistered=site.release.base_iri == BASE_IRI,
                scopes=[each for each in scopes if each.value != NOT_STATED],
                unscoped=sum(each.count for each in scopes if each.value == NOT_STATED),
                citation=citation(site),
                sources=sources,
            )

        return cached("about", HTML, site, build)

    @surface.get("/status")
    def status() -> Response:
        def build() -> str:
            limits = site.store.limits
            listed = [(UNITS[f.name], getattr(limits, f.name), f.name) for f in fields(limits)]
            return render_template(
                "status.html",
                size=site.works.size,
                findings=site.findings,
                limits=listed,
                memory=site.memory,
            )

        return cached("status", HTML, site, build)

    return surface
