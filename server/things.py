"""Dereferencing: a thing's IRI leads to a page or to RDF about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__
from ..graph.sparql.formats import HTML, RDF, Format, negotiate
from ..graph.sparql.store import Fault, QueryError, not_acceptable
from .classes import CLASSES
from .description import INBOUND, describe, inbound, terms
from .site import Row, Site, text

__all__ = ["blueprint"]

#: What a thing is described in, the one for a client without wishes first.
_FORMATS = {name: RDF[name] for name in ("ttl", "jsonld", "nt", "rdf")} | {"html": HTML}


def blueprint(site: Site) -> Blueprint:
    """``/{class}/{slug}``, ``/ontology`` and each with ``.html``, ``.ttl`` and so on."""
    surface = Blueprint("things", __name__)

    @surface.get(f"/<any({_any((*CLASSES, 'graph'))}):kind>/<name>")
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
            return _see_other(site, f"{kind}/{quote(slug)}")
        return _cached(this.value, format, site, lambda: _described(site, kind, this, format))

    @surface.get("/ontology")
    def ontology() -> BaseResponse:
        return _see_other(site, "ontology")

    @surface.get("/ontology/<version>")
    def ontology_version(version: str) -> BaseResponse:
        this = site.iri(f"ontology/{quote(version)}")
        if this is None or not site.select("version", this=str(this)):
            abort(404)
        return _see_other(site, "ontology")

    @surface.get(f"/ontology.<any({_any(_FORMATS)}):format>")
    def ontology_in(format: str) -> BaseResponse:
        iri = f"{site.release.base_iri}ontology"
        return _cached(iri, _FORMATS[format], site, lambda: _ontology(site, _FORMATS[format]))

    return surface


def _any(names: Iterable[str]) -> str:
    """Names as a URL rule's ``any`` lists them."""
    return ", ".join(f"'{name}'" for name in names)


def _split(name: str) -> tuple[str, Format | None]:
    slug, dot, extension = name.rpartition(".")
    format = _FORMATS.get(extension) if dot and slug else None
    return (slug, format) if format else (name, None)


def _moved(site: Site, tombstone: Row, format: Format | None) -> BaseResponse:
    """To the work that took the place of one that is gone, in the same format; 410 where none."""
    survivor = text(tombstone, "survivor")
    if not survivor:
        reason = text(tombstone, "reason")
        raise QueryError(Fault(410, "Gone", f"This work was withdrawn. {reason}".strip()))
    path = survivor.removeprefix(site.release.base_iri) + (f".{format.name}" if format else "")
    return redirect(site.absolute(path), 301)


def _see_other(site: Site, path: str) -> BaseResponse:
    """To the description of a thing in the format the client likes best (httpRange-14)."""
    chosen = negotiate(request.headers.get("Accept", ""), list(_FORMATS.values()))
    if chosen is None:
        raise QueryError(not_acceptable("A description", _FORMATS.values()))
    response = redirect(site.absolute(f"{path}.{chosen[0].name}"), 303)
    response.vary.add("Accept")
    return response


def _cached(
    iri: str, format: Format, site: Site, build: Callable[[], tuple[str, str | bytes]]
) -> Response:
    """A description, or 304 where the client has this very one.

    A release never changes, so its version, the IRI, the format and our own version say all.
    """
    key = "|".join((iri, format.name, site.release.version, __version__))
    tag = hashlib.sha256(key.encode()).hexdigest()[:24]
    if request.if_none_match.contains(tag) and not request.if_none_match.star_tag:
        response = Response(status=304)
    else:
        media_type, body = build()
        response = Response(body, content_type=media_type)
    response.set_etag(tag)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


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
            formats=[RDF[name] for name in _FORMATS if name in RDF],
        )
        return HTML.content_type, page
    query = (
        site.query("graph", this=str(this))
        if kind == "graph"
        else site.query("describe", this=str(this), limit=str(INBOUND))
    )
    answer = site.store.query(query, format.media_type)
    return answer.media_type, answer.body


def _ontology(site: Site, format: Format) -> tuple[str, str | bytes]:
    if format is HTML:
        return HTML.content_type, render_template("ontology.html", nodes=terms(site))
    iri = str(ox.Literal(f"{site.release.base_iri}ontology"))
    answer = site.store.query(site.query("ontology", ontology=iri), format.media_type)
    return answer.media_type, answer.body
