"""Negotiated documents: one thing in several formats, each with an ETag of its own."""

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

#: What a thing is described in, the one for a client without wishes first.
FORMATS = {name: RDF[name] for name in ("ttl", "jsonld", "nt", "rdf", "trig", "nq")} | {
    "html": HTML
}


def any_of(names: Iterable[str]) -> str:
    """Names as a URL rule's ``any`` lists them."""
    return ", ".join(f"'{name}'" for name in names)


def choose(what: str, formats: Sequence[Format], default: Format | None = None) -> Format:
    """The format of a document that has one address for all of them; 406 where none will do.

    A client that names none of them and takes anything gets ``default``, or the first.
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
    """To the description of a thing in the format the client likes best (httpRange-14).

    A client that takes anything gets ``default``, or the first.
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
    """The document at a path with an ending: ``cached``, and with links to its other formats."""
    response = cached(f"{site.iris.at(path)} {site.absolute('')}", format, site, build)
    others = [each for each in FORMATS.values() if each is not format]
    response.headers["Link"] = header(alternates(site, path, others))
    return response


def alternates(site: Site, path: str, formats: Iterable[Format]) -> list[Link]:
    """The documents about one thing, each an alternate of the others."""
    return [
        Link("alternate", site.absolute(f"{path}.{each.name}"), each.media_type) for each in formats
    ]


def cached(iri: str, format: Format, site: Site, build: Callable[[], str | bytes]) -> Response:
    """A document in a format, or 304 where the client has this very one."""
    return conditional(
        f"{iri}|{format.name}", site, lambda: Response(build(), content_type=format.content_type)
    )


def computed(key: str, format: Format, site: Site, build: Callable[[], str | bytes]) -> Response:
    """``cached``, of what is computed from the index of works."""
    return cached(key, format, site, lambda: in_turn(site, build))


def in_turn(site: Site, build: Callable[[], T]) -> T:
    """What is computed from the index of works, which goes one at a time."""
    with site.turns.turn():
        return build()


def conditional(key: str, site: Site, build: Callable[[], Response]) -> Response:
    """What ``build`` makes, with its validators, or 304 where the client has it (RFC 9110, 13).

    A release never changes, so its version, what it was made from (a record says more than its
    triples, which the version is of), the program that makes it and the address we are reached
    at, which stands in links, say all that ``key`` (the IRI, the format, the page) does not.
    """
    release = site.release
    whole = "|".join((key, release.version, release.inputs, our_fingerprint(), site.absolute("")))
    tag = hashlib.sha256(whole.encode()).hexdigest()[:24]
    made = made_at(site)
    if has_tag(tag):
        # Only who has had it knows the tag: it need not be made again.
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
    """Whether the client says that it has what a tag stands for; a proxy may have weakened it."""
    return request.if_none_match.contains_weak(tag) and not request.if_none_match.star_tag


def _has(made: datetime) -> bool:
    """Whether the client has any form there is ("*"), or one since which nothing has changed."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.star_tag
    since = request.if_modified_since
    return since is not None and since >= made


def made_at(site: Site) -> datetime:
    """When the release was made, in whole seconds, as HTTP tells times."""
    seconds = int((site.release.folder / "release.json").stat().st_mtime)
    return datetime.fromtimestamp(seconds, UTC)
