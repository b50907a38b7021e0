"""Results: what validation says of single nodes, and the report that they make up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ... import shapes
from ..iris import IRIs
from ..model import Problem, Severity
from .report import SEVERITIES, new_report

_RANK: dict[Severity, int] = {"violation": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found: the problems, worst first, and the same as a SHACL report."""

    #: True where no problem is a violation.
    conforms: bool
    problems: tuple[Problem, ...]
    #: An sh:ValidationReport without blank nodes.
    graph: Graph


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult."""

    focus: Node
    problem: Problem
    #: The remedy with the concept that was meant, where it can be guessed.
    remedy: str
    #: Every property of the result and its value, in a fixed order.
    said: tuple[tuple[Node, Node], ...]


def results_of(results: Graph, fixes: Mapping[Node, Node]) -> Iterator[Result]:
    """The results of a report's graph; ``fixes`` says what to do about those of a shape."""
    for node in results.subjects(RDF.type, SH.ValidationResult):
        said = tuple(sorted(results.predicate_objects(node)))
        values = dict(said)
        problem = _problem(values, fixes)
        yield Result(values[SH.focusNode], problem, problem.remedy, said)


def _problem(said: Mapping[Node, Node], fixes: Mapping[Node, Node]) -> Problem:
    message = str(said[SH.resultMessage])
    remedy = str(fixes[said[SH.sourceShape]])
    severity = SEVERITIES[said[SH.resultSeverity]]
    focus, path, value = (_text(said.get(each)) for each in (SH.focusNode, SH.resultPath, SH.value))
    return Problem(severity, message, remedy, record=focus, property=path, value=value)


def _text(node: Node | None) -> str:
    """A node as a problem shows it: an IRI or the words alone, "_:" before a blank node."""
    return "" if node is None else f"_:{node}" if isinstance(node, BNode) else str(node)


def report_of(results: Iterable[Result], base_iri: str) -> Report:
    """The results in a fixed order, their blank nodes named after their place in it."""
    ordered = sorted(results, key=_order)
    shown = (replace(result.problem, remedy=result.remedy) for result in ordered)
    problems = tuple(dict.fromkeys(shown))
    conforms = not any(problem.severity == "violation" for problem in problems)
    report, fix = URIRef(IRIs(base_iri).at("report")), URIRef(shapes.fix(base_iri))
    names: dict[Node, URIRef] = {}
    graph = new_report(report, conforms, base_iri)
    for number, result in enumerate(ordered, 1):
        node = URIRef(f"{report}#result-{number}")
        graph.add((report, SH.result, node))
        graph.add((node, fix, Literal(result.problem.remedy, lang="en")))
        for predicate, value in result.said:
            if isinstance(value, BNode) and value not in names:
                names[value] = URIRef(f"{report}#node-{len(names)}")
            graph.add((node, predicate, names.get(value, value)))
    return Report(conforms, problems, graph)


def _order(result: Result) -> tuple[int, str, str, str, str, tuple[tuple[str, str], ...]]:
    """By its problem; what it says tells apart the results that are the same problem."""
    problem, said = result.problem, tuple((str(name), value.n3()) for name, value in result.said)
    rank = _RANK[problem.severity]
    return (rank, problem.record, problem.property, problem.message, problem.value, said)
