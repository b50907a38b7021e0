"""The SPARQL endpoint: the protocol for programs, and a query page for people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from flask import Blueprint, Response, request

from ... import __version__
from ...graph.formats import HTML, RDF, RESULTS, negotiate
from ...graph.iris import slug
from ...graph.store.answers import Answer
from ...graph.store.plan import Plan
from ...graph.store.problems import ProblemDetails, QueryError, not_acceptable
from ...graph.store.serialization import write_graph
from ...graph.store.waiting import require_thread
from ..web.access_log import note_answer, note_query
from ..web.client_network import client_network, disconnection
from ..web.large_answers import LargeAnswers
from ..web.negotiation import has_tag
from ..web.responses import deliver
from ..web.site import Site
from .protocol import Operation, read
from .service_description import describe

#: The path of the endpoint.
PATH = "/sparql"

#: Answers an operation with a page.
Page = Callable[[Operation], Response]


def blueprint(site: Site, page: Page) -> Blueprint:
    """``/sparql`` of a site; ``page`` answers a browser."""
    surface = Blueprint("sparql", __name__)
    outgoing = LargeAnswers(site.store.limits)

    @surface.route(PATH, methods=["GET", "POST"])
    def sparql() -> Response:
        operation = read(request)
        response = _respond(site, operation, outgoing, page)
        response.vary.add("Accept")
        return response

    return surface


def _respond(site: Site, operation: Operation, outgoing: LargeAnswers, page: Page) -> Response:
    if operation.query is None:
        require_thread()
        return _describe(site, operation, page)
    note_query(operation.query)
    if _wants_page(operation):
        require_thread()
        return page(operation)
    _check_release(site)
    planned = site.store.plan(
        operation.query, operation.accept, operation.dataset, site.absolute("sparql")
    )
    tag = "" if planned.shape.is_volatile else _tag(site, operation, planned)
    if tag and has_tag(tag):
        response = Response(status=304)
    else:
        answer = ask(site, operation, planned)
        response = deliver(answer, outgoing)
    if name := _file_name(site, operation):
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if tag:
        response.set_etag(tag)
        response.cache_control.no_cache = True
    else:
        response.cache_control.no_store = True
    return response


def _check_release(site: Site) -> None:
    """Refuse to answer if the address is of another release than the one served."""
    version = request.args.get("release", "")[:40]
    if version not in ("", site.release.version):
        raise QueryError(
            ProblemDetails(
                404,
                "Another release",
                f"The address is of release {version}, but this service answers from release "
                f"{site.release.version}. Leave out release= to query that one, or load the dumps "
                "of the other.",
            )
        )


def _file_name(site: Site, operation: Operation) -> str:
    """Return the name under which a browser saves an answer; "" if ``format=`` names no format.

    It consists of the query's first comment, if there is one, and the release.
    """
    ending = operation.format
    if ending not in {**RESULTS, **RDF}:
        return ""
    comment = re.match(r"\s*#+ *(.{1,80})", operation.query or "")
    words = slug(comment[1])[:60].strip("-") if comment else "answer"
    return f"oograph-{words}-{site.release.version}.{ending}"


def _tag(site: Site, operation: Operation, planned: Plan) -> str:
    """Return the entity tag of an answer; "" for a POST.

    A release never changes, so the tag depends only on the request and the store's order of rows.
    """
    if request.method == "POST":
        return ""
    release = f"{site.release.base_iri} {site.release.version} {__version__}"
    asked = (planned.text, planned.dataset, planned.base_iri, planned.media_type)
    key = repr((*asked, release, site.store.order))
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:24]


def ask(site: Site, operation: Operation, planned: Plan) -> Answer:
    """Answer an operation within the limits of its client."""
    answer = site.store.ask(
        planned,
        seconds=operation.seconds,
        client=client_network(),
        is_disconnected=disconnection(),
    )
    note_answer(answer)
    return answer


def _wants_page(operation: Operation) -> bool:
    formats = [*RESULTS.values(), *RDF.values(), HTML]
    chosen = negotiate(operation.accept, formats)
    return chosen is not None and chosen[0] is HTML


def _describe(site: Site, operation: Operation, page: Page) -> Response:
    """Answer with the service description, or for a browser with the page without a query."""
    formats = [*RDF.values(), HTML]
    chosen = negotiate(operation.accept, formats)
    if chosen is None:
        raise QueryError(not_acceptable("The service description", formats))
    format, media_type = chosen
    if format is HTML:
        return page(operation)
    triples = sorted(describe(site), key=str)
    body = write_graph(triples, format.name, site.release.base_iri)
    tag = hashlib.sha256(body).hexdigest()[:24]
    response = Response(body, content_type=format.content_type)
    if has_tag(tag):
        response = Response(status=304)
    response.set_etag(tag)
    response.cache_control.no_cache = True
    return response
