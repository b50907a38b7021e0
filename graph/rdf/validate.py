"""Validation: check a graph or an RDF file against the SHACL shapes.

SHACL: https://www.w3.org/TR/shacl/. Each shape says what is wrong in ``sh:message``, and how a
curator can correct it in ``oosh:fix``.
"""

from __future__ import annotations

import difflib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyshacl
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from rdflib import SH, SKOS, BNode, Graph, URIRef
from rdflib.term import Node

from ... import ontology
from ...ontology import BASE_IRI, PREFIXES
from ..errors import UnreadableRDF
from ..iris import RDF_TYPE, THINGS, IRIs, fold
from ..model import FACETS, Problem
from ..vocabulary import load_vocabulary
from .excerpt import Excerpt
from .names import CONCEPTS
from .prepared import Query, prepared, rdflib_graph, to_rdflib
from .rdf_file import read
from .results import Report, Result, report_of, results_of
from .suspects import Index, Term, terms_of

#: The least similarity of a label to a value for it to be suggested.
_ALIKE = 0.75
#: The property of a facet -> the vocabulary of its values.
_SCHEMES = {
    PREFIXES.expand(field.predicate): field.scheme.stem
    for field in FACETS
    if field.scheme and field.kind != "bodies"
}

#: The first part of our IRIs after the base.
_KINDS = THINGS | {scheme.kind for _, scheme in CONCEPTS}


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


def validate_quads(quads: Iterable[Quad], base_iri: str = BASE_IRI) -> Report:
    """The report on a whole graph: the data with its vocabularies, under ``base_iri``.

    Named graphs are merged.
    """
    by_triple = {str(quad.triple): quad for quad in quads}
    return report_of(results_on(by_triple, Index(map(terms_of, by_triple)), base_iri), base_iri)


@_quiet_literals()
def results_on(by_triple: Mapping[str, Quad], index: Index, base_iri: str) -> list[Result]:
    """The results on a graph, given as triples in N-Triples, each with one of its quads.

    pySHACL checks the core constraints on the nodes that the quick check does not clear; a store
    answers the queries.
    """
    ready = prepared(base_iri)
    store = Store()
    store.bulk_extend(by_triple.values())
    suspected = index.suspects(ready.shapes)
    suspects = set().union(*suspected.values())
    data = rdflib_graph(by_triple[triple].triple for triple in index.around(suspects))
    core = Graph()
    for shape in suspected:
        core += ready.graph.triples((_node(shape.node), None, None))
    _, results, _ = pyshacl.validate(data, shacl_graph=core, inference="none", inplace=True)
    focus = set(map(_node, suspects))
    for result, node in list(results.subject_objects(SH.focusNode)):
        if node not in focus:  # present only as a value, without its own triples
            results.remove((result, None, None))
    for query in ready.queries:
        for triple in _query_results(query, store):
            results.add(triple)
    return [
        replace(result, remedy=_guess(result.problem, store, base_iri) + result.remedy)
        for result in results_of(results, ready.fixes)
    ]


def _guess(problem: Problem, store: Store, base_iri: str) -> str:
    """A question that suggests the label most similar to an unknown value; "" if none is close."""
    written, scheme = _value(problem, store, base_iri)
    forms = load_vocabulary(base_iri).forms.get(scheme, {})
    labels = {fold(label): label for label in reversed([*forms])}
    near = difflib.get_close_matches(fold(written), labels, 1, _ALIKE)
    if not near or forms[labels[near[0]]] == problem.value:
        return ""
    return f"Did you mean {labels[near[0]]}? "


def _value(problem: Problem, store: Store, base_iri: str) -> tuple[str, str]:
    """The label of the value that the problem is about, and its vocabulary; "" if none."""
    if problem.property.endswith("ontology#unreviewed"):
        node = NamedNode(problem.record)
        label, scheme = (_one(store, node, name) for name in (SKOS.prefLabel, SKOS.inScheme))
        return label, scheme.rpartition("/")[2]
    # the last part of an IRI is the label with hyphens
    words = problem.value.rpartition("/")[2]
    return words, _SCHEMES.get(problem.property.replace(base_iri, BASE_IRI), "")


