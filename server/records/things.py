"""Dereferencing: a thing's IRI redirects to its page, to RDF about it, or to its citation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, abort, redirect
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML, Format
from ...graph.iris import fold
from ..web.classes import CLASSES
from ..web.links import header
from ..web.negotiation import any_of, conditional, see_other
from ..web.paging import asked_page
from ..web.site import Site
from . import signposts
from .documents import document, existing, formats_of
from .signposts import Address

#: Characters that a path segment may hold unescaped (RFC 3986).
_SEGMENT = "!$&'()*+,;=:@"
#: How many matches to check when testing whether a name is unique.
_NAMESAKES = 10


def blueprint(site: Site) -> Blueprint:
    """``/{class}/{slug}`` with and without ``.html``, ``.ttl`` and so on; ``/{class}``, a list."""
    surface = Blueprint("things", __name__)

    @surface.get(f"/<any({any_of(CLASSES)}):kind>", strict_slashes=False)
    def all_of(kind: str) -> BaseResponse:
        return redirect(site.absolute(f"browse?class={kind}"), 303)

    @surface.get(f"/<any({any_of((*CLASSES, 'graph'))}):kind>/<path:name>")
    def thing(kind: str, name: str) -> BaseResponse:
        formats = formats_of(kind)
        slug, format = _split(name, formats)
        ways = _ways(site, kind, slug)
        if not ways:
            abort(404)
        try:
            return described(kind, ways, formats, format)
        except NotFound:
            if iri := _called(site, kind, slug, ways):
                return redirect(site.url(iri, f".{format.name}" if format else ""), 303)
            raise

    def described(
        kind: str, ways: list[ox.NamedNode], formats: Mapping[str, Format], format: Format | None
    ) -> BaseResponse:
        if format is None:
            address = Address(site, existing(site, kind, ways, None).value, tuple(formats.values()))
            # Citation services accept anything and read the page, whose tags hold the citation.
            default = HTML if kind == "publication" else None
            response = see_other(site, address.path, formats, default)
            response.headers["Link"] = header(signposts.of_redirect(address))
            return response
        # An IRI that can be written in only one way need not be checked before it is described.
        is_plain = len(ways) == 1 and kind != "graph"
        this = ways[0] if is_plain else existing(site, kind, ways, format)
        page = asked_page()
        key = f"{this.value}|{format.name}|{page}"
        return conditional(key, site, lambda: document(site, kind, this, format, page))

    return surface


def _split(name: str, formats: Mapping[str, Format]) -> tuple[str, Format | None]:
    for ending, format in formats.items():
        slug = name.removesuffix(f".{ending}")
        if slug and slug != name:
            return slug, format
    return name, None


def _ways(site: Site, kind: str, slug: str) -> list[ox.NamedNode]:
    """The IRIs that an unescaped slug may stand for."""
    ways = dict.fromkeys(
        [
            quote(slug, safe=f"{_SEGMENT}/"),
            quote(slug, safe=_SEGMENT),
            quote(slug, safe=""),
            # As in an IRI (RFC 3987).
            "".join(c if ord(c) > 159 else quote(c, safe=f"{_SEGMENT}/") for c in slug),
        ]
    )
    return [iri for way in ways if (iri := site.iri(f"{kind}/{way}"))]


def _called(site: Site, kind: str, slug: str, ways: list[ox.NamedNode]) -> str:
    """The IRI of the only thing of a class with this preferred label ("country/india")."""
    name = fold(slug)
    matches = site.names.find(name, (kind,), _NAMESAKES) if kind in site.names.classes else []
    called = [each.iri for each in matches if fold(each.label) == name]
    own = {way.value for way in ways}
    return called[0] if len(called) == 1 and called[0] not in own else ""
