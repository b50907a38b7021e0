"""Reports: problems as text for a terminal, as JSON, or as a SHACL validation report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import IO

import pyoxigraph as ox

from ... import shapes
from ...ontology import BASE_IRI, PREFIXES, prefixes
from ..iris import RDF_TYPE, IRIs, node_of
from ..model import Problem, Severity
from ..numbers import counted

#: SHACL's severities and our names for them, worst first.
SEVERITIES: Mapping[str, Severity] = {
    PREFIXES.expand("sh:Violation"): "violation",
    PREFIXES.expand("sh:Warning"): "warning",
    PREFIXES.expand("sh:Info"): "info",
}


#: What people read of each severity.
_NOUNS: Mapping[Severity, str] = {"violation": "violation", "warning": "warning", "info": "hint"}


def as_text(problems: Sequence[Problem]) -> str:
    """The problems as text for a terminal: two or three lines each, and a summary."""
    number = Counter(problem.severity for problem in problems)
    last = in_numbers(number) if problems else "No problems found."
    return "\n\n".join([*_blocks(problems), last]) + "\n"


def as_blocks(problems: Iterable[Problem]) -> str:
    """The problems as text, without the summary."""
    return "\n\n".join(_blocks(problems)) + "\n"


def in_numbers(severities: Mapping[Severity, int]) -> str:
    """The number of problems of each severity, in words.

    >>> in_numbers({"warning": 1})
    '0 violations, 1 warning, 0 hints'
    """
    return ", ".join(counted(severities.get(each, 0), noun) for each, noun in _NOUNS.items())


def _blocks(problems: Iterable[Problem]) -> list[str]:
    return [
        "\n".join(
            [
                f"{_NOUNS[problem.severity]:<10} {_where(problem)}".rstrip(),
                f"           {problem.message}",
                *([f"           Fix: {problem.remedy}"] if problem.remedy else []),
            ]
        )
        for problem in problems
    ]


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


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON list of objects with the field names of Problem."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def as_report(problems: Collection[Problem], base_iri: str = BASE_IRI) -> str:
    """The problems as an sh:ValidationReport in Turtle."""
    iri = IRIs(base_iri).at("report")
    conforms = not any(problem.severity == "violation" for problem in problems)
    triples = report_with(iri, conforms, f"{iri}#result-", problems, base_iri)
    write_report(triples, file := BytesIO(), base_iri)
    return file.getvalue().decode()


def report_with(
    report: str, conforms: bool, start: str, problems: Collection[Problem], base_iri: str
) -> Iterator[ox.Triple]:
    """A report with the problems as results, whose IRIs are ``start`` and a number.

    A problem in a source file has oo:file, oo:line and oo:key instead of sh:focusNode, and the
    field's name in oo:fieldName instead of sh:resultPath.
    """
    nodes = [ox.NamedNode(f"{start}{number}") for number, _ in enumerate(problems, 1)]
    yield from report_head(report, conforms, nodes)
    oo, fix = IRIs(base_iri).ontology, ox.NamedNode(shapes.fix(base_iri))
    severities = {name: node for node, name in SEVERITIES.items()}
    for node, problem in zip(nodes, problems, strict=True):
        said: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal | None]] = [
            (RDF_TYPE, _sh("ValidationResult")),
            (_sh("resultSeverity"), ox.NamedNode(severities[problem.severity])),
            (_sh("resultMessage"), ox.Literal(problem.message, language="en")),
            (fix, ox.Literal(problem.remedy, language="en") if problem.remedy else None),
            _iri_or(_sh("focusNode"), ox.NamedNode(f"{oo}key"), problem.record),
            _iri_or(_sh("resultPath"), ox.NamedNode(f"{oo}fieldName"), problem.property),
            (_sh("value"), ox.Literal(problem.value) if problem.value else None),
            (ox.NamedNode(f"{oo}file"), ox.Literal(problem.file) if problem.file else None),
            (ox.NamedNode(f"{oo}line"), ox.Literal(problem.line) if problem.line else None),
        ]
        yield from (ox.Triple(node, name, value) for name, value in said if value is not None)


def _iri_or(
    property: ox.NamedNode, otherwise: ox.NamedNode, text: str
) -> tuple[ox.NamedNode, ox.NamedNode | ox.Literal | None]:
    """``text`` as an IRI with ``property``, or as a literal with ``otherwise``."""
    if node := node_of(text):
        return property, node
    return otherwise, ox.Literal(text) if text else None


def report_head(
    report: str, conforms: bool, results: Iterable[ox.NamedNode]
) -> Iterator[ox.Triple]:
    """The report's own triples, with links to its results."""
    node = ox.NamedNode(report)
    yield ox.Triple(node, RDF_TYPE, _sh("ValidationReport"))
    yield ox.Triple(node, _sh("conforms"), ox.Literal(conforms))
    yield from (ox.Triple(node, _sh("result"), result) for result in results)


def write_report(triples: Iterable[ox.Triple], file: IO[bytes], base_iri: str) -> None:
    """Write reports as Turtle, in the order of the triples."""
    names = {**prefixes(base_iri), "oosh": shapes.namespace(base_iri)}
    ox.serialize(triples, file, ox.RdfFormat.TURTLE, prefixes=names)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{PREFIXES['sh']}{name}")


#: The formats of ``oograph validate --format``.
FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "json": as_json,
    "text": as_text,
    "turtle": as_report,
}
