"""Errors as problem documents (RFC 9457) for programs and as pages for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from urllib.parse import unquote

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from ...graph.errors import OutOfTime
from ...graph.formats import HTML, PROBLEM, negotiate
from ...graph.index.names import Match
from ...graph.store.answers import NoRoom
from ...graph.store.problems import ProblemDetails, QueryError, no_room
from .access_log import note_fault
from .site import Site

#: Values that a problem document omits.
_NOTHING = ("", None, ())

#: The length of the example range, in bytes.
_RANGE_BYTES = 1000
#: The most suggestions of what may have been meant.
_NEAR = 5
#: The lowest score of a suggestion.
_ALIKE = 70
#: Points added to the score of a thing of the requested class.
_SAME_CLASS = 10


@dataclass(frozen=True, slots=True)
class Near:
    """A thing that may have been meant."""

    iri: str
    label: str
    url: str
    #: The first segment of its path.
    kind: str

    @classmethod
    def of(cls, site: Site, match: Match) -> Near:
        """A suggestion from a match by name."""
        return cls(match.iri, match.label, site.url(match.iri), match.kind_of_thing)

    def facts(self) -> dict[str, str]:
        """The suggestion as written in a problem document."""
        return {"iri": self.iri, "label": self.label, "url": self.url}


def prefers_html() -> bool:
    """Whether the request comes from a browser rather than a program."""
    chosen = negotiate(request.headers.get("Accept", ""), [PROBLEM, HTML])
    return chosen is not None and chosen[0] is HTML


def problem(fault: ProblemDetails, near: Sequence[Near] = ()) -> Response:
    """The response for a fault, with suggestions of what may have been meant."""
    note_fault(fault)
    if prefers_html():
        response = Response(
            render_template("error.html", fault=fault, near=near), mimetype="text/html"
        )
    else:
        facts = {name: value for name, value in asdict(fault).items() if value not in _NOTHING}
        if near:
            facts["near"] = [each.facts() for each in near]
        if fault.limit == "result_bytes":
            facts["dumps"] = current_app.extensions["site"].absolute("dumps/")
        response = Response(json.dumps(facts, ensure_ascii=False), mimetype=PROBLEM.media_type)
    return with_status(response, fault)


def with_status(response: Response, fault: ProblemDetails) -> Response:
    """Set the status of a fault, and when to try again, on a response."""
    response.status_code = fault.status
    response.vary.add("Accept")
    if fault.retry_after:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def register(app: Flask, site: Site) -> None:
    """Answer every error of an app with a problem document or page."""
    app.extensions["site"] = site
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(OutOfTime, _out_of_time)
    app.register_error_handler(NoRoom, _no_room)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _query_error(error: QueryError) -> Response:
    return problem(error.problem)


def _out_of_time(error: OutOfTime) -> Response:
    seconds = current_app.extensions["site"].store.limits.seconds
    detail = (
        f"The work for this request was stopped at the limit of {seconds:g} seconds. Ask for less "
        "at once: a smaller batch, fewer properties or a shorter list."
    )
    return problem(ProblemDetails(503, "The request took too long", detail, limit="seconds"))


def _no_room(error: NoRoom) -> Response:
    return problem(no_room(error))


def _http_error(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    detail = error.description or error.name
    if error.description == type(error).description:  # no description of our own
        detail = _DETAILS.get(status, detail)
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length:
        detail = (
            f"The file has {error.length:,} bytes, numbered from 0. Send a range within it, such "
            f"as Range: bytes=0-{min(error.length, _RANGE_BYTES) - 1}, or bytes=-500 for the last "
            "500 bytes. For the whole file, send no Range header."
        )
    near: Sequence[Near] = ()
    if status == 404:
        with suppress(OutOfTime):
            near = _near(current_app.extensions["site"])
    response = problem(ProblemDetails(status, error.name, detail), near)
    for header in ("Allow", "Content-Range", "Retry-After"):
        if header in original.headers:
            response.headers[header] = original.headers[header]
    return response


def _near(site: Site) -> Sequence[Near]:
    """Things with names similar to the end of the path; those of the same class rank higher."""
    *before, last = unquote(request.path).strip("/").split("/")
    if request.method not in ("GET", "HEAD") or len(before) > 1:
        return ()
    slug, _, ending = last.rpartition(".")
    words = (slug if slug and len(ending) < 6 else last)[:100].replace("-", " ")
    matches = site.names.find(words, limit=2 * _NEAR)
    matches = [match for match in matches if match.score >= _ALIKE]
    matches.sort(key=lambda match: -match.score - _SAME_CLASS * (match.kind_of_thing in before))
    return [Near.of(site, match) for match in matches[:_NEAR]]


def _unforeseen(error: Exception) -> Response:
    if damage := current_app.extensions["site"].files.blamed_for(error):
        current_app.logger.error("%s %s: %s", request.method, request.path, damage.detail)
        return problem(damage)
    current_app.logger.exception("%s %s", request.method, request.path)
    detail = "Something went wrong on the server. The error has been logged."
    return problem(ProblemDetails(500, "Internal error", detail))


_DETAILS = {
    404: "There is nothing at this address. Try a search, or start from the home page.",
    405: "This address does not support that method; the Allow header lists those it does.",
    413: "The request is larger than this service accepts.",
    414: "The URL is longer than this service accepts; send a long query by POST.",
}
