"""The validation report of the release: as a page by shape, and as RDF."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from ...graph.formats import HTML, Format
from ..web.negotiation import FORMATS, any_of, cached, choose
from ..web.paging import page_and_count
from ..web.site import Lazy, Site
from .turtle_file import rewritten
from .validation import read_report

__all__ = [
    "blueprint",
]


#: Results of a shape on the page of all shapes.
_FEW = 10
#: Results on a page of one shape.
_PAGE = 200
#: Works left out, and problems of the catalogue, on the page.
_MOST = 1000


def blueprint(site: Site) -> Blueprint:
    """``/report``, and ``/report.html``, ``.ttl`` and so on."""
    surface = Blueprint("report", __name__)
    file = site.release.folder / "report.ttl"
    kept = Lazy(lambda: read_report(file))

    def page() -> str:
        name = request.args.get("shape", "")
        if not name:
            return render_template("report.html", report=kept(), few=_FEW, most=_MOST)
        shape = f"{site.release.base_iri}shapes#{name}"
        results = kept().by_shape.get(shape)
        if not results:
            abort(404, "No shape of this name has results in this release.")
        number, last = page_and_count(len(results), _PAGE)
        return render_template(
            "report-shape.html",
            name=name,
            shape=shape,
            results=results[(number - 1) * _PAGE : number * _PAGE],
            count=len(results),
            page=number,
            pages=last,
        )

    def written(format: Format) -> str | bytes:
        if format is HTML:
            return page()
        return rewritten(file, format, site.release.base_iri)

    def answer(format: Format) -> Response:
        asked = request.query_string.decode(errors="replace")
        return cached(
            f"{site.release.base_iri}report?{asked}", format, site, lambda: written(format)
        )

    @surface.get("/report")
    def report() -> Response:
        return answer(choose("The report", tuple(FORMATS.values())))

    @surface.get(f"/report.<any({any_of(FORMATS)}):format>")
    def document(format: str) -> Response:
        return answer(FORMATS[format])

    return surface
