"""Negotiated documents: one thing in several formats, each with an ETag of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__
from ..graph.sparql.formats import HTML, RDF, Format, negotiate
from ..graph.sparql.store import QueryError, not_acceptable
from .site import Site

__all__ = ["FORMATS", "any_of", "cached", "see_other"]

#: What a thing is described in, the one for a client without wishes first.
FORMATS = {name: RDF[name] for name in ("ttl", "jsonld", "nt", "rdf")} | {"html": HTML}


def any_of(names: Iterable[str]) -> str:
    """Names as a URL rule's ``any`` lists them."""
    return ", ".join(f"'{name}'" for name in names)


def see_other(site: Site, path: str, formats: Mapping[str, Format] = FORMATS) -> BaseResponse:
    """To the description of a thing in the format the client likes best (httpRange-14)."""
    chosen = negotiate(request.headers.get("Accept", ""), list(formats.values()))
    if chosen is None:
        raise QueryError(not_acceptable("A description", formats.values()))
    response = redirect(site.absolute(f"{path}.{chosen[0].name}"), 303)
    response.vary.add("Accept")
    return response


def cached(
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
