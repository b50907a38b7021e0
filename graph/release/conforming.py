"""Conforming: the graph of a catalogue's works that the shapes let through, as sorted files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from ..catalogue import Catalogue
from ..catalogue.likely import likely_agents
from ..catalogue.spool import Spool
from ..catalogue.tombstones import dangling
from ..errors import InvalidVocabulary
from ..iris import IRIs
from ..model import Problem
from ..rdf.join import Join
from ..rdf.lineage import lineage_problems, lineage_quads
from ..rdf.linksets import link_quads, record_linkset_quads
from ..rdf.mapping import vocabulary_quads
from ..rdf.provenance import likely_quads
from ..rdf.results import Report
from ..vocabulary.gazetteer import load_gazetteer
from ..vocabulary.links import links_of
from .counts import Classes
from .description import Description, description_of
from .report import LeftOut
from .runs import Chunk, check_statements, checker, chunks, run_chunk, works_with
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
    works: Spool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, those that cost a work first."""
        lost = (problem for each in self.left_out for problem in each.problems)
        return (*lost, *self.catalogue, *self.report.problems)


def conforming(
    catalogue: Catalogue,
    works: Spool,
    iris: IRIs,
    folder: Path,
    executor: Executor,
    step: Callable[[str], None],
) -> Conforming:
    """The graph of those of the works that conform, its files in a folder of its own.

    The catalogue says all but the works. Leaving works out may break others, which then are left
    out in the next round. Raises InvalidVocabulary where it is no work that breaks a shape.
    """
    left_out: list[LeftOut] = []
    tombstones = catalogue.tombstones
    headings = tuple(works.headings())
    lineage = (*dangling(headings, tombstones), *lineage_problems(headings, tombstones))
    while True:
        step(f"mapping {len(works):,} work{'s' * (len(works) != 1)}")
        every = list(chunks(works, catalogue.sources, iris, folder))
        findings = executor.map(run_chunk, every)
        likely = likely_agents(works, load_gazetteer(iris.base))
        lineages = lineage_quads(headings, tombstones, iris)
        of_all = chain(lineages, vocabulary_quads(iris), likely_quads(likely, iris))
        write_run(of_all, folder / "all.nq")
        mapped, linked = Statements((folder / "mapped.nq",)), Statements((folder / "linked.nq",))
        statements = Statements((*mapped.paths, *linked.paths))
        described, notes = partial(_described, statements), folder / "notes.db"
        with Join(partial(checker, iris.base), described, notes) as join:
            for number, each in enumerate(findings, 1):
                join.add(each)
                if number % _STEP == 0:
                    step(f"{number / len(every):.0%} of the works are mapped and validated")
            runs = [*(chunk.run for chunk in every), folder / "all.nq"]
            step("sorting and counting the statements")
            known = survey(runs, mapped.paths[0], iris, executor)
            is_known = partial(_is_known, known.node_types())
            links = links_of(catalogue.links, iris.base, is_known)
            own = known.stated(links.links)
            of_sets = record_linkset_quads(own, iris, catalogue.dataset.licence.iri)
            write_run(chain(link_quads(links, iris), of_sets), *linked.paths)
            # a linkset and all its links are one document, which no piece may have a part of
            others = Statements((folder / "all.nq", *linked.paths))
            join.add(executor.submit(check_statements, iris.base, others).result())
            report = join.report(executor)
        if report.conforms:
            known = known.joined(linked)
            counts, of_datasets = counted(known, iris, executor)
            description = description_of(
                counts, of_datasets, known.node_types(), iris, catalogue.dataset
            )
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
        sound = (work for work in works if work.id not in now.ids)
        works = Spool.of(sound, folder.with_name(f"works-{len(left_out)}.db"))
        headings = tuple(works.headings())


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
