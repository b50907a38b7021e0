"""The page of ``/sparql``: the query in an editor, its answer, and example questions."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, render_template, request, url_for

from ...graph.formats import RDF, RESULTS
from ...graph.store.answers import WHOLE
from ...graph.store.problems import ProblemDetails, QueryError
from ...graph.store.syntax import excerpt
from ...ontology import Question, prefixes, questions
from ..querying.protocol import Operation
from ..querying.sparql import ask
from ..web.access_log import note_fault
from ..web.errors import with_status
from ..web.site import Lazy, Site
from .answer import SHOWN, Result
from .broader_terms import broader_terms
from .completion import Vocabulary, vocabulary_of
from .drawing import drawn
from .having_names import having_names
from .joined_values import joined_values
from .meant_values import is_empty, meant_values
from .missing_properties import missing_properties
from .mistakes import Mistake, mistake
from .named_concepts import named_concepts
from .query_terms import Remark
from .snippets import snippets
from .unbound_columns import unbound_columns
from .unknown_functions import unknown_functions
from .unknown_terms import unknown_terms

#: The formats in which a whole table and a whole graph can be downloaded.
_TABLES, _GRAPHS = ("csv", "json", "tsv", "xml"), ("ttl", "nt", "jsonld", "rdf")
#: The longest address for a link; the form offers the formats for longer queries.
_LINK_CHARACTERS = 2**14
#: The longest query that is checked for mistakes. Nobody types longer ones, and checking some of
#: them would block the server for seconds.
_ADVISED_CHARACTERS = 10_000
#: The formats that the page asks the store for.
_ACCEPT = f"{RESULTS['json'].media_type}, {RDF['ttl'].media_type}"
_START = """\
PREFIX oo: <{base}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?platform ?label (COUNT(?publication) AS ?publications) WHERE {{
  ?publication oo:platform ?platform .
  ?platform skos:prefLabel ?label .
  # leave out works that only use the platform as an instrument
  FILTER NOT EXISTS {{ ?publication oo:scope <{base}scope/instrument> }}
}}
GROUP BY ?platform ?label
ORDER BY DESC(?publications)
LIMIT 20
"""
_ANYTHING = "SELECT ?subject ?property ?value WHERE {\n  ?subject ?property ?value .\n}\nLIMIT 20\n"


def page_of(site: Site) -> Callable[[Operation], Response]:
    """Return the function that answers an operation with a page."""
    vocabulary = Lazy(lambda: vocabulary_of(site))

    def page(operation: Operation) -> Response:
        if operation.query is None:
            return _html(site, operation, _start(site, vocabulary()), vocabulary)
        return _answered(site, operation, operation.query, vocabulary)

    return page


def _answered(
    site: Site, operation: Operation, query: str, vocabulary: Callable[[], Vocabulary]
) -> Response:
    try:
        planned = site.store.plan(query, _ACCEPT, operation.dataset, site.absolute("sparql"))
        answer = ask(site, operation, replace(planned, excerpt=SHOWN))
    except QueryError as error:
        note_fault(error.problem)
        return with_status(
            _html(site, operation, query, vocabulary, fault=error.problem), error.problem
        )
    result = Result.of(site, answer)
    remarks = _remarks(site, query, result, vocabulary()) if _is_advised(query) else ()
    return _html(site, operation, query, vocabulary, result=result, remarks=remarks)


def _is_advised(query: str) -> bool:
    return len(query) <= _ADVISED_CHARACTERS


def _remarks(site: Site, query: str, result: Result, terms: Vocabulary) -> Sequence[Remark]:
    """Return the remarks on a query that parses."""
    namespaces = prefixes(site.release.base_iri)
    return (
        *unknown_terms(site, query, terms.labels, namespaces),
        *unbound_columns(query),
        *having_names(query),
        *unknown_functions(query),
        *joined_values(query, result),
        *missing_properties(query, terms, namespaces),
        *broader_terms(site, query, terms, namespaces),
        *(meant_values(site, query) if is_empty(result) else ()),
    )


def _html(
    site: Site,
    operation: Operation,
    query: str,
    vocabulary: Callable[[], Vocabulary],
    result: Result | None = None,
    fault: ProblemDetails | None = None,
    remarks: Sequence[Remark] = (),
) -> Response:
    shown = operation
    if fault and fault.limit == "query_characters":
        # a page that repeats the query would be larger still
        query, shown = "", replace(operation, dataset=WHOLE)
    kind = _kind(result)
    corrected = _after_comments(query, fault.prologue) if fault and fault.prologue else ""
    is_sought = fault and fault.line and not corrected and _is_advised(query)
    meant = mistake(query) if is_sought else None
    if fault and meant:
        fault = _at(fault, query, meant)
    links = _links(operation, query, _GRAPHS if kind == "graph" else _TABLES)
    endpoint = site.absolute("sparql")
    code = snippets(endpoint, query, shown.dataset, kind) if links and not fault else []
    g.style_nonce = secrets.token_urlsafe(16)
    page = render_template(
        "sparql.html",
        query=query,
        result=result,
        picture=drawn(site, result.table, result.count) if result and result.table else None,
        fault=fault,
        named=[] if fault else named_concepts(site, query),
        remarks=[(each, _page_link(operation, each.corrected)) for each in remarks],
        limits=site.store.limits,
        dataset=shown.dataset,
        groups=_groups(site.release.base_iri, frozenset(vocabulary().properties)),
        formats=(RESULTS | RDF).values(),
        links=links,
        correction=_page_link(operation, corrected),
        meant=meant.corrected if meant else "",
        as_meant=_page_link(operation, meant.corrected) if meant else "",
        snippets=code,
        permalink=_permalink(site, operation, query) if result else "",
        other_release=_other_release(site),
        nonce=g.style_nonce,
    )
    response = Response(page, mimetype="text/html")
    response.cache_control.no_cache = True
    return response


def _at(fault: ProblemDetails, query: str, wrong: Mistake) -> ProblemDetails:
    """Move a parser's error to where the mistake is, which the parser may notice only later."""
    return replace(
        fault,
        detail=f"The query does not parse at line {wrong.line}, column {wrong.column}.",
        line=wrong.line,
        column=wrong.column,
        excerpt=excerpt(query, wrong.line, wrong.column),
        hint=wrong.hint,
    )


