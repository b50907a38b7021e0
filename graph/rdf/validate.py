"""Validation: a graph, or an RDF file, against the SHACL shapes.

SHACL: https://www.w3.org/TR/shacl/. A shape says what is wrong in ``sh:message``, and what a
curator does about it in ``oosh:fix``.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ... import ontology, shapes
from ...ontology import BASE_IRI
from ..errors import UnreadableRDF
from ..iris import IRIs
from ..model import Problem, Severity
from .excerpt import Excerpt
from .guesses import Guesses
from .rdf_file import read
from .report import SEVERITIES, new_report
from .suspects import CoreShape, Index, core_shapes

__all__ = [
    "Report",
    "validate_quads",
    "validate_rdf",
]


_RANK: dict[Severity, int] = {"violation": 0, "warning": 1, "info": 2}
_STRING = NamedNode(str(XSD.string))
_TYPE = NamedNode(str(RDF.type))


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found: the problems, worst first, and the same as a SHACL report."""

    #: True where no problem is a violation.
    conforms: bool
    problems: tuple[Problem, ...]
    #: An sh:ValidationReport without blank nodes.
    graph: Graph


@contextmanager
def _quiet_literals() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal: the shapes report it."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@_quiet_literals()
def validate_quads(quads: Collection[Quad], base_iri: str = BASE_IRI) -> Report:
    """The report on a whole graph: the data with its vocabularies, below ``base_iri``.

    The named graphs are taken as one graph. pySHACL checks the core constraints on the nodes that
    a first look does not clear, a store answers the queries.
    """
    prepared = _prepared(base_iri)
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    index = Index(quads)
    suspected = index.suspects(prepared.shapes)
    suspects = set().union(*suspected.values())
    data, core = _rdflib_graph(index.around(suspects)), Graph()
    for shape in suspected:
        core += prepared.graph.triples((_to_rdflib(shape.node), None, None))
    _, results, _ = pyshacl.validate(data, shacl_graph=core, inference="none", inplace=True)
    focus = {_to_rdflib(node) for node in suspects}
    for result, node in list(results.subject_objects(SH.focusNode)):
        if node not in focus:  # it is there only as a value, without its own triples
            results.remove((result, None, None))
    for query in prepared.queries:
        for triple in _query_results(query, store):
            results.add(triple)
    report = _report(results, prepared, base_iri)
    guesses = Guesses(store, base_iri)
    return replace(report, problems=tuple(map(guesses.guessed, report.problems)))


def validate_rdf(path: str | Path, base_iri: str = BASE_IRI) -> tuple[Problem, ...]:
    """The problems of an RDF file, worst first; its named graphs are taken as one graph.

    The shipped vocabularies stand behind the file, except for the things it describes itself.
    Of the description of one thing, as the site serves it, what it only points to is not checked.
    Nothing is loaded from the network.
    """
    path = Path(path)
    try:
        store = read(path, base_iri)
    except UnreadableRDF as error:
        return error.problems
    named = {quad.subject.value for quad in store}
    excerpt = Excerpt.of(store, base_iri)
    described = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, None, None)}
    if not any(_has_instance(store, cls) for cls in _our_classes(base_iri)):
        return (_nothing_checked(path, base_iri),)
    for name in ontology.turtle_names():
        quads = parse(ontology.turtle(name, base_iri), RdfFormat.TURTLE)
        store.extend(Quad(*q.triple) for q in quads if q.subject not in described)
    problems = validate_quads(store, base_iri).problems
    ours = (p for p in problems if p.record.removeprefix("_:") in named)
    return tuple(replace(problem, file=str(path)) for problem in excerpt.checked(ours))


def _our_classes(base_iri: str) -> list[NamedNode]:
    targets = set(_prepared(base_iri).graph.objects(None, SH.targetClass))
    return [NamedNode(str(c)) for c in targets if str(c).startswith(IRIs(base_iri).ontology)]


def _has_instance(store: Store, cls: NamedNode) -> bool:
    return next(store.quads_for_pattern(None, _TYPE, cls, None), None) is not None


def _nothing_checked(path: Path, base_iri: str) -> Problem:
    return Problem(
        "warning",
        "Nothing was checked: the file describes nothing of the classes of the oograph ontology, "
        f"{IRIs(base_iri).ontology}.",
        "Describe publications as oo:Publication and so on, or give a file that oograph wrote.",
        file=str(path),
    )


