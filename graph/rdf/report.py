"""Reports: problems as text for a terminal, as JSON, and as a SHACL validation report."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ... import shapes
from ...ontology import BASE_IRI, PREFIXES
from ..iris import IRIs
from ..model import Problem, Severity

#: SHACL's severities and our names for them, worst first.
SEVERITIES: Mapping[Node | None, Severity] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


def as_text(problems: Sequence[Problem]) -> str:
    """The problems to read in a terminal: two or three lines each, and their number."""
    blocks = [
        "\n".join(
            [
                f"{problem.severity:<10} {_where(problem)}".rstrip(),
                f"           {problem.message}",
                *([f"           Fix: {problem.remedy}"] if problem.remedy else []),
            ]
        )
        for problem in problems
    ]
    return "\n\n".join([*blocks, _counts(problems)]) + "\n"


def _where(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    value = problem.value if len(problem.value) <= 60 else f"{problem.value[:59]}…"
    parts = (
        place,
        problem.record,
        PREFIXES.compress(problem.property),
        f"“{value}”" if value else "",
    )
    return "  ".join(part for part in parts if part)


def _counts(problems: Collection[Problem]) -> str:
    if not problems:
        return "No problems found."
    number = Counter(problem.severity for problem in problems)
    nouns: dict[Severity, str] = {"violation": "violation", "warning": "warning", "info": "hint"}
    return ", ".join(
        f"{number[severity]} {noun}{'' if number[severity] == 1 else 's'}"
        for severity, noun in nouns.items()
    )


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON list of objects with the names of Problem's fields."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def as_report(problems: Collection[Problem], base_iri: str = BASE_IRI) -> str:
    """The problems as an sh:ValidationReport in Turtle."""
    report = URIRef(IRIs(base_iri).at("report"))
    conforms = not any(problem.severity == "violation" for problem in problems)
    graph = new_report(report, conforms, base_iri)
    add_problems(graph, report, f"{report}#result-", problems, base_iri)
    return graph.serialize(format="turtle")


def add_problems(
    graph: Graph, report: URIRef, start: str, problems: Iterable[Problem], base_iri: str
) -> None:
    """Add the problems to a report in a graph, as results whose IRIs are ``start`` and a number.

    A problem of a source file has oo:file, oo:line and oo:key where one of a graph has
    sh:focusNode, and the field's name in oo:fieldName where that has sh:resultPath.
    """
    oo, fix = Namespace(IRIs(base_iri).ontology), URIRef(shapes.fix(base_iri))
    severities = {name: node for node, name in SEVERITIES.items() if node is not None}
    for number, problem in enumerate(problems, 1):
        result = URIRef(f"{start}{number}")
        said: list[tuple[Node, Node | None]] = [
            (RDF.type, SH.ValidationResult),
            (SH.resultSeverity, severities[problem.severity]),
            (SH.resultMessage, Literal(problem.message, lang="en")),
            (fix, Literal(problem.remedy, lang="en") if problem.remedy else None),
            _iri_or(SH.focusNode, oo.key, problem.record),
            _iri_or(SH.resultPath, oo.fieldName, problem.property),
            (SH.value, Literal(problem.value) if problem.value else None),
            (oo.file, Literal(problem.file) if problem.file else None),
            (oo.line, Literal(problem.line) if problem.line else None),
        ]
        graph.add((report, SH.result, result))
        for predicate, value in said:
            if value is not None:
                graph.add((result, predicate, value))


def _iri_or(predicate: Node, otherwise: Node, text: str) -> tuple[Node, Node | None]:
    """``text`` as an IRI with the one property, or as words with the other."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text):
        return predicate, URIRef(text)
    return otherwise, Literal(text) if text else None


def new_report(report: URIRef, conforms: bool, base_iri: str) -> Graph:
    """A report without results."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.bind("oosh", shapes.namespace(base_iri))
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(conforms)))
    return graph


#: The formats of ``oograph validate --format``.
FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "json": as_json,
    "text": as_text,
    "turtle": as_report,
}
