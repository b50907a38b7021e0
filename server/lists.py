"""Lists of things: by class, and by the words in their names."""

from __future__ import annotations

from math import ceil

import pyoxigraph as ox
from flask import Blueprint, abort, render_template, request

from .classes import CLASSES
from .home import class_counts
from .site import Once, Row, Site

__all__ = ["blueprint"]

#: Entries on a page.
_PAGE = 50
#: A search looks for no more words than this.
_WORDS = 10


def blueprint(site: Site) -> Blueprint:
    """``/browse`` and ``/search``."""
    surface = Blueprint("lists", __name__)
    count = Once(lambda: class_counts(site))

    @surface.get("/browse")
    def browse() -> str:
        counts = count()
        path = request.args.get("class", "publication")
        if path not in CLASSES:
            abort(404, f"There is no class {path!r}; there are {', '.join(CLASSES)}.")
        page = _page()
        pages = max(1, ceil(counts[path] / _PAGE))
        if page > pages:
            abort(404, f"The list has {pages} page(s).")
        return render_template(
            "browse.html",
            chosen=CLASSES[path],
            counts=counts,
            entries=_entries(site, path, page),
            page=page,
            pages=pages,
            first=(page - 1) * _PAGE + 1,
        )

    @surface.get("/search")
    def search() -> str:
        asked = " ".join(request.args.get("q", "").split())[:200]
        page = _page()
        found = _search(site, asked, page) if asked else []
        return render_template(
            "search.html", asked=asked, entries=found[:_PAGE], page=page, more=len(found) > _PAGE
        )

    return surface


def _page() -> int:
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:9]) < 10**6):
        abort(404, f"There is no page {number[:20]!r}.")
    return int(number)


def _entries(site: Site, path: str, page: int) -> list[Row]:
    window = {"limit": str(_PAGE), "offset": str((page - 1) * _PAGE)}
    if path == "publication":
        return site.select("publications", **window)
    return site.select("things", classes=CLASSES[path].iris(site.release.base_iri), **window)


def _search(site: Site, asked: str, page: int) -> list[Row]:
    """One entry more than a page holds, where there is one."""
    words = asked.split()[:_WORDS]
    conditions = (f"CONTAINS(?text, LCASE({ox.Literal(word)}))" for word in words)
    return site.select(
        "search",
        conditions=" && ".join(conditions),
        base=str(ox.Literal(site.release.base_iri)),
        whole=f"LCASE({ox.Literal(asked)})",
        limit=str(_PAGE + 1),
        offset=str((page - 1) * _PAGE),
    )
