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
from .description import Description, description_of
from .report import LeftOut
from .runs import (
    Chunk,
    check_written,
    checker,
    chunks,
    run_chunk,
    works_with,
)
from .statements import Statements, write_run
from .survey import Survey, counted, survey

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
    lineage = (
        *dangling(works.ids, catalogue.tombstones),
        *lineage_problems(works.versions(), works.ids, catalogue.tombstones),
    )
    validated = partial(_validated, catalogue, iris, folder, executor, step)
    graph = validated(works)
    while not graph.report.conforms:
        nodes = frozenset(problem.record for problem in graph.report.violations())
        now = LeftOut(graph.report, works_with(nodes, graph.chunks, executor))
        if not now.works:
            raise InvalidVocabulary([*graph.report.violations()])
        left_out.append(now)
        sound = (work for work in works if work.id not in now.ids)
        works = Spool.of(sound, folder.with_name(f"works-{len(left_out)}.db"))
        graph = validated(works)
    known = graph.known.joined(graph.linked)
    counts, of_datasets = counted(known, iris, executor)
    description = description_of(counts, of_datasets, known.node_types(), iris, catalogue.dataset)
    write_run(description.quads, folder / "description.nq")
    return Conforming(
        Statements((*known.statements.paths, folder / "description.nq")),
        description,
        graph.report,
        tuple(left_out),
        (*lineage, *catalogue.problems, *graph.links.problems),
        works,
    )


@dataclass(frozen=True, slots=True)
class _Validated:
    """The graph of some works, which may or may not conform."""

    chunks: Sequence[Chunk]
    #: All statements but those on linksets and links of tables.
    known: Survey
    linked: Statements
    links: Links
    report: Report


def _validated(
    catalogue: Catalogue,
    iris: IRIs,
    folder: Path,
    executor: Executor,
    step: Callable[[str], None],
    works: Spool,
) -> _Validated:
    """Map and validate some works, with everything else that the catalogue gives."""
    step(f"mapping {len(works):,} {plural(len(works), 'work')}")
    tombstones, concepts = catalogue.tombstones, catalogue.concepts
    every = list(chunks(works, catalogue.sources, concepts, iris, folder))
    mapped, linked, of_all = (folder / f"{name}.nq" for name in ("mapped", "linked", "all"))
    written = executor.submit(_write_of_all, works, tombstones, concepts, iris, of_all)
    findings = executor.map(run_chunk, every)
    described = partial(_described, Statements((mapped, linked)))
    with Join(partial(checker, iris.base, concepts), described, folder / "notes.db") as join:
        for number, each in enumerate(findings, 1):
            join.add(each)
            if number % _STEP == 0:
                step(f"mapped and validated {number / len(every):.0%} of the works")
        written.result()
        write_run(vocabulary_quads(iris, concepts), folder / "vocabulary.nq")
        step("sorting and counting statements")
        runs = [*(chunk.run for chunk in every), of_all, folder / "vocabulary.nq"]
        known = survey(runs, mapped, iris, executor)
        classes_of = known.node_types()
        links = links_of(
            catalogue.links, iris.base, lambda iri: bool(classes_of(f"<{iri}>")), concepts
        )
        stated = known.stated(links.links)
        of_sets = record_linkset_quads(stated, iris, catalogue.dataset.licence.iri)
        write_run(chain(linkset_quads(links, iris), of_sets), folder / "linksets.nq")
        linksets = Statements((folder / "linksets.nq",))
        of_tables = [Statements((path,)) for path in _write_links(links, iris, folder)]
        members = Statements(tuple(path for each in of_tables for path in each.paths))
        Statements((*linksets.paths, *members.paths)).write(linked)
        check = partial(check_written, iris.base, concepts)
        tasks = [
            *(partial(check, piece) for piece in Statements((of_all,)).pieces()),
            partial(check, linksets, members, f"{iris.ontology}linkset"),
            *(partial(check, each, linksets) for each in of_tables),
        ]
        for found in executor.map(call, tasks):
            join.add(found)
        return _Validated(every, known, Statements((linked,)), links, join.report(executor))


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


def _described(statements: Statements, documents: Iterable[str]) -> Iterator[ox.Quad]:
    """The quads on some documents and their parts."""
    lines = (
        statement.quad_line
        for document in documents
        for start in (f"{document}>", f"{document}#")
        for statement in statements.with_prefix(start)
    )
    yield from ox.parse("".join(lines), ox.RdfFormat.N_QUADS)
