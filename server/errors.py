"""Errors as a program reads them (RFC 9457) and as a person does."""

from __future__ import annotations

import json
from dataclasses import asdict

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from ..graph.sparql.formats import HTML, PROBLEM, negotiate
from ..graph.sparql.store import Fault, QueryError
from .observe import note_fault
from .site import Site

#: What a problem leaves out.
_NOTHING = ("", None, ())

__all__ = ["prefers_html", "problem", "register", "with_status"]


def prefers_html() -> bool:
    """Whether the request comes from a browser rather than a program."""
    chosen = negotiate(request.headers.get("Accept", ""), [PROBLEM, HTML])
    return chosen is not None and chosen[0] is HTML


def problem(fault: Fault) -> Response:
    """The answer that tells a fault."""
    note_fault(fault)
    if prefers_html():
        response = Response(render_template("error.html", fault=fault), mimetype="text/html")
    else:
        facts = {name: value for name, value in asdict(fault).items() if value not in _NOTHING}
        if fault.limit == "result_bytes":
            facts["dumps"] = current_app.extensions["site"].absolute("dumps/")
        response = Response(json.dumps(facts, ensure_ascii=False), mimetype=PROBLEM.media_type)
    return with_status(response, fault)


def with_status(response: Response, fault: Fault) -> Response:
    """The response with the status of a fault and when to try again."""
    response.status_code = fault.status
    response.vary.add("Accept")
    if fault.retry_after:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def register(app: Flask, site: Site) -> None:
    """Answer every error of an app with a problem."""
    app.extensions["site"] = site
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _query_error(error: QueryError) -> Response:
    return problem(error.fault)


def _http_error(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    if status < 400:  # A redirect that routing asks for.
        return Response(status=status, headers={"Location": original.headers["Location"]})
    detail = _DETAILS.get(status, error.description or error.name)
    response = problem(Fault(status, error.name, detail))
    for header in ("Allow", "Content-Range", "Retry-After"):
        if header in original.headers:
            response.headers[header] = original.headers[header]
    return response


def _unforeseen(error: Exception) -> Response:
    current_app.logger.exception("%s %s", request.method, request.path)
    detail = "Something went wrong here, not in your request; it has been logged."
    return problem(Fault(500, "Internal error", detail))


_DETAILS = {
    404: "There is nothing at this address. Search, or begin at the home page.",
    405: "This address does not take that method; the Allow header lists those it takes.",
    413: "The request is larger than this service reads.",
    414: "The URL is longer than this service reads; send a long query by POST.",
}
