"""Dereferencing: a thing's IRI leads to a page, to RDF about it, or to its citation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import Format
from ...graph.store.problems import ProblemDetails, QueryError
from ..web.classes import CLASSES
from ..web.negotiation import any_of, conditional, see_other
from ..web.site import Row, Site, text
from . import signposts
from .documents import document, formats_of
from .signposts import Address

__all__ = [
    "blueprint",
]


#: What a path's segment may hold unescaped (RFC 3986).
_SEGMENT = "!$&'()*+,;=:@"


def blueprint(site: Site) -> Blueprint:
    """``/{class}/{slug}``, and each with ``.html``, ``.ttl`` and so on; ``/{class}``, a list."""
    surface = Blueprint("things", __name__)

    @surface.get(f"/<any({any_of(CLASSES)}):kind>", strict_slashes=False)
    def all_of(kind: str) -> BaseResponse:
        return redirect(site.absolute(f"browse?class={kind}"), 303)

    @surface.get(f"/<any({any_of((*CLASSES, 'graph'))}):kind>/<path:name>")
    def thing(kind: str, name: str) -> BaseResponse:
        formats = formats_of(kind)
        slug, format = _split(name, formats)
        this = _found(site, kind, slug)
        if this is None:
            abort(404)
        address = Address(site, this.value, tuple(formats.values()))
        if kind == "publication" and (gone := site.select("tombstone", this=str(this))):
            return _moved(site, gone[0], format)
        if format is None:
            response = see_other(site, address.path, formats)
            response.headers["Link"] = signposts.header(signposts.of_thing(address))
            return response
        page = _page_number()
        key = f"{this.value}|{format.name}|{page}"
        return conditional(key, site, lambda: document(site, kind, this, format, page))

    return surface


def _split(name: str, formats: Mapping[str, Format]) -> tuple[str, Format | None]:
    for ending, format in formats.items():
        slug = name.removesuffix(f".{ending}")
        if slug and slug != name:
            return slug, format
    return name, None


def _found(site: Site, kind: str, slug: str) -> ox.NamedNode | None:
    """The thing of a slug that is no longer escaped, whichever way its IRI is written."""
    ways = dict.fromkeys(
        [
            quote(slug, safe=f"{_SEGMENT}/"),
            quote(slug, safe=_SEGMENT),
            quote(slug, safe=""),
            # As an IRI has it (RFC 3987).
            "".join(c if ord(c) > 159 else quote(c, safe=f"{_SEGMENT}/") for c in slug),
        ]
    )
    known = [iri for way in ways if (iri := site.iri(f"{kind}/{way}"))]
    if not known:
        return None
    found = site.select("exists", these=" ".join(map(str, known)))
    for iri in known:
        if any(row["this"] == iri for row in found):
            return iri
    is_graph = kind == "graph" and site.select("graph-exists", this=str(known[0]))
    return known[0] if is_graph else None


def _moved(site: Site, tombstone: Row, format: Format | None) -> BaseResponse:
    """To the work that took the place of one that is gone, in the same format; 410 where none."""
    survivor = text(tombstone, "survivor")
    if not survivor:
        reason = text(tombstone, "reason")
        raise QueryError(ProblemDetails(410, "Gone", f"This work was withdrawn. {reason}".strip()))
    path = Address(site, survivor, ()).path + (f".{format.name}" if format else "")
    return redirect(site.absolute(path), 301)


def _page_number() -> int:
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 8 and int(number)):
        abort(404)
    return int(number)