def _one(store: Store, node: NamedNode, predicate: URIRef) -> str:
    quads = store.quads_for_pattern(node, NamedNode(str(predicate)), None)
    values = [q.object.value for q in quads if isinstance(q.object, NamedNode | Literal)]
    return min(values, default="")


def _node(term: Term) -> Node:
    """A node for rdflib."""
    return BNode(term[2:]) if term.startswith("_:") else URIRef(term[1:-1])


def _query_results(query: Query, store: Store) -> Iterator[tuple[Node, Node, Node]]:
    # each triple is in one graph only, so the union has no duplicates
    solutions = store.query(query.text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    with_value = "value" in {variable.value for variable in solutions.variables}
    for solution in solutions:
        result = BNode()
        yield from ((result, predicate, said) for predicate, said in query.said.items())
        yield result, SH.focusNode, to_rdflib(solution["this"])
        if with_value:
            yield result, SH.value, to_rdflib(solution["value"])


def validate_rdf(path: str | Path) -> tuple[Problem, ...]:
    """The problems of an RDF file, worst first; its named graphs are merged.

    A graph built with another base IRI is checked with that base. The shipped vocabularies are
    added, except for things that the file itself describes. If the file describes a single thing,
    as served by the site, what it points to is not checked. Nothing is loaded from the network.
    """
    path = Path(path)
    try:
        store = read(path)
    except UnreadableRDF as error:
        return error.problems
    named = {quad.subject.value for quad in store}
    typed = list(store.quads_for_pattern(None, RDF_TYPE, None, None))
    classes = [(str(quad.subject)[1:-1], str(quad.object)[1:-1]) for quad in typed]
    base_iri = _base_of(classes)
    if not base_iri:
        return (_nothing_checked(path, classes),)
    excerpt = Excerpt.of(store, base_iri)
    described = {quad.subject for quad in typed}
    for name in ontology.turtle_names():
        quads = parse(ontology.turtle(name, base_iri), RdfFormat.TURTLE)
        store.extend(Quad(*q.triple) for q in quads if q.subject not in described)
    problems = validate_quads(store, base_iri).problems
    ours = (p for p in problems if p.record.removeprefix("_:") in named)
    found = tuple(replace(problem, file=str(path)) for problem in excerpt.checked(ours))
    return found if base_iri == BASE_IRI else (*found, _other_base(path, base_iri))


def _base_of(classes: Iterable[tuple[str, str]]) -> str:
    """The base IRI of the oograph classes used in a file; "" if it uses none.

    ``classes`` pairs each thing with a class. If the base is not oograph's, it is the one with the
    most things that are themselves under it, in the path of their kind.
    """
    bases: Counter[str] = Counter()
    names = {iri.removeprefix(IRIs().ontology) for iri in _our_classes()}
    for thing, kind in classes:
        base, mark, name = kind.rpartition("ontology#")
        if mark and name in names and (base == BASE_IRI or _is_below(base, thing)):
            bases[base] += 1
    return BASE_IRI if BASE_IRI in bases else max(bases, key=bases.__getitem__, default="")


def _is_below(base_iri: str, iri: str) -> bool:
    kind, slash, _ = iri.removeprefix(base_iri).partition("/")
    return iri.startswith(base_iri) and bool(slash) and kind in _KINDS


def _our_classes() -> set[str]:
    targets = map(str, prepared(BASE_IRI).graph.objects(None, SH.targetClass))
    return {iri for iri in targets if iri.startswith(IRIs().ontology)}


def _other_base(path: Path, base_iri: str) -> Problem:
    return Problem(
        "info",
        f"The file was checked as a graph with the base IRI {base_iri}, which is not oograph's.",
        f"If the graph was built with this base, do nothing; otherwise replace it with {BASE_IRI}.",
        file=str(path),
    )


def _nothing_checked(path: Path, classes: Iterable[tuple[str, str]]) -> Problem:
    kinds = sorted({kind for _, kind in classes})
    others = f" and {len(kinds) - 3:,} more" if len(kinds) > 3 else ""
    what = f"Its classes are {', '.join(kinds[:3])}{others}" if kinds else "It states no classes"
    return Problem(
        "warning",
        "Nothing was checked: the file uses no class of the oograph ontology, "
        f"{IRIs().ontology}. {what}.",
        "Describe publications as oo:Publication and so on, or give a file that oograph wrote.",
        file=str(path),
    )
