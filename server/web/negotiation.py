"""Content negotiation: one thing in several formats, each with its own ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML, RDF, Format, negotiate
from ...graph.store.problems import QueryError, not_acceptable
from .links import Link, header
from .program import our_fingerprint
from .site import Site

T = TypeVar("T")

#: The formats of a description; the first is for clients without a preference.
FORMATS = {name: RDF[name] for name in ("ttl", "jsonld", "nt", "rdf", "trig", "nq")} | {
    "html": HTML
}


def any_of(names: Iterable[str]) -> str:
    """Names as listed in the ``any`` converter of a URL rule."""
    return ", ".join(f"'{name}'" for name in names)


def choose(what: str, formats: Sequence[Format], default: Format | None = None) -> Format:
    """The format to send from an address that serves several; 406 if none is acceptable.

    A client that names none of them but accepts anything gets ``default``, or the first.
    """
    accept = request.headers.get("Accept", "")
    chosen = negotiate(accept, formats)
    if chosen is None:
        raise QueryError(not_acceptable(what, formats))
    if default and chosen[1] not in accept.lower():
        chosen = negotiate(accept, (default, *formats)) or chosen
    return chosen[0]


def see_other(
    site: Site, path: str, formats: Mapping[str, Format] = FORMATS, default: Format | None = None
) -> BaseResponse:
    """Redirect (303) to the description of a thing in the client's preferred format (httpRange-14).

    A client that accepts anything gets ``default``, or the first.
    """
    every = list(formats.values())
    chosen = choose("A description", every, default)
    response = redirect(site.absolute(f"{path}.{chosen.name}"), 303)
    response.vary.add("Accept")
    response.headers["Link"] = header(alternates(site, path, every))
    return response


def described_at(
    site: Site, path: str, format: Format, build: Callable[[], str | bytes]
) -> Response:
    """The document at a path with an extension: ``cached``, with links to its other formats."""
    response = cached(f"{site.iris.at(path)} {site.absolute('')}", format, site, build)
    others = [each for each in FORMATS.values() if each is not format]
    response.headers["Link"] = header(alternates(site, path, others))
    return response


def alternates(site: Site, path: str, formats: Iterable[Format]) -> list[Link]:
    """The documents about one thing, each an alternate of the others."""
    return [
        Link("alternate", site.absolute(f"{path}.{each.name}"), each.media_type) for each in formats
    ]


def key_of(page: str) -> str:
    """The key of a page with the parameters of this request, for ``cached`` and ``computed``."""
    return f"{page}?{request.query_string.decode('latin-1')}"


def cached(iri: str, format: Format, site: Site, build: Callable[[], str | bytes]) -> Response:
    """A document in a format, or 304 if the client already has it."""
    return conditional(
        f"{iri}|{format.name}", site, lambda: Response(build(), content_type=format.content_type)
    )


def computed(key: str, format: Format, site: Site, build: Callable[[], str | bytes]) -> Response:
    """``cached`` for a document that is computed from the index of works."""
    return cached(key, format, site, lambda: in_turn(site, build))


def in_turn(site: Site, build: Callable[[], T]) -> T:
    """Compute something from the index of works: one request at a time."""
    with site.turns.turn():
        return build()


def conditional(key: str, site: Site, build: Callable[[], Response]) -> Response:
    """The response of ``build`` with validators, or 304 if the client has it (RFC 9110, 13).

    ``key`` names the IRI, the format and the page. The rest of the ETag comes from the release's
    version and inputs (a record holds more than its triples, which the version covers), the
    program, and the address of the site, which appears in links. A release never changes.
    """
    release = site.release
    whole = "|".join((key, release.version, release.inputs, our_fingerprint(), site.absolute("")))
    tag = hashlib.sha256(whole.encode()).hexdigest()[:24]
    made = made_at(site)
    if has_tag(tag):
        # Only a client that has had the document knows the tag: no need to build it.
        response = Response(status=304)
    else:
        response = build()
        if _has(made):
            response = Response(status=304)
    response.set_etag(tag)
    response.last_modified = made
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


def has_tag(tag: str) -> bool:
    """Whether the client sent this tag, possibly weakened by a proxy."""
    return request.if_none_match.contains_weak(tag) and not request.if_none_match.star_tag


def _has(made: datetime) -> bool:
    """Whether the client has any form ("*"), or one from after the last change."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.star_tag
    since = request.if_modified_since
    return since is not None and since >= made


def made_at(site: Site) -> datetime:
    """When the release was made, in whole seconds, as in HTTP dates."""
    seconds = int((site.release.folder / "release.json").stat().st_mtime)
    return datetime.fromtimestamp(seconds, UTC)
