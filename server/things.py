"""Dereferencing: a thing's IRI leads to a page or to RDF about it."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from ..graph.sparql.formats import HTML, RDF, Format
from ..graph.sparql.store import Fault, QueryError
from .classes import CLASSES
from .description import INBOUND, describe, inbound
from .negotiated import FORMATS, any_of, cached, see_other
from .site import Row, Site, text

__all__ = ["blueprint"]


def blueprint(site: Site) -> Blueprint:
    """``/{class}/{slug}``, and each with ``.html``, ``.ttl`` and so on."""
    surface = Blueprint("things", __name__)

    @surface.get(f"/<any({any_of((*CLASSES, 'graph'))}):kind>/<name>")
    def thing(kind: str, name: str) -> BaseResponse:
        slug, format = _split(name)
        this = site.iri(f"{kind}/{quote(slug)}")
        if this is None:
            abort(404)
        if kind == "publication" and (gone := site.select("tombstone", this=str(this))):
            return _moved(site, gone[0], format)
        if format is None:
            if not _exists(site, this):
                abort(404)
            return see_other(site, f"{kind}/{quote(slug)}")
        return cached(this.value, format, site, lambda: _described(site, kind, this, format))

    return surface


def _split(name: str) -> tuple[str, Format | None]:
    slug, dot, extension = name.rpartition(".")
    format = FORMATS.get(extension) if dot and slug else None
    return (slug, format) if format else (name, None)


def _moved(site: Site, tombstone: Row, format: Format | None) -> BaseResponse:
    """To the work that took the place of one that is gone, in the same format; 410 where none."""
    survivor = text(tombstone, "survivor")
    if not survivor:
        reason = text(tombstone, "reason")
        raise QueryError(Fault(410, "Gone", f"This work was withdrawn. {reason}".strip()))
    path = survivor.removeprefix(site.release.base_iri) + (f".{format.name}" if format else "")
    return redirect(site.absolute(path), 301)


def _exists(site: Site, this: ox.NamedNode) -> bool:
    return bool(site.select("exists", this=str(this)) or _is_graph(site, this))


def _is_graph(site: Site, this: ox.NamedNode) -> bool:
    graph = this.value.removeprefix(f"{site.release.base_iri}graph/")
    return graph != this.value and bool(site.select("graph-exists", this=str(this)))


def _described(
    site: Site, kind: str, this: ox.NamedNode, format: Format
) -> tuple[str, str | bytes]:
    if not _exists(site, this):
        abort(404)
    if format is HTML:
        page = render_template(
            "publication.html" if kind == "publication" else "thing.html",
            kind=CLASSES.get(kind),
            this=describe(site, this),
            inbound=inbound(site, this),
            everything=site.query("inbound-all", this=str(this)),
            formats=[RDF[name] for name in FORMATS if name in RDF],
        )
        return HTML.content_type, page
    query = (
        site.query("graph", this=str(this))
        if kind == "graph"
        else site.query("describe", this=str(this), limit=str(INBOUND))
    )
    answer = site.store.query(query, format.media_type)
    return answer.media_type, answer.body
