"""The evidence map: works by any two facets, with each cell linked to its works."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ...graph.formats import HTML
from ..web.negotiation import computed, key_of
from ..web.site import Site
from .asking import asked_of
from .axes import AXES
from .collection import COLUMNS, FIGURES, ROWS, both, crossed
from .counts import across
from .matrix import radius
from .surface import Shown, about_works, query_of


def blueprint(site: Site) -> Blueprint:
    """``/map?x=platform&y=country``."""
    surface = Blueprint("evidence_map", __name__)

    @surface.get("/map")
    def evidence_map() -> Response:
        return computed(key_of("map"), HTML, site, page)

    def page() -> str:
        asked = asked_of(site)
        figure = FIGURES["evidence-map"]
        table = across(asked, COLUMNS, ROWS)
        chart = crossed(asked, table)
        return render_template(
            "map.html",
            table=table,
            x=asked.x,
            y=asked.y,
            axes=AXES,
            highest=max((cell.works for row in table.cells for cell in row), default=1),
            radius=radius,
            both=both,
            figure=Shown(figure, chart, None, *query_of(site, figure, asked)),
            absolute=site.absolute,
            **about_works(asked),
        )

    return surface
