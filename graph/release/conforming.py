"""Conforming: the graph of a catalogue's works that the shapes let through, as sorted files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from ..catalogue import Catalogue
from ..catalogue.likely import likely_agents
from ..catalogue.tombstones import dangling
from ..errors import InvalidVocabulary
from ..iris import IRIs
from ..model import Problem, Record
from ..rdf.join import Join
from ..rdf.lineage import lineage_problems, lineage_quads
from ..rdf.linksets import link_quads, record_linkset_quads
from ..rdf.mapping import vocabulary_quads
from ..rdf.provenance import likely_quads
from ..rdf.results import Report
from ..vocabulary.gazetteer import load_gazetteer
from ..vocabulary.links import links_of
from .counts import Classes, types_of
from .description import Description, description_of
from .report import LeftOut
from .runs import Chunk, checker, chunks, run_chunk, works_with
from .statements import Statements, write_run
from .survey import counted, survey

#: Chunks between two lines of progress.
_STEP = 10


@dataclass(frozen=True, slots=True)
class Conforming:
    """The graph to release, and what there is to report."""

    #: With those of the description.
    statements: Statements
    description: Description
    report: Report
    left_out: tuple[LeftOut, ...]
    #: What is wrong with links, versions and tombstones.
    catalogue: tuple[Problem, ...]
    #: The works that are in it.
    works: tuple[Record, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, those that cost a work first."""
        lost = (problem for each in self.left_out for problem in each.problems)
        return (*lost, *self.catalogue, *self.report.problems)


def conforming(
    catalogue: Catalogue,
    iris: IRIs,
    folder: Path,
    executor: Executor,
    step: Callable[[str], None],
) -> Conforming:
    """The graph of the works that conform, its files in a folder of its own.

    Leaving works out may break others, which then are left out in the next round. Raises
    InvalidVocabulary where it is no work that breaks a shape.
    """
    left_out: list[LeftOut] = []
    works, tombstones = catalogue.works, catalogue.tombstones
    lineage = (*dangling(works, tombstones), *lineage_problems(works, tombstones))
    while True:
        step(f"mapping {len(works):,} works")
        every = list(chunks(replace(catalogue, works=works), iris, folder))
        findings = executor.map(run_chunk, every)
        of_all = list(_of_all(works, catalogue, iris))
        mapped, linked = Statements((folder / "mapped.nq",)), Statements((folder / "linked.nq",))
        statements = Statements((*mapped.paths, *linked.paths))
        with Join(checker(iris.base), partial(_described, statements)) as join:
            for number, each in enumerate(findings, 1):
                join.add(each)
                if number % _STEP == 0:
                    step(f"{number / len(every):.0%} of the works are mapped and validated")
            write_run(of_all, folder / "all.nq")
            runs = [*(chunk.run for chunk in every), folder / "all.nq"]
            step("sorting and counting the statements")
            known = survey(runs, mapped.paths[0], iris, executor)
            is_known = partial(_is_known, known.node_types({}))
            links = links_of(catalogue.links, iris.base, is_known)
            links_and_sets = list(link_quads(links, iris))
            links_and_sets += record_linkset_quads(known.stated(links.links), iris)
            write_run(links_and_sets, *linked.paths)
            join.add(checker(iris.base).check([*of_all, *links_and_sets]))
            report = join.report()
        if report.conforms:
            types = types_of(linked)
            counts, described = counted(statements, known, types, iris, executor)
            description = description_of(counts, described, known.node_types(types), iris)
            write_run(description.quads, folder / "description.nq")
            return Conforming(
                Statements((*statements.paths, folder / "description.nq")),
                description,
                report,
                tuple(left_out),
                (*lineage, *catalogue.problems, *links.problems),
                works,
            )
        now = LeftOut(report, _at_fault(report, every, executor))
        if not now.works:
            raise InvalidVocabulary([p for p in report.problems if p.severity == "violation"])
        left_out.append(now)
        works = tuple(work for work in works if work.id not in now.ids)


def _of_all(works: Sequence[Record], catalogue: Catalogue, iris: IRIs) -> Iterator[ox.Quad]:
    """What is said of the vocabularies, and what takes all works to say."""
    yield from vocabulary_quads(iris)
    yield from lineage_quads(works, catalogue.tombstones, iris)
    yield from likely_quads(likely_agents(works, load_gazetteer(iris.base)), iris)


def _is_known(classes_of: Classes, iri: str) -> bool:
    return bool(classes_of(f"<{iri}>"))


def _described(statements: Statements, documents: Iterable[str]) -> Iterator[ox.Quad]:
    """What is said of some documents and their parts."""
    lines = (
        statement.quad_line
        for document in documents
        for start in (f"{document}>", f"{document}#")
        for statement in statements.with_prefix(start)
    )
    yield from ox.parse("".join(lines), ox.RdfFormat.N_QUADS)


def _at_fault(report: Report, every: Sequence[Chunk], executor: Executor) -> dict[str, list[str]]:
    """The nodes that break a shape, each with the ids of the works whose statements mention it."""
    nodes = {problem.record for problem in report.problems if problem.severity == "violation"}
    return works_with(frozenset(nodes), every, executor)
