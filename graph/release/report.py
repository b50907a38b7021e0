"""The report of a release: what is wrong with its graph, and with what did not get into it.

Three SHACL reports in one graph. ``{base}report`` is on the graph that is released;
``{base}report#left-out`` says why works are not in it; ``{base}report#catalogue`` is on the
catalogue's links, versions and tombstones. The last two are there only where they have results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, PackageLoader
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from ..iris import IRIs
from ..model import Problem
from ..rdf.report import add_problems, new_report
from ..rdf.results import Report
from . import Release

_LEFT_OUT = "Why works of the catalogue are not in the release: they break these shapes."
_CATALOGUE = "What is wrong with the links, versions and tombstones of the catalogue."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A validation because of which works were left out."""

    report: Report
    #: The IRI of a node that breaks a shape -> the ids of the works that mention it.
    works: Mapping[str, Collection[str]]

    @property
    def ids(self) -> frozenset[str]:
        """The works that were left out."""
        return frozenset(id for ids in self.works.values() for id in ids)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with them, or with what only they mention."""
        return tuple(
            problem
            for problem in self.report.problems
            if problem.severity == "violation" and problem.record in self.works
        )


def release_report(
    report: Report, left_out: Sequence[LeftOut], catalogue: Sequence[Problem], base_iri: str
) -> Graph:
    """The report on the released graph, with why works were left out and the catalogue's problems.

    A result on a work that was left out has the work's id in oo:key.
    """
    whole = URIRef(IRIs(base_iri).at("report"))
    graph = new_report(whole, report.conforms, base_iri)
    graph += report.graph
    if left_out:
        part = _part(graph, whole, "left-out", False, _LEFT_OUT)
        _add_left_out(graph, part, left_out, URIRef(f"{IRIs(base_iri).ontology}key"))
    if catalogue:
        sound = not any(problem.severity == "violation" for problem in catalogue)
        part = _part(graph, whole, "catalogue", sound, _CATALOGUE)
        # No more than the names of files: where the catalogue lies is no one else's business.
        named = (replace(problem, file=Path(problem.file).name) for problem in catalogue)
        add_problems(graph, part, f"{part}-", named, base_iri)
    return graph


def _part(graph: Graph, whole: URIRef, name: str, conforms: bool, comment: str) -> URIRef:
    part = URIRef(f"{whole}#{name}")
    graph.add((part, RDF.type, SH.ValidationReport))
    graph.add((part, SH.conforms, Literal(conforms)))
    graph.add((part, RDFS.comment, Literal(comment, lang="en")))
    graph.add((whole, RDFS.seeAlso, part))
    return part


def _add_left_out(graph: Graph, part: URIRef, left_out: Sequence[LeftOut], key: URIRef) -> None:
    """The violations of works that were left out, as validation gave them, under new IRIs."""
    number = 0
    for each in left_out:
        report = each.report.graph
        results = sorted(report.subjects(SH.resultSeverity, SH.Violation), key=str)
        for result in results:
            works = each.works.get(str(report.value(result, SH.focusNode)), ())
            if not works:
                continue
            number += 1
            renamed = URIRef(f"{part}-{number}")
            graph.add((part, SH.result, renamed))
            for predicate, value in report.predicate_objects(result):
                graph.add((renamed, predicate, value))
            for work in works:
                graph.add((renamed, key, Literal(work)))


def report_page(release: Release, problems: Iterable[Problem]) -> str:
    """The problems as a page to open from disk: its links are IRIs, and it needs no other file."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.severity, problem.message), []).append(problem)
    templates = Environment(loader=PackageLoader("oograph.graph"), autoescape=True)
    return templates.get_template("release-report.html").render(release=release, groups=groups)
