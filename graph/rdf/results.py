"""Results: what validation says of single nodes, and the report that they make up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

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
    """What validation found: the problems, worst first, and the results that they are made of."""

    base_iri: str
    #: True where no problem is a violation.
    conforms: bool
    problems: tuple[Problem, ...]
    results: tuple[Result, ...]

    def triples(self) -> Iterator[ox.Triple]:
        """The same as an sh:ValidationReport, without blank nodes."""
        iri = IRIs(self.base_iri).at("report")
        nodes = [ox.NamedNode(f"{iri}#result-{n}") for n, _ in enumerate(self.results, 1)]
        yield from report_head(iri, self.conforms, nodes)
        for node, result in zip(nodes, self.results, strict=True):
            yield from result.triples(node, self.base_iri)


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult."""

    focus: Term
    problem: Problem
    #: The remedy with the concept that was meant, where it can be guessed.
    remedy: str
    #: Every property of the result and its value, in a fixed order.
    said: tuple[tuple[Term, Term], ...]

    def triples(self, node: ox.NamedNode, base_iri: str) -> Iterator[ox.Triple]:
        """What it says under an IRI."""
        lines = "".join(f"{node} {name} {value} .\n" for name, value in self.said)
        yield from (quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES, lenient=True))
        remedy = ox.Literal(self.problem.remedy, language="en")
        yield ox.Triple(node, ox.NamedNode(shapes.fix(base_iri)), remedy)


def results_of(results: Graph, fixes: Mapping[Node, Node]) -> Iterator[Result]:
    """The results of a report's graph; ``fixes`` says what to do about those of a shape."""
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
    """A node as a problem shows it: an IRI or the words alone, "_:" before a blank node."""
    return "" if node is None else f"_:{node}" if isinstance(node, BNode) else str(node)


def report_of(results: Iterable[Result], base_iri: str) -> Report:
    """The results in a fixed order, their blank nodes named after their place in it."""
    names: dict[Term, Term] = {}
    start = f"{IRIs(base_iri).at('report')}#node-"
    ordered = tuple(_named(result, names, start) for result in sorted(results, key=_order))
    shown = (replace(result.problem, remedy=result.remedy) for result in ordered)
    problems = tuple(dict.fromkeys(shown))
    conforms = not any(problem.severity == "violation" for problem in problems)
    return Report(base_iri, conforms, problems, ordered)


def _named(result: Result, names: dict[Term, Term], start: str) -> Result:
    """The result with IRIs in the place of blank nodes, which are added to the names."""
    blank = [value for _, value in result.said if value.startswith("_:")]
    for value in blank:
        names.setdefault(value, f"<{start}{len(names)}>")
    said = tuple((name, names.get(value, value)) for name, value in result.said)
    return replace(result, said=said) if blank else result


def _order(result: Result) -> tuple[int, str, str, str, str, tuple[tuple[Term, Term], ...]]:
    """By its problem; what it says tells apart the results that are the same problem."""
    problem = result.problem
    rank = _RANK[problem.severity]
    return (rank, problem.record, problem.property, problem.message, problem.value, result.said)
