"""The validation report of the release: as a page by shape, and as RDF."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from ...graph.formats import HTML, Format
from ...graph.release.report_forms import report_file
from ...shapes import namespace
from ..records.own import own
from ..web.negotiation import FORMATS, any_of, cached, choose, conditional
from ..web.paging import page_and_count
from ..web.responses import kept
from ..web.site import Site

#: The most results per shape on the page of all shapes.
_FEW = 10
#: The results on a page of one shape.
_PAGE = 200
#: The most works left out, and the most problems of the catalogue, on the page.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class _Name:
    """What a page calls a thing."""

    text: str
    #: Its BCP 47 tag, if known.
    language: str = ""


def blueprint(site: Site) -> Blueprint:
    """``/report``, and ``/report.html``, ``.ttl`` and so on."""
    surface = Blueprint("report", __name__)
    folder = site.release.folder
    findings = site.findings

    def called(iri: str) -> _Name:
        """Return the title of a work, or the end of any other IRI."""
        path = site.iris.path(iri)
        id = path.removeprefix("publication/")
        record = site.records.of(id)
        return _Name(record.title, site.works.language(id)) if record else _Name(path)

    def of_thing(asked: str) -> str:
        """Return the report's page on one thing, by its IRI, path or page address."""
        iris = own(site, asked if "/" in asked else f"publication/{asked}")
        nodes = [node for iri in iris if (node := site.iri(site.iris.path(iri)))]
        rows = site.select("exists", these=" ".join(map(str, nodes))) if nodes else []
        this = next((row["this"].value for row in rows), "")
        ids = (site.iris.path(iri).removeprefix("publication/") for iri in iris)
        id = next((id for id in ids if id in site.release.quarantined), "")
        if not (this or id):
            abort(404, f"This release has nothing called {asked[:200]!r}.")
        return render_template(
            "report-thing.html",
            this=this,
            name=called(this) if this else _Name(f"publication/{id}"),
            results=findings.of(this) if this else findings.left_out(id),
        )

    def page() -> str:
        if asked := request.args.get("of", "").strip():
            return of_thing(asked)
        name = request.args.get("shape", "")
        if not name:
            return render_template(
                "report.html", findings=findings, called=called, few=_FEW, most=_MOST
            )
        shape = f"{namespace(site.release.base_iri)}{name}"
        count = findings.shapes.get(shape)
        if not count:
            abort(404, "No shape with this name has results in this release.")
        number, last = page_and_count(count, _PAGE)
        return render_template(
            "report-shape.html",
            name=name,
            shape=shape,
            called=called,
            results=findings.results(shape, (number - 1) * _PAGE, _PAGE),
            count=count,
            page=number,
            pages=last,
        )

    def written(format: Format) -> Response:
        plain, packed = (report_file(folder, format.name, each) for each in (False, True))
        return kept(plain, packed, format.content_type)

    def answer(format: Format) -> Response:
        asked = request.query_string.decode(errors="replace")
        key = f"report?{asked}"
        if format is HTML:
            return cached(key, format, site, page)
        return conditional(f"{key}|{format.name}", site, lambda: written(format))

    @surface.get("/report")
    def report() -> Response:
        return answer(choose("The report", tuple(FORMATS.values())))

    @surface.get(f"/report.<any({any_of(FORMATS)}):format>")
    def document(format: str) -> Response:
        return answer(FORMATS[format])

    return surface
