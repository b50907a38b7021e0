"""What a request asks for, by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Request
from werkzeug.datastructures import MultiDict

from ...graph.formats import HTML, RDF, RESULTS
from ...graph.store.answers import Dataset
from ...graph.store.problems import FORBIDDEN, ProblemDetails, QueryError
from ..web.forms import FORM, decoded, form_of, text_of

#: ``format=`` -> what the Accept header would say. JSON and XML name a form of each kind.
_FORMAT_NAMES = {
    **{name: each.media_type for name, each in (RESULTS | RDF).items()},
    "json": f"{RESULTS['json'].media_type}, {RDF['jsonld'].media_type}",
    "xml": f"{RESULTS['xml'].media_type}, {RDF['rdf'].media_type}",
    "html": HTML.media_type,
}
#: What others call our formats: SPARQLWrapper, Fuseki, Virtuoso.
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

#: Of a value of ``format=`` so much is read.
_NAME_CHARACTERS = 100
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
#: A byte, written or escaped, that may not be UTF-8.
_NOT_ASCII = re.compile(rb"[\x80-\xff]|%[89A-Fa-f]")
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_POSTS = f"A POST is {FORM} or {_QUERY}."
#: Type of a body -> how the client that sends it sends a form.
_HINTS = {
    "multipart/form-data": ' In R, httr sends a form with encode = "form"; in JavaScript, fetch '
    "does with a body of URLSearchParams.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, the graphs it is to run over, and how its answer is wanted."""

    #: None where the request has no query: it asks what there is.
    query: str | None
    dataset: Dataset
    #: As an Accept header.
    accept: str
    #: The value of ``format=``; "" where the header decides.
    format: str
    #: The value of ``timeout=``, which lowers the limit of time; None where there is none.
    seconds: float | None


def read(request: Request) -> Operation:
    """The operation of a request; ``QueryError`` where the protocol refuses it."""
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
            sent = request.mimetype or "of no type"
            raise QueryError(_refusal(415, f"{_POSTS} This one is {sent}.{_HINTS.get(sent, '')}"))
    if "update" in parameters:
        raise QueryError(FORBIDDEN)
    if len(queries) > 1:
        raise QueryError(_refusal(400, f"One query at a time; there are {len(queries)}."))
    if not queries and request.method == "POST":
        raise QueryError(_refusal(400, "The form has no field named query."))
    return Operation(
        query=queries[0].removeprefix("\ufeff") if queries else None,
        dataset=Dataset(
            # one that is left empty, as the forms of some stores leave it, names no graph
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
    # "+" of a media type written without care arrives as a space.
    asked = name[:_NAME_CHARACTERS].strip().lower().replace(" ", "+")
    ours = _OTHER_NAMES.get(asked, asked)
    if "/" in ours:
        return ours
    if ours not in _FORMAT_NAMES:
        names = ", ".join(_FORMAT_NAMES)
        raise QueryError(_refusal(400, f"format is a media type, or one of {names}."))
    return _FORMAT_NAMES[ours]


def _seconds(text: str) -> float | None:
    if not text:
        return None
    if not _SECONDS.fullmatch(text) or not float(text):
        raise QueryError(_refusal(400, "timeout is a number of seconds above 0, such as 2.5."))
    return float(text)


def _check_utf8(sent: bytes) -> None:
    """``QueryError`` where bytes are no text."""
    try:
        sent.decode()
    except UnicodeDecodeError as error:
        raise QueryError(_refusal(400, f"The request is not UTF-8: {error}.")) from error


def _refusal(status: int, detail: str) -> ProblemDetails:
    return ProblemDetails(status, "The request is not one of the SPARQL Protocol", detail)
