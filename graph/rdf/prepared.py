"""The shapes prepared for validation: core constraints for pySHACL, queries for a store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from pyoxigraph import Literal as OxLiteral
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ... import shapes
from .suspects import CoreShape, Term, core_shapes

_STRING = NamedNode(str(XSD.string))
#: Matches in queries for values that another node shares.
_SHARED = re.compile(r"\?other \$PATH \?value")
#: Matches in queries that look at nodes pointing to ``$this``.
_INVERSE = re.compile(r"\?\w+ (\w+:\w+) \$this")


@dataclass(frozen=True, slots=True)
class Query:
    """The query of a shape, for all nodes of its target classes at once."""

    text: str
    #: The properties that all its results have.
    said: Mapping[Node, Node]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The shapes, in the form that each validation step needs."""

    #: The core constraints, for the quick check and for pySHACL.
    shapes: tuple[CoreShape, ...]
    graph: Graph
    #: The queries, for a store.
    queries: tuple[Query, ...]
    #: Shape -> its remedy (oosh:fix).
    fixes: Mapping[Node, Node]
    #: Properties whose values must be unique -> the classes to which this applies.
    unique: Mapping[Term, Set[Term]]
    #: Properties through which the results on a node depend on what points to it.
    inverse: Set[Term]


@cache
def prepared(base_iri: str) -> Prepared:
    """The shapes' core constraints for pySHACL, and their queries for the store.

    Each property shape gets the targets of its node shape, so that pySHACL evaluates it once for
    all nodes rather than once for each node. pySHACL would also run a query for each node (0.5 ms
    each), and version 0.40 fails on a value with a backslash. The store gives the same results,
    provided that the query binds ``$this`` in a triple.
    """
    quads = list(parse(shapes.turtle(base_iri), RdfFormat.TURTLE))
    graph = rdflib_graph(quad.triple for quad in quads)
    fixes = dict(graph.subject_objects(URIRef(shapes.fix(base_iri))))
    for node, shape in list(graph.subject_objects(SH.property)):
        graph.remove((node, SH.property, shape))
        for target in list(graph.objects(node, SH.targetClass)):
            graph.add((shape, SH.targetClass, target))
    pairs = list(graph.subject_objects(SH.sparql))
    queries = tuple(_query(graph, shape, query) for shape, query in pairs)
    unique: dict[Term, Set[Term]] = {}
    inverse: set[Term] = set()
    for shape, query in pairs:
        select = str(graph.value(query, SH.select))
        if _SHARED.search(select):
            path = f"<{_one(graph, shape, SH.path)}>"
            targets = {f"<{target}>" for target in graph.objects(shape, SH.targetClass)}
            unique[path] = unique.get(path, frozenset()) | targets
        inverse |= {f"<{_expanded(graph, name)}>" for name in _INVERSE.findall(select)}
    graph.remove((None, SH.sparql, None))
    return Prepared(core_shapes(quads), graph, queries, fixes, unique, inverse)


def _query(graph: Graph, shape: Node, query: Node) -> Query:
    return Query(
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


def _one(graph: Graph, subject: Node, predicate: Node) -> Node:
    value = graph.value(subject, predicate)
    assert value is not None, f"{subject} has no {predicate}"
    return value


def _prefixes(graph: Graph) -> dict[str, str]:
    return {
        str(graph.value(each, SH.prefix)): str(graph.value(each, SH.namespace))
        for each in graph.objects(None, SH.declare)
    }


def _expanded(graph: Graph, curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return _prefixes(graph)[prefix] + name


def _whole_query(graph: Graph, shape: Node, query: Node) -> str:
    """A shape's query for all nodes of its target classes at once.

    It starts from the nodes; otherwise the engine would scan all triples for
    ``$this ?property ?any``.
    """
    path = f"<{graph.value(shape, SH.path)}>"
    select = str(graph.value(query, SH.select)).replace("$PATH", path)
    classes = " ".join(f"<{target}>" for target in graph.objects(shape, SH.targetClass))
    head = "?this ?value" if "?value" in select.partition("WHERE")[0] else "?this"
    nodes = f"{{ SELECT DISTINCT $this WHERE {{ VALUES ?class {{ {classes} }} $this a ?class }} }}"
    return "\n".join(
        [
            *(f"PREFIX {prefix}: <{space}>" for prefix, space in _prefixes(graph).items()),
            f"SELECT DISTINCT {head} WHERE {{",
            "{",
            select.replace("{", f"{{ {nodes}", 1),
            "}",
            "}",
        ]
    )


def rdflib_graph(triples: Iterable[tuple[Any, Any, Any] | Triple]) -> Graph:
    """The triples as an rdflib graph."""
    graph = Graph()
    for triple in triples:
        subject, predicate, value = map(to_rdflib, triple)
        graph.add((subject, predicate, value))
    return graph


def to_rdflib(term: Any) -> Node:
    """The same term for rdflib, with literals exactly as written ("01" is not "1")."""
    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
    plain = term.language or term.datatype == _STRING
    datatype = None if plain else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def to_oxigraph(node: Node) -> NamedNode | BlankNode | OxLiteral:
    """The same term for pyoxigraph."""
    match node:
        case URIRef():
            return NamedNode(node)
        case BNode():
            return BlankNode(node)
    assert isinstance(node, Literal)
    if node.language:
        return OxLiteral(node, language=node.language)
    return OxLiteral(node, datatype=NamedNode(node.datatype) if node.datatype else None)
