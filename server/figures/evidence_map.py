"""The evidence map: any two facets crossed, each cell a link to its works."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ...graph.formats import HTML
from ..web.choices import words_for
from ..web.negotiation import cached
from ..web.site import Site
from .asking import arguments, asked_of, key, lists
from .axes import AXES
from .collection import COLUMNS, FIGURES, ROWS, both, crossed
from .counts import across
from .matrix import radius
from .surface import Shown, query_of


def blueprint(site: Site) -> Blueprint:
    """``/map?x=platform&y=country``."""
    surface = Blueprint("evidence_map", __name__)
    works = site.works

    @surface.get("/map")
    def evidence_map() -> Response:
        return cached(key("map"), HTML, site, page)

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
            address=lists(),
            figure=Shown(figure, chart, None, *query_of(site, figure, asked)),
            chosen=words_for(works, asked.choice),
            total=table.works,
            size=works.size,
            arguments=arguments(),
            with_axes=arguments(axes=True),
        )

    return surface
