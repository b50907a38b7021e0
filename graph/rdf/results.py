"""Results: the results of validation on single nodes, and the report they form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, groupby, takewhile

import pyoxigraph as ox
from rdflib import RDF, SH, BNode, Graph
from rdflib.term import Node

from ... import shapes
from ..iris import IRIs
from ..model import Problem, Severity
from .prepared import to_oxigraph
from .report import SEVERITIES, report_head
from .suspects import Term

_RANK: dict[Severity, int] = {"violation": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Report:
    """The results of validation, worst first."""

    base_iri: str
    results: Collection[Result]

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation."""
        return next(self.violations(), None) is None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The distinct problems in the results."""
        return tuple(self.each_problem())

    def each_problem(self) -> Iterator[Problem]:
        """The distinct problems one by one, as a large graph may have many."""
        return _problems(self.results)

    def violations(self) -> Iterator[Problem]:
        """The distinct problems that are violations."""
        worst = takewhile(lambda result: result.problem.severity == "violation", self.results)
        return _problems(worst)

    def triples(self) -> Iterator[ox.Triple]:
        """The results as an sh:ValidationReport, without blank nodes."""
        iri = IRIs(self.base_iri).at("report")
        start, number = f"{iri}#result-", len(self.results)
        nodes = (ox.NamedNode(f"{start}{n}") for n in range(1, number + 1))
        yield from report_head(iri, self.conforms, nodes)
        for n, result in enumerate(self.results, 1):
            yield from result.triples(ox.NamedNode(f"{start}{n}"), self.base_iri)


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult."""

    focus: Term
    problem: Problem
    #: The remedy, with a guess at the intended concept if there is one.
    remedy: str
    #: Every property of the result and its value, in a fixed order.
    said: tuple[tuple[Term, Term], ...]

    def triples(self, node: ox.NamedNode, base_iri: str) -> Iterator[ox.Triple]:
        """Its triples, with ``node`` as the subject."""
        lines = "".join(f"{node} {name} {value} .\n" for name, value in self.said)
        yield from (quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES, lenient=True))
        remedy = ox.Literal(self.problem.remedy, language="en")
        yield ox.Triple(node, ox.NamedNode(shapes.fix(base_iri)), remedy)


def results_of(results: Graph, fixes: Mapping[Node, Node]) -> Iterator[Result]:
    """The results in a report's graph; ``fixes`` gives the remedy of each shape."""
    for node in results.subjects(RDF.type, SH.ValidationResult):
        pairs = list(results.predicate_objects(node))
        said = sorted((str(to_oxigraph(name)), str(to_oxigraph(value))) for name, value in pairs)
        problem = _problem(values := dict(pairs), fixes)
        focus = str(to_oxigraph(values[SH.focusNode]))
        yield Result(focus, problem, problem.remedy, tuple(said))


def _problem(said: Mapping[Node, Node], fixes: Mapping[Node, Node]) -> Problem:
    message = str(said[SH.resultMessage])
    remedy = str(fixes[said[SH.sourceShape]])
    severity = SEVERITIES[str(said[SH.resultSeverity])]
    focus, path, value = (_text(said.get(each)) for each in (SH.focusNode, SH.resultPath, SH.value))
    return Problem(severity, message, remedy, record=focus, property=path, value=value)


def _text(node: Node | None) -> str:
    """The text of a node in a problem: the bare IRI or literal, or "_:" and a blank node's name."""
    return "" if node is None else f"_:{node}" if isinstance(node, BNode) else str(node)


def report_of(results: Iterable[Result], base_iri: str) -> Report:
    """The results in a fixed order, with blank nodes named by their position in it."""
    return Report(base_iri, tuple(named(sorted(results, key=in_order), base_iri)))


def named(results: Iterable[Result], base_iri: str) -> Iterator[Result]:
    """The results, in the given order, with IRIs in place of blank nodes."""
    names: dict[Term, Term] = {}
    start = f"{IRIs(base_iri).at('report')}#node-"
    for result in results:
        blank = [value for _, value in result.said if value.startswith("_:")]
        for value in blank:
            names.setdefault(value, f"<{start}{len(names)}>")
        said = tuple((name, names.get(value, value)) for name, value in result.said)
        yield replace(result, said=said) if blank else result


def in_order(result: Result) -> tuple[int, str, str, str, str, str]:
    """The sort key of results: first the problem, so that its results are together, then the rest
    of the result.
    """
    return (*_key(result), "\0".join(chain.from_iterable(result.said)))


def _key(result: Result) -> tuple[int, str, str, str, str]:
    problem = result.problem
    rank = _RANK[problem.severity]
    return rank, problem.record, problem.property, problem.message, problem.value


def _problems(results: Iterable[Result]) -> Iterator[Problem]:
    """The distinct problems of sorted results."""
    for _, same in groupby(results, _key):
        shown = (replace(result.problem, remedy=result.remedy) for result in same)
        yield from dict.fromkeys(shown)
