"""The SPARQL endpoint: for programs the protocol, for people a page to ask on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from ... import __version__, ontology
from ...graph.formats import HTML, RDF, RESULTS, negotiate
from ...graph.iris import slug
from ...graph.store.admission import never_disconnected
from ...graph.store.answers import WHOLE, Answer
from ...graph.store.excerpt import Excerpt, Table
from ...graph.store.plan import Plan
from ...graph.store.problems import ProblemDetails, QueryError, not_acceptable
from ...graph.store.serialization import write_graph
from ...ontology import BASE_IRI
from ..web.access_log import note_answer, note_fault, note_query
from ..web.client_network import client_network
from ..web.errors import with_status
from ..web.large_answers import LargeAnswers
from ..web.responses import deliver
from ..web.site import Site
from .protocol import Operation, read
from .service_description import describe

__all__ = [
    "blueprint",
]


#: How much of an answer a page shows; the whole is a click away.
_SHOWN = Excerpt()
#: The formats that a table and a graph are offered in, whole.
_TABLES, _GRAPHS = ("csv", "json", "tsv", "xml"), ("ttl", "nt", "jsonld", "rdf")
#: A query whose address would be longer has no links; the form has the formats, too.
_LINK_CHARACTERS = 2**14
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

    table: Table | None = None
    #: The rows of the whole answer.
    count: int = 0
    verdict: bool | None = None
    turtle: str = ""
    #: True where the Turtle goes on.
    shortened: bool = False


def blueprint(site: Site) -> Blueprint:
    """``/sparql`` of a site."""
    surface = Blueprint("sparql", __name__)
    outgoing = LargeAnswers(site.store.limits)

    @surface.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        operation = read(request)
        response = _respond(site, operation, outgoing)
        response.vary.add("Accept")
        return response

    return surface


def _respond(site: Site, operation: Operation, outgoing: LargeAnswers) -> Response:
    if operation.query is None:
        return _describe(site, operation)
    note_query(operation.query)
    if _wants_page(operation):
        return _page(site, operation, operation.query)
    planned = site.store.plan(
        operation.query, operation.accept, operation.dataset, site.absolute("sparql")
    )
    tag = "" if planned.shape.is_volatile else _tag(site, operation, planned)
    if tag and _has(tag):
        response = Response(status=304)
    else:
        answer = _ask(site, operation, planned)
        response = deliver(answer, outgoing)
    if name := _file_name(site, operation):
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if tag:
        response.set_etag(tag)
        response.cache_control.no_cache = True
    else:
        response.cache_control.no_store = True
    return response


def _file_name(site: Site, operation: Operation) -> str:
    """What a browser calls the answer of a link that names its format, when it saves it.

    It is the query's first comment, where there is one, and the release.
    """
    ending = operation.format
    if ending not in {**RESULTS, **RDF}:
        return ""
    comment = re.match(r"\s*#+ *(.{1,80})", operation.query or "")
    words = slug(comment[1])[:60].strip("-") if comment else "answer"
    return f"oograph-{words}-{site.release.version}.{ending}"


def _tag(site: Site, operation: Operation, planned: Plan) -> str:
    """The entity tag of an answer: a release never changes, so the question says all.

    Only GET and HEAD have one.
    """
    if request.method == "POST":
        return ""
    release = f"{site.release.base_iri} {site.release.version} {__version__}"
    key = repr((planned.text, planned.dataset, planned.base_iri, planned.media_type, release))
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:24]


def _has(tag: str) -> bool:
    """Whether the client says that it has what a tag stands for; a proxy may have weakened it."""
    return request.if_none_match.contains_weak(tag) and not request.if_none_match.star_tag


def _ask(site: Site, operation: Operation, planned: Plan) -> Answer:
    answer = site.store.ask(
        planned,
        seconds=operation.seconds,
        client=client_network(),
        is_disconnected=request.environ.get("waitress.client_disconnected", never_disconnected),
    )
    note_answer(answer)
    return answer


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
    tag = hashlib.sha256(body).hexdigest()[:24]
    response = Response(body, content_type=format.content_type)
    if _has(tag):
        response = Response(status=304)
    response.set_etag(tag)
    response.cache_control.no_cache = True
    return response


def _page(site: Site, operation: Operation, query: str) -> Response:
    try:
        planned = site.store.plan(query, _PAGE_ACCEPT, operation.dataset, site.absolute("sparql"))
        answer = _ask(site, operation, replace(planned, excerpt=_SHOWN))
    except QueryError as error:
        note_fault(error.problem)
        return with_status(_html(site, operation, query, fault=error.problem), error.problem)
    return _html(site, operation, query, result=_result(answer))


def _html(
    site: Site,
    operation: Operation,
    query: str,
    result: Result | None = None,
    fault: ProblemDetails | None = None,
) -> Response:
    shown = operation
    if fault and fault.limit == "query_characters":
        # A page that repeats it would be larger still.
        query, shown = "", replace(operation, dataset=WHOLE)
    page = render_template(
        "sparql.html",
        query=query,
        result=result,
        fault=fault,
        limits=site.store.limits,
        dataset=shown.dataset,
        examples=_examples(site.release.base_iri),
        formats=(RESULTS | RDF).values(),
        links=_links(operation, query, _GRAPHS if result and result.turtle else _TABLES),
    )
    return Response(page, mimetype="text/html")


def _links(operation: Operation, query: str, names: Sequence[str]) -> dict[str, str]:
    """The address of the whole answer in each format."""
    if len(query) > _LINK_CHARACTERS:
        return {}
    graphs: dict[str, Any] = {
        "default-graph-uri": operation.dataset.default_graphs,
        "named-graph-uri": operation.dataset.named_graphs,
    }
    links = {name: url_for("sparql.sparql", query=query, format=name, **graphs) for name in names}
    return {name: url for name, url in links.items() if len(url) <= _LINK_CHARACTERS}


def _result(answer: Answer) -> Result:
    """What a page shows of an answer."""
    if answer.media_type.startswith(RDF["ttl"].media_type):
        text = answer.body
        if len(text) <= _SHOWN.turtle_bytes:
            return Result(turtle=text.decode())
        lines = text[: text.rfind(b"\n") + 1] or text
        return Result(turtle=lines.decode(errors="ignore"), shortened=True)
    if answer.rows is None:
        return Result(verdict=json.loads(answer.body)["boolean"])
    return Result(Table.read(answer.body), answer.rows)


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
