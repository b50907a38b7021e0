"""The figures on the web: a gallery, and each figure as a page, SVG, PNG, CSV and SPARQL.

They take the filters of ``/works``: ``/figure/works-per-year.svg?platform=upwork&from=2015``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, render_template

from ...graph.formats import HTML, Format
from ...graph.store.problems import QueryError
from ..pages.selection import is_named
from ..web.choices import words_for
from ..web.negotiation import cached, computed, in_turn, key_of
from ..web.parameters import PARAMETERS
from ..web.site import Site
from .asking import arguments, asked_of, asked_of_a_file, ignored, lists, refuse, source_line
from .chart import Chart
from .collection import FIGURES, Figure
from .counts import Asked
from .picture import Plate, comma_separated, plate, svg
from .pictures import Pictures
from .queries import sparql

#: A query that lists more works than this is linked, not shown.
_NAMED = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a page shows it."""

    figure: Figure
    chart: Chart
    #: None if the page draws it as a table.
    plate: Plate | None
    #: "" if it is too long to show.
    query: str
    #: Why there is no query.
    refusal: str = ""


def _shown(site: Site, figure: Figure, asked: Asked, linked: bool) -> Shown:
    """A figure for a page; if ``linked``, its parts link to the works."""
    chart = figure.make(asked)
    link = lists() if linked else None
    chosen = words_for(asked.works, asked.choice)
    drawn = plate(chart, chosen, source_line(site), figure.name, link)
    return Shown(figure, chart, drawn, *query_of(site, figure, asked))


def query_of(site: Site, figure: Figure, asked: Asked) -> tuple[str, str]:
    """The query of a figure ("" if it is too long to show), and why there is none."""
    try:
        query = sparql(site, figure, asked)
    except QueryError as error:
        return "", error.problem.detail
    return ("" if is_named(asked.choice) and len(asked.answer) > _NAMED else query), ""


def _drawn(site: Site, figure: Figure, asked: Asked) -> str:
    chosen = words_for(asked.works, asked.choice)
    return svg(figure.make(asked), chosen, source_line(site), figure.name)


def _csv(site: Site, figure: Figure, asked: Asked) -> str:
    return comma_separated(figure.make(asked))


#: The formats of a figure, by the extension of its address, and their writers.
_FORMS: Mapping[str, tuple[Format, Callable[[Site, Figure, Asked], str]]] = {
    "svg": (Format("svg", "SVG", "image/svg+xml"), _drawn),
    "png": (Format("png", "PNG", "image/png"), _drawn),
    "csv": (Format("csv", "CSV", "text/csv"), _csv),
    "rq": (Format("rq", "SPARQL", "application/sparql-query"), sparql),
}


def blueprint(site: Site) -> Blueprint:
    """``/figures``, and ``/figure/{name}`` with and without an extension."""
    surface = Blueprint("figures", __name__)
    pictures = Pictures(site.store.limits)

    @surface.get("/figures")
    def gallery() -> Response:
        def build() -> str:
            asked = asked_of(site)
            figures = FIGURES.values() if asked.answer else ()
            every = [_shown(site, figure, asked, False) for figure in figures]
            return page("figures.html", asked, [each for each in every if each.chart.rows])

        return computed(key_of("figures"), HTML, site, build)

    @surface.get("/figure/<name>")
    def figure(name: str) -> Response:
        stem, _, ending = name.rpartition(".")
        wanted = FIGURES.get(stem if ending in _FORMS else name)
        if wanted is None:
            refuse(f"There is no figure {name[:80]!r}. The figures are {', '.join(FIGURES)}.")
        form, write = _FORMS.get(ending, (HTML, _page_of))

        asking = asked_of_a_file if ending in _FORMS else asked_of

        def build() -> str:
            return write(site, wanted, asking(site))

        response = (
            cached(key_of(f"figure {name}"), form, site, lambda: pictures.png(in_turn(site, build)))
            if ending == "png"
            else computed(key_of(f"figure {name}"), form, site, build)
        )
        if ending in ("csv", "rq"):
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _page_of(site: Site, figure: Figure, asked: Asked) -> str:
        return page("figure.html", asked, [_shown(site, figure, asked, True)])

    def page(template: str, asked: Asked, figures: list[Shown]) -> str:
        return render_template(
            template, figures=figures, absolute=site.absolute, **about_works(asked)
        )

    return surface


def make_ahead(app: Flask) -> None:
    """Make the pictures of all works in advance, so that the first visitor need not wait."""
    for name in FIGURES:
        with app.test_request_context():
            app.view_functions["figures.figure"](name=f"{name}.png")


def about_works(asked: Asked) -> dict[str, object]:
    """What a page shows about the works that a figure counts."""
    return {
        "chosen": words_for(asked.works, asked.choice),
        "total": len(asked.answer),
        "size": asked.works.size,
        "arguments": arguments(),
        "with_axes": arguments(axes=True),
        "address": lists(),
        "ignored": ignored(),
        "filter_names": list(PARAMETERS),
    }
