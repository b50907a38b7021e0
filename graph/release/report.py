"""The report of a release: the problems of its graph, and of what was left out of it.

There are three SHACL reports in one graph. ``{base}report`` is on the graph that is released,
``{base}report#left-out`` says why works are not in it, and ``{base}report#catalogue`` is on the
catalogue's links, versions and tombstones. The last two exist only if they have results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader

from ..iris import IRIs, named_node
from ..model import Problem
from ..rdf.report import report_head, report_with
from ..rdf.results import Report
from . import Release

_COMMENT, _SEE_ALSO = (named_node(name) for name in ("rdfs:comment", "rdfs:seeAlso"))
_LEFT_OUT, _CATALOGUE = (
    ox.Literal(text, language="en")
    for text in (
        "Why works of the catalogue were left out of the release: they break these shapes.",
        "Problems with the links, versions and tombstones of the catalogue.",
    )
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A validation that caused works to be left out."""

    report: Report
    #: The IRI of a node that breaks a shape -> the ids of the works that mention it.
    works: Mapping[str, Collection[str]]

    @property
    def ids(self) -> frozenset[str]:
        """The works that were left out."""
        return frozenset(id for ids in self.works.values() for id in ids)

    def problems(self) -> Iterator[Problem]:
        """The violations of these works, and of other nodes that they mention."""
        return (each for each in self.report.violations() if each.record in self.works)


def report_triples(
    report: Report, left_out: Sequence[LeftOut], catalogue: Sequence[Problem]
) -> Iterator[ox.Triple]:
    """The report on the released graph, on works that were left out, and on the catalogue.

    A result on a work that was left out has the work's id in oo:key.
    """
    base_iri = report.base_iri
    whole = IRIs(base_iri).at("report")
    parts: list[Iterator[ox.Triple]] = []
    if left_out:
        yield _see_also(whole, f"{whole}#left-out")
        parts.append(_of_left_out(f"{whole}#left-out", left_out, base_iri))
    if catalogue:
        yield _see_also(whole, f"{whole}#catalogue")
        parts.append(_of_catalogue(f"{whole}#catalogue", catalogue, base_iri))
    yield from chain(report.triples(), *parts)


def _see_also(whole: str, part: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(whole), _SEE_ALSO, ox.NamedNode(part))


def _of_left_out(part: str, left_out: Sequence[LeftOut], base_iri: str) -> Iterator[ox.Triple]:
    """The violations of works that were left out, as validation reported them."""
    found = [
        (result, works)
        for each in left_out
        for result in each.report.results
        if result.problem.severity == "violation"
        and (works := each.works.get(result.problem.record, ()))
    ]
    nodes = [ox.NamedNode(f"{part}-{number}") for number, _ in enumerate(found, 1)]
    key = ox.NamedNode(f"{IRIs(base_iri).ontology}key")
    yield ox.Triple(ox.NamedNode(part), _COMMENT, _LEFT_OUT)
    yield from report_head(part, False, nodes)
    for node, (result, works) in zip(nodes, found, strict=True):
        yield from result.triples(node, base_iri)
        yield from (ox.Triple(node, key, ox.Literal(work)) for work in sorted(works))


def _of_catalogue(part: str, problems: Sequence[Problem], base_iri: str) -> Iterator[ox.Triple]:
    sound = not any(problem.severity == "violation" for problem in problems)
    # names of files only: readers need not know where the catalogue is
    named = [replace(problem, file=Path(problem.file).name) for problem in problems]
    yield ox.Triple(ox.NamedNode(part), _COMMENT, _CATALOGUE)
    yield from report_with(part, sound, f"{part}-", named, base_iri)


class _Group(NamedTuple):
    """The problems with one message: the first one's remedy, and what is shown of each."""

    remedy: str
    lines: list[tuple[str, str]]


def report_page(release: Release, problems: Iterable[Problem]) -> str:
    """The problems as a page to open from disk: links are IRIs, and no other file is needed."""
    groups: dict[tuple[str, str], _Group] = {}
    for problem in problems:
        group = groups.setdefault((problem.severity, problem.message), _Group(problem.remedy, []))
        group.lines.append((problem.record or Path(problem.file).name, problem.value))
    templates = Environment(loader=PackageLoader("oograph.graph"), autoescape=True)
    return templates.get_template("release-report.html").render(release=release, groups=groups)
