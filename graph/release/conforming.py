"""Conforming: the graph of the works that conform to the shapes, as sorted files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import call
from pathlib import Path

import pyoxigraph as ox

from ..catalogue import Catalogue
from ..catalogue.spool import Spool
from ..catalogue.tombstones import dangling
from ..errors import InvalidVocabulary
from ..iris import IRIs, Minter
from ..model import Problem, Tombstone
from ..numbers import plural
from ..rdf.join import Join
from ..rdf.lineage import lineage_problems, lineage_quads
from ..rdf.linksets import link_quads, linkset_quads, record_linkset_quads
from ..rdf.mapping import vocabulary_quads
from ..rdf.provenance import likely_quads
from ..rdf.results import Report
from ..resolution.likely import likely_agents
from ..vocabulary.gazetteer import load_gazetteer
from ..vocabulary.links import Links, links_of
from .counts import Classes
from .description import Description, description_of
from .report import LeftOut
from .runs import (
    Chunk,
    check_links,
    check_linksets,
    check_statements,
    checker,
    chunks,
    run_chunk,
    works_with,
)
from .statements import Statements, write_run
from .survey import counted, survey

#: Links of tables validated at a time.
_LINKS = 5_000
#: Chunks between two lines of progress.
_STEP = 10


@dataclass(frozen=True, slots=True)
class Conforming:
    """The graph to release, and the problems to report."""

    #: Including those of the description.
    statements: Statements
    description: Description
    report: Report
    left_out: tuple[LeftOut, ...]
    #: The problems of links, versions and tombstones.
    catalogue: tuple[Problem, ...]
    #: The works in the graph.
    works: Spool

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems of works that were left out, and of the catalogue."""
        lost = chain.from_iterable(each.problems() for each in self.left_out)
        return (*lost, *self.catalogue)

    def problems(self) -> Iterator[Problem]:
        """All problems, starting with those of works that were left out."""
        return chain(self.refused, self.report.each_problem())


def conforming(
    catalogue: Catalogue,
    works: Spool,
    iris: IRIs,
    folder: Path,
    executor: Executor,
    step: Callable[[str], None],
) -> Conforming:
    """The graph of the works that conform, whose files go to ``folder``.

    The catalogue gives everything but the works. Leaving works out may break others, which are
    left out in the next round. Raises InvalidVocabulary if something other than a work breaks a
    shape.
    """
    left_out: list[LeftOut] = []
    tombstones, concepts = catalogue.tombstones, catalogue.concepts
    lineage = (
        *dangling(works.ids, tombstones),
        *lineage_problems(works.versions(), works.ids, tombstones),
    )
    while True:
        step(f"mapping {len(works):,} {plural(len(works), 'work')}")
        every = list(chunks(works, catalogue.sources, concepts, iris, folder))
        of_all = Statements((folder / "all.nq",))
        written = executor.submit(_write_of_all, works, tombstones, concepts, iris, *of_all.paths)
        findings = executor.map(run_chunk, every)
        mapped, linked = Statements((folder / "mapped.nq",)), Statements((folder / "linked.nq",))
        statements = Statements((*mapped.paths, *linked.paths))
        described, notes = partial(_described, statements), folder / "notes.db"
        with Join(partial(checker, iris.base, concepts), described, notes) as join:
            for number, each in enumerate(findings, 1):
                join.add(each)
                if number % _STEP == 0:
                    step(f"mapped and validated {number / len(every):.0%} of the works")
            written.result()
            write_run(vocabulary_quads(iris, concepts), folder / "vocabulary.nq")
            runs = [*(chunk.run for chunk in every), *of_all.paths, folder / "vocabulary.nq"]
            step("sorting and counting statements")
            known = survey(runs, mapped.paths[0], iris, executor)
            is_known = partial(_is_known, known.node_types())
            links = links_of(catalogue.links, iris.base, is_known, concepts)
            own = known.stated(links.links)
            of_sets = record_linkset_quads(own, iris, catalogue.dataset.licence.iri)
            linksets = folder / "linksets.nq"
            write_run(chain(linkset_quads(links, iris), of_sets), linksets)
            linked_runs = tuple(_write_links(links, iris, folder))
            Statements((linksets, *linked_runs)).write(*linked.paths)
            beside = (iris.base, concepts)
            tasks = [
                *(partial(check_statements, *beside, piece) for piece in of_all.pieces()),
                partial(check_linksets, *beside, linksets, linked_runs),
                *(partial(check_links, *beside, linksets, run) for run in linked_runs),
            ]
            for found in executor.map(call, tasks):
                join.add(found)
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
            raise InvalidVocabulary([*report.violations()])
        left_out.append(now)
        sound = (work for work in works if work.id not in now.ids)
        works = Spool.of(sound, folder.with_name(f"works-{len(left_out)}.db"))


def _write_of_all(
    works: Spool,
    tombstones: Sequence[Tombstone],
    own: tuple[str, ...],
    iris: IRIs,
    path: Path,
) -> None:
    """Write the run of statements that span works: versions, and likely identical persons."""
    likely = likely_agents(works, load_gazetteer(iris.base, own))
    lineage = lineage_quads(works.versions(), works.ids, tombstones, iris)
    write_run(chain(lineage, likely_quads(likely, iris)), path)


def _write_links(links: Links, iris: IRIs, folder: Path) -> Iterator[Path]:
    """Write the links of tables as runs of at most ``_LINKS`` each."""
    minter = Minter()
    for start in range(0, len(links.links), _LINKS):
        path = folder / f"links-{start}.nq"
        write_run(link_quads(links.links[start : start + _LINKS], iris, minter), path)
        yield path


def _is_known(classes_of: Classes, iri: str) -> bool:
    return bool(classes_of(f"<{iri}>"))


def _described(statements: Statements, documents: Iterable[str]) -> Iterator[ox.Quad]:
    """The quads on some documents and their parts."""
    lines = (
        statement.quad_line
        for document in documents
        for start in (f"{document}>", f"{document}#")
        for statement in statements.with_prefix(start)
    )
    yield from ox.parse("".join(lines), ox.RdfFormat.N_QUADS)


def _at_fault(report: Report, every: Sequence[Chunk], executor: Executor) -> dict[str, list[str]]:
    """The nodes that break a shape, each with the ids of the works whose statements mention it."""
    nodes = {problem.record for problem in report.violations()}
    return works_with(frozenset(nodes), every, executor)
