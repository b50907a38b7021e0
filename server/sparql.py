"""The SPARQL endpoint: for programs the protocol, for people a page to ask on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from .. import ontology
from ..graph.formats import HTML, RDF, RESULTS, negotiate
from ..graph.store import Answer, Fault, QueryError, not_acceptable, write_graph
from ..ontology import BASE_IRI
from .errors import with_status
from .protocol import Operation, read
from .service import describe
from .site import Row, Site

__all__ = ["blueprint"]

#: The most rows a page shows; the whole answer is a click away.
_ROWS = 1000
#: What a page asks the store for.
_PAGE_ACCEPT = f"{RESULTS['json'].media_type}, {RDF['ttl'].media_type}"
_START = """\
PREFIX oo: <{base}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?platform ?label (COUNT(?publication) AS ?publications) WHERE {{
  ?publication oo:platform ?platform .
  ?platform skos:prefLabel ?label .
}}
GROUP BY ?platform ?label
ORDER BY DESC(?publications)
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A question somebody may want to ask."""

    title: str
    query: str


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as the page shows it: a table, yes or no, or Turtle."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    count: int = 0
    verdict: bool | None = None
    turtle: str = ""


def blueprint(site: Site) -> Blueprint:
    """``/sparql`` of a site."""
    surface = Blueprint("sparql", __name__)

    @surface.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        operation = read(request)
        response = _respond(site, operation)
        response.vary.add("Accept")
        return response

    return surface


def _respond(site: Site, operation: Operation) -> Response:
    if operation.query is None:
        return _describe(site, operation)
    if _wants_page(operation):
        return _page(site, operation, operation.query)
    answer = site.store.query(operation.query, operation.accept, operation.dataset)
    return Response(answer.body, content_type=answer.media_type)


def _wants_page(operation: Operation) -> bool:
    formats = [*RESULTS.values(), *RDF.values(), HTML]
    chosen = negotiate(operation.accept, formats)
    return chosen is not None and chosen[0] is HTML


def _describe(site: Site, operation: Operation) -> Response:
    """The service description, or for a browser the empty page."""
    formats = [*RDF.values(), HTML]
    chosen = negotiate(operation.accept, formats)
    if chosen is None:
        raise QueryError(not_acceptable("The service description", formats))
    format, media_type = chosen
    if format is HTML:
        return _html(site, operation, _START.format(base=site.release.base_iri))
    triples = sorted(describe(site), key=str)
    body = write_graph(triples, format.name, site.release.base_iri)
    return Response(body, content_type=format.content_type)


def _page(site: Site, operation: Operation, query: str) -> Response:
    try:
        answer = site.store.query(query, _PAGE_ACCEPT, operation.dataset)
    except QueryError as error:
        return with_status(_html(site, operation, query, fault=error.fault), error.fault)
    return _html(site, operation, query, result=_result(answer))


def _html(
    site: Site,
    operation: Operation,
    query: str,
    result: Result | None = None,
    fault: Fault | None = None,
) -> Response:
    page = render_template(
        "sparql.html",
        query=query,
        result=result,
        fault=fault,
        limits=site.store.limits,
        dataset=operation.dataset,
        examples=_examples(site.release.base_iri),
        formats=(RESULTS | RDF).values(),
    )
    return Response(page, mimetype="text/html")


def _result(answer: Answer) -> Result:
    if not answer.media_type.startswith(RESULTS["json"].media_type):
        return Result(turtle=answer.body.decode())
    found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Result(verdict=bool(found))
    columns = tuple(variable.value for variable in found.variables)
    rows: list[Row] = []
    count = 0
    for solution in found:
        count += 1
        if count <= _ROWS:
            terms = {name: solution[name] for name in columns}
            rows.append({name: t for name, t in terms.items() if t is not None})
    return Result(columns, tuple(rows), count)


@cache
def _examples(base_iri: str) -> tuple[Example, ...]:
    """The questions that come with the ontology; the title of each is its first line, a comment."""
    folder = files(ontology).joinpath("questions")
    texts = sorted(
        (file.name, file.read_text(encoding="utf-8").replace(BASE_IRI, base_iri))
        for file in (folder.iterdir() if folder.is_dir() else ())
        if file.name.endswith(".rq")
    )
    return tuple(Example(text.split("\n")[0].lstrip("# "), text) for _, text in texts)
