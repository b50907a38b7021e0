"""Lists of things: by class, and by their names."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from ...graph.formats import HTML
from ...graph.release.search import ORDERED
from ..web.classes import CLASSES
from ..web.negotiation import cached
from ..web.paging import asked_page, page_and_count, page_count
from ..web.site import Lazy, Row, Site
from .home import class_counts

__all__ = [
    "blueprint",
]


#: Entries on a page.
_PAGE = 50


def blueprint(site: Site) -> Blueprint:
    """``/browse`` and ``/search``."""
    surface = Blueprint("lists", __name__)
    count = Lazy(lambda: class_counts(site))

    @surface.get("/browse")
    def browse() -> Response:
        counts = count()
        path = request.args.get("class", "publication")
        if path not in CLASSES:
            abort(404, _no_class(path))
        page, pages = page_and_count(counts[path], _PAGE)

        def build() -> tuple[str, str]:
            text = render_template(
                "browse.html",
                chosen=CLASSES[path],
                counts=counts,
                entries=_entries(site, path, page),
                page=page,
                pages=pages,
                first=(page - 1) * _PAGE + 1,
            )
            return HTML.content_type, text

        return cached(f"browse {path} {page}", HTML, site, build)

    @surface.get("/search")
    def search() -> str:
        asked = " ".join(request.args.get("q", "").split())[:200]
        path = request.args.get("class", "")
        if path and path not in CLASSES:
            abort(404, _no_class(path))
        page = asked_page()
        classes = (path,) if path else ()
        entries, total = site.names.search(asked, classes, _PAGE, (page - 1) * _PAGE)
        pages = page_count(min(total, ORDERED), _PAGE, page)
        return render_template(
            "search.html",
            asked=asked,
            chosen=path,
            entries=entries,
            total=total,
            page=page,
            pages=pages,
            first=(page - 1) * _PAGE + 1,
            shown=pages * _PAGE,
        )

    return surface


def _no_class(path: str) -> str:
    return f"There is no class {path[:40]!r}; there are {', '.join(CLASSES)}."


def _entries(site: Site, path: str, page: int) -> list[Row]:
    window = {"limit": str(_PAGE), "offset": str((page - 1) * _PAGE)}
    if path == "publication":
        return site.select("publications", **window)
    return site.select("things", classes=CLASSES[path].iris(site.release.base_iri), **window)