def _kind(result: Result | None) -> str:
    """Return the kind of answer, for the snippets."""
    if result and result.verdict is not None:
        return "verdict"
    return "graph" if result and result.turtle else "table"


def _after_comments(query: str, lines: str) -> str:
    """Insert lines into the query below the comments at its start."""
    comments = re.match(r"(?:[ \t]*(?:#[^\n]*)?\n)*", query)
    end = comments.end() if comments else 0
    return f"{query[:end]}{lines}{query[end:]}"


def _links(operation: Operation, query: str, names: Sequence[str]) -> dict[str, str]:
    """Return the address of the whole answer in each format."""
    if not query or len(query) > _LINK_CHARACTERS:
        return {}
    graphs: dict[str, Any] = dict(_graphs(operation))
    links = {name: url_for("sparql.sparql", query=query, format=name, **graphs) for name in names}
    return {name: url for name, url in links.items() if len(url) <= _LINK_CHARACTERS}


def _page_link(operation: Operation, query: str) -> str:
    """Return the address of the page for a query over the same graphs; "" if it is too long."""
    return _links(operation, query, ("html",)).get("html", "")


def _graphs(operation: Operation) -> dict[str, tuple[str, ...]]:
    graphs = {
        "default-graph-uri": operation.dataset.default_graphs,
        "named-graph-uri": operation.dataset.named_graphs,
    }
    return {name: iris for name, iris in graphs.items() if iris}


def _permalink(site: Site, operation: Operation, query: str) -> str:
    """Return the address of this page, with the release it is from; "" if it is too long."""
    asked = {"query": query, **_graphs(operation), "release": site.release.version}
    address = f"{site.absolute('sparql')}?{urlencode(asked, doseq=True)}"
    return address if len(address) <= _LINK_CHARACTERS else ""


def _other_release(site: Site) -> str:
    """Return the release in the address, if it is not the one that answers; else ""."""
    version = request.args.get("release", "")[:40]
    return "" if version == site.release.version else version


def _start(site: Site, vocabulary: Vocabulary) -> str:
    """Return the query that the page begins with.

    If no work has a platform, it is the first example that the release can answer, or else a query
    for a few statements.
    """
    if "oo:platform" in vocabulary.properties:
        return _START.format(base=site.release.base_iri)
    groups = _groups(site.release.base_iri, frozenset(vocabulary.properties))
    return groups[0][1][0].query if groups else _ANYTHING


@cache
def _groups(base_iri: str, properties: frozenset[str]) -> list[tuple[str, list[Question]]]:
    """Return the example questions by group, in the order in which the groups first occur.

    Questions that need properties the release lacks are left out, and so are the lines "Group" and
    "Needs" of each query.
    """
    every = [
        replace(each, query=re.sub(r"^# (?:Group|Needs): .*\n", "", each.query, flags=re.MULTILINE))
        for each in questions(base_iri)
        if each.is_for(properties)
    ]
    order = list(dict.fromkeys(question.group for question in every))
    ordered = sorted(every, key=lambda question: order.index(question.group))
    return [(name, list(each)) for name, each in groupby(ordered, lambda question: question.group)]