@dataclass(frozen=True, slots=True)
class _Query:
    """The query of a shape, for all nodes of its target classes at once."""

    text: str
    #: What every result says.
    said: Mapping[Node, Node]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The shapes, as each step wants them."""

    #: The core constraints, for the first look and for pySHACL.
    shapes: tuple[CoreShape, ...]
    graph: Graph
    #: The queries, for a store.
    queries: tuple[_Query, ...]
    #: Shape -> what to do about its results.
    fixes: Mapping[Node, Node]


@cache
def _prepared(base_iri: str) -> _Prepared:
    """The shapes' core part for pySHACL, and their queries for the store.

    A property shape gets the targets of its node shape: pySHACL then takes it once with all its
    nodes, not once for each node. It would also run a query once for each node (at 0.5 ms), and
    0.40 fails on a value with a backslash. The results are the same where the query binds
    ``$this`` by a triple.
    """
    quads = list(parse(shapes.turtle(base_iri), RdfFormat.TURTLE))
    graph = _rdflib_graph(quad.triple for quad in quads)
    fixes = dict(graph.subject_objects(URIRef(shapes.fix(base_iri))))
    for node, shape in list(graph.subject_objects(SH.property)):
        graph.remove((node, SH.property, shape))
        for target in list(graph.objects(node, SH.targetClass)):
            graph.add((shape, SH.targetClass, target))
    queries = [
        _Query(
            _whole_query(graph, shape, query),
            {
                RDF.type: SH.ValidationResult,
                SH.resultMessage: _one(graph, shape, SH.message),
                SH.resultPath: _one(graph, shape, SH.path),
                SH.resultSeverity: graph.value(shape, SH.severity) or SH.Violation,
                SH.sourceConstraint: query,
                SH.sourceConstraintComponent: SH.SPARQLConstraintComponent,
                SH.sourceShape: shape,
            },
        )
        for shape, query in graph.subject_objects(SH.sparql)
    ]
    graph.remove((None, SH.sparql, None))
    return _Prepared(core_shapes(quads), graph, tuple(queries), fixes)


def _query_results(query: _Query, store: Store) -> Iterator[tuple[Node, Node, Node]]:
    solutions = store.query(query.text)
    assert isinstance(solutions, QuerySolutions)
    with_value = "value" in {variable.value for variable in solutions.variables}
    for solution in solutions:
        result = BNode()
        yield from ((result, predicate, said) for predicate, said in query.said.items())
        yield result, SH.focusNode, _to_rdflib(solution["this"])
        if with_value:
            yield result, SH.value, _to_rdflib(solution["value"])


def _one(graph: Graph, subject: Node, predicate: Node) -> Node:
    value = graph.value(subject, predicate)
    assert value is not None, f"{subject} has no {predicate}"
    return value


def _whole_query(graph: Graph, shape: Node, query: Node) -> str:
    """A shape's query for all nodes of its target classes at once."""
    prefixes = [
        f"PREFIX {graph.value(each, SH.prefix)}: <{graph.value(each, SH.namespace)}>"
        for each in graph.objects(None, SH.declare)
    ]
    path = f"<{graph.value(shape, SH.path)}>"
    select = str(graph.value(query, SH.select)).replace("$PATH", path)
    classes = " ".join(f"<{target}>" for target in graph.objects(shape, SH.targetClass))
    head = "?this ?value" if "?value" in select.partition("WHERE")[0] else "?this"
    return "\n".join(
        [
            *prefixes,
            f"SELECT DISTINCT {head} WHERE {{",
            f"VALUES ?class {{ {classes} }} ?this a ?class .",
            f"{{ {select} }}",
            "}",
        ]
    )


def _rdflib_graph(triples: Iterable[tuple[Any, Any, Any] | Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        subject, predicate, value = map(_to_rdflib, triple)
        graph.add((subject, predicate, value))
    return graph


def _to_rdflib(term: Any) -> Node:
    """The same term for rdflib, a literal as it is written ("01" is not "1")."""
    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
    plain = term.language or term.datatype == _STRING
    datatype = None if plain else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def _report(results: Graph, prepared: _Prepared, base_iri: str) -> Report:
    """The results in a fixed order, their blank nodes named after their place in it."""
    nodes = results.subjects(RDF.type, SH.ValidationResult)
    pairs = [(_problem(results, node, prepared.fixes), node) for node in nodes]
    pairs.sort(key=lambda pair: (_order(pair[0]), _origin(results, pair[1])))
    problems = tuple(dict.fromkeys(problem for problem, _ in pairs))
    conforms = not any(problem.severity == "violation" for problem in problems)

    report, fix = URIRef(IRIs(base_iri).at("report")), URIRef(shapes.fix(base_iri))
    names: dict[Node, URIRef] = {}
    graph = new_report(report, conforms, base_iri)
    for number, (problem, node) in enumerate(pairs, 1):
        names[node] = URIRef(f"{report}#result-{number}")
        graph.add((report, SH.result, names[node]))
        graph.add((names[node], fix, Literal(problem.remedy, lang="en")))
        for _, predicate, value in sorted(results.triples((node, None, None))):
            if isinstance(value, BNode) and value not in names:
                names[value] = URIRef(f"{report}#node-{len(names)}")
            graph.add((names[node], predicate, names.get(value, value)))
    return Report(conforms, problems, graph)


def _problem(results: Graph, node: Node, fixes: Mapping[Node, Node]) -> Problem:
    message = str(results.value(node, SH.resultMessage))
    remedy = str(fixes[_one(results, node, SH.sourceShape)])
    severity = SEVERITIES[results.value(node, SH.resultSeverity)]
    focus, path, value = (
        _text(results.value(node, each)) for each in (SH.focusNode, SH.resultPath, SH.value)
    )
    return Problem(severity, message, remedy, record=focus, property=path, value=value)


def _text(node: Node | None) -> str:
    """A node as a problem shows it: an IRI or the words alone, "_:" before a blank node."""
    return "" if node is None else f"_:{node}" if isinstance(node, BNode) else str(node)


def _order(problem: Problem) -> tuple[int, str, str, str, str]:
    rank = _RANK[problem.severity]
    return (rank, problem.record, problem.property, problem.message, problem.value)


def _origin(results: Graph, node: Node) -> tuple[str, str]:
    """The shape and the constraint of a result: they tell apart what else is the same."""
    shape = results.value(node, SH.sourceShape)
    return str(shape), str(results.value(node, SH.sourceConstraintComponent))
