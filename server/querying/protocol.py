"""Reading requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Request
from werkzeug.datastructures import MultiDict

from ...graph.formats import HTML, RDF, RESULTS
from ...graph.store.answers import Dataset
from ...graph.store.problems import FORBIDDEN, ProblemDetails, QueryError
from ..web.forms import FORM, decoded, form_of, text_of

#: ``format=`` -> the equivalent Accept header. JSON and XML each name a table and a graph format.
_FORMAT_NAMES = {
    **{name: each.media_type for name, each in (RESULTS | RDF).items()},
    "json": f"{RESULTS['json'].media_type}, {RDF['jsonld'].media_type}",
    "xml": f"{RESULTS['xml'].media_type}, {RDF['rdf'].media_type}",
    "html": HTML.media_type,
}
#: The names of our formats in SPARQLWrapper, Fuseki and Virtuoso.
_OTHER_NAMES = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "json-ld": "jsonld",
    "nquads": "nq",
    **{each.media_type: name for name, each in (RDF | RESULTS | {"html": HTML}).items()},
}

#: The most characters of ``format=`` that are read.
_NAME_CHARACTERS = 100
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
#: A byte, written or escaped, that may not be UTF-8.
_NOT_ASCII = re.compile(rb"[\x80-\xff]|%[89A-Fa-f]")
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_POSTS = f"The media type of a POST must be {FORM} or {_QUERY}."
#: Media type of a body -> how to make the client that sends it send a form.
_HINTS = {
    "multipart/form-data": ' In R, pass encode = "form" to httr; in JavaScript, pass a '
    "URLSearchParams body to fetch.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, the graphs it runs over, and the format of its answer."""

    #: None if the request has no query, and so asks for a description of the service.
    query: str | None
    dataset: Dataset
    #: As an Accept header.
    accept: str
    #: The value of ``format=``; "" if the header decides.
    format: str
    #: The value of ``timeout=``, which lowers the time limit; None if there is none.
    seconds: float | None


def read(request: Request) -> Operation:
    """Read the operation of a request; raise ``QueryError`` if the protocol does not allow it."""
    if _NOT_ASCII.search(request.query_string):
        _check_utf8(decoded(request.query_string))
    parameters = request.args
    queries = parameters.getlist("query")
    if request.method == "POST":
        if request.mimetype == FORM:
            form = form_of(request)
            parameters = MultiDict([*request.args.items(True), *form.items(True)])
            queries = parameters.getlist("query")
        elif request.mimetype == _QUERY:
            queries.append(text_of(request))
        elif request.mimetype == _UPDATE:
            raise QueryError(FORBIDDEN)
        else:
            sent = request.mimetype or "missing"
            raise QueryError(_refusal(415, f"{_POSTS} Yours is {sent}.{_HINTS.get(sent, '')}"))
    if "update" in parameters:
        raise QueryError(FORBIDDEN)
    if len(queries) > 1:
        raise QueryError(_refusal(400, f"Send one query at a time, not {len(queries)}."))
    if not queries and request.method == "POST":
        raise QueryError(_refusal(400, "The form has no field named query."))
    return Operation(
        query=queries[0].removeprefix("\ufeff") if queries else None,
        dataset=Dataset(
            # the forms of some stores send it empty, which names no graph
            tuple(filter(None, parameters.getlist("default-graph-uri"))),
            tuple(filter(None, parameters.getlist("named-graph-uri"))),
        ),
        accept=_accept(request, parameters.get("format", "")),
        format=parameters.get("format", ""),
        seconds=_seconds(parameters.get("timeout", "")),
    )


def _accept(request: Request, name: str) -> str:
    if not name:
        return request.headers.get("Accept", "")
    # An unescaped "+" in a media type arrives as a space.
    asked = name[:_NAME_CHARACTERS].strip().lower().replace(" ", "+")
    ours = _OTHER_NAMES.get(asked, asked)
    if "/" in ours:
        return ours
    if ours not in _FORMAT_NAMES:
        names = ", ".join(_FORMAT_NAMES)
        raise QueryError(_refusal(400, f"format must be a media type, or one of {names}."))
    return _FORMAT_NAMES[ours]


def _seconds(text: str) -> float | None:
    if not text:
        return None
    if not _SECONDS.fullmatch(text) or not float(text):
        detail = "timeout must be a number of seconds above 0, such as 2.5."
        raise QueryError(_refusal(400, detail))
    return float(text)


def _check_utf8(sent: bytes) -> None:
    """Raise ``QueryError`` if bytes are not UTF-8."""
    try:
        sent.decode()
    except UnicodeDecodeError as error:
        raise QueryError(_refusal(400, f"The request is not UTF-8: {error}.")) from error


def _refusal(status: int, detail: str) -> ProblemDetails:
    return ProblemDetails(status, "Not a request of the SPARQL Protocol", detail)
