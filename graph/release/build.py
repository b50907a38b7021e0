"""Build: from a catalogue to a release, all steps in turn, put in place in one."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from pathlib import Path

import pyoxigraph as ox

from ... import shapes
from ...ontology import BASE_IRI
from ..catalogue import Catalogue
from ..catalogue.likely import likely_agents
from ..catalogue.tombstones import dangling
from ..errors import InvalidVocabulary, NoRelease
from ..iris import RDF_TYPE, IRIs
from ..model import Problem, Record, Tombstone
from ..rdf.lineage import lineage_problems, lineage_quads
from ..rdf.linksets import link_quads, record_linkset_quads
from ..rdf.mapping import Mapper, likely_quads
from ..rdf.validate import Report, validate_quads
from ..vocabulary import Vocabulary, load_vocabulary
from ..vocabulary.links import links_of
from ..vocabulary.scope import is_out_of_scope
from . import Release, kept_releases, open_release, write_facts
from .changes import write_changes
from .description import describe, description_quads
from .dumps import write_dumps
from .inputs import digest_of_inputs
from .placing import is_settled, put_in_place, writing
from .records import RECORDS, write_records
from .report import LeftOut, release_report, report_page
from .search_index import NAMES, write_names
from .statements import Statement, each_triple, in_order, typing
from .tables import write_tables
from .works_index import WORKS, write_works

__all__ = [
    "Build",
    "build",
]


@dataclass(frozen=True, slots=True)
class Build:
    """What a build came to: the release, what validation said, whether it was made anew."""

    release: Release
    problems: tuple[Problem, ...]
    fresh: bool


def build(
    catalogue_folder: Path,
    out: Path,
    base_iri: str = BASE_IRI,
    step: Callable[[str], None] = lambda text: None,
) -> Build:
    """Make a release of the catalogue in ``out``, unless the newest there is of the same inputs.

    ``step`` gets a line of progress. Records that break a shape are left out and reported. Raises
    BrokenCatalogue where the catalogue cannot be read, InvalidVocabulary, ReleaseLocked where
    another build writes in ``out``, and UnwritableRelease.
    """
    with _without_collection():
        return _build(catalogue_folder, out, base_iri, step)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep Python from looking for cycles: there are millions of objects and next to no cycles.

    It saves a sixth of a build's processor time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _build(catalogue_folder: Path, out: Path, base_iri: str, step: Callable[[str], None]) -> Build:
    inputs = digest_of_inputs(catalogue_folder, base_iri)
    current = out / "current"
    before = _newest(current)
    if before and before.inputs == inputs and is_settled(out):
        return Build(before, (), fresh=False)
    catalogue = Catalogue.read(catalogue_folder)
    catalogue = _in_scope(catalogue, load_vocabulary(base_iri))
    step(f"mapping {len(catalogue.works)} works")
    sound = _sound(catalogue, IRIs(base_iri), step)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(_now()))
    step(f"writing {len(sound.statements):,} statements")
    with writing(out) as scratch:
        before = _newest(current)
        folder = scratch / "release"
        sha256 = write_dumps(sound.statements, folder / "dumps", IRIs(base_iri))
        version = f"{moment[:10]}-{sha256[:12]}"
        release = Release(
            folder=out / version,
            version=version,
            date=moment[:10],
            base_iri=base_iri,
            sha256=sha256,
            inputs=inputs,
            quads=len(sound.statements),
            triples=sum(1 for _ in each_triple(sound.statements)),
            classes=_classes(sound.statements, IRIs(base_iri)),
            quarantined=tuple(sorted(id for each in sound.left_out for id in each.ids)),
            before=_before(before, version),
        )
        _fill(folder, release, sound)
        lines = (statement.line for statement in each_triple(sound.statements))
        write_changes(folder, release, before, moment, lines)
        put_in_place(folder.rename(scratch / version), out)
        _prune(open_release(current), scratch)
    return Build(open_release(current), sound.problems, fresh=True)


def _in_scope(catalogue: Catalogue, vocabulary: Vocabulary) -> Catalogue:
    """The catalogue with the works to publish; of the others tombstones, for they may have been."""
    outside = {work.id for work in catalogue.works if is_out_of_scope(work, vocabulary)}
    stones = (Tombstone(id, reason="Out of scope.") for id in sorted(outside))
    return replace(
        catalogue,
        works=tuple(work for work in catalogue.works if work.id not in outside),
        tombstones=(*catalogue.tombstones, *stones),
    )


def _before(before: Release | None, version: str) -> str:
    """The version before; of a graph that is released anew, the one that it had."""
    if before is None:
        return ""
    return before.before if before.version == version else before.version


def _prune(release: Release, scratch: Path) -> None:
    """Take away all releases but this one and the one before it."""
    for other in kept_releases(release):
        if other.version not in (release.version, release.before):
            other.folder.rename(scratch / other.folder.name)


def _newest(current: Path) -> Release | None:
    try:
        return open_release(current)
    except NoRelease:
        return None


@dataclass(frozen=True, slots=True)
class _Sound:
    """The graph to release, and what there is to report."""

    #: With the description of the dataset.
    statements: Sequence[Statement]
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


def _sound(catalogue: Catalogue, iris: IRIs, step: Callable[[str], None]) -> _Sound:
    """The graph of the works that conform.

    Leaving works out may break others, which then are left out in the next round.
    """
    vocabulary = load_vocabulary(iris.base)
    left_out: list[LeftOut] = []
    works, tombstones = catalogue.works, catalogue.tombstones
    lineage = (*dangling(works, tombstones), *lineage_problems(works, tombstones))
    while True:
        mapper = Mapper.of(works, iris, vocabulary, catalogue.sources)
        quads_of = {work.id: list(mapper.quads(work)) for work in works}
        quads = set(chain(mapper.vocabulary_quads(), *quads_of.values()))
        links = links_of(catalogue.links, iris.base, _things(quads).__contains__)
        quads.update(list(record_linkset_quads(quads, links.links, iris)))
        quads.update(link_quads(links, iris), lineage_quads(works, tombstones, iris))
        quads.update(likely_quads(likely_agents(works, mapper.gazetteer), iris))
        step(f"validating {len(quads):,} statements")
        report = validate_quads(quads, iris.base)
        if report.conforms:
            problems = (*lineage, *catalogue.problems, *links.problems)
            return _Sound(_described(quads, iris), report, tuple(left_out), problems, tuple(works))
        broken = [p for p in report.problems if p.severity == "violation"]
        now = LeftOut(report, _at_fault(broken, quads_of))
        if not now.works:
            raise InvalidVocabulary(broken)
        left_out.append(now)
        works = tuple(work for work in works if work.id not in now.ids)


def _described(quads: Iterable[ox.Quad], iris: IRIs) -> list[Statement]:
    """The statements, with those that describe them all."""
    statements = in_order(quads)
    statements += in_order(description_quads(statements, iris))
    statements.sort(key=itemgetter(0, 1))
    return statements


def _things(quads: Iterable[ox.Quad]) -> set[str]:
    """The IRIs of everything that has a class."""
    typed = (quad.subject for quad in quads if quad.predicate == RDF_TYPE)
    return {node.value for node in typed if isinstance(node, ox.NamedNode)}


def _at_fault(
    broken: Iterable[Problem], quads_of: Mapping[str, Iterable[ox.Quad]]
) -> dict[str, list[str]]:
    """The nodes that break a shape, each with the ids of the works whose statements mention it."""
    nodes = {ox.NamedNode(problem.record) for problem in broken}
    works_of: dict[str, list[str]] = {}
    for work, quads in quads_of.items():
        for node in nodes & {term for quad in quads for term in (quad.subject, quad.object)}:
            works_of.setdefault(node.value, []).append(work)
    return works_of


def _fill(folder: Path, release: Release, sound: _Sound) -> None:
    """Everything but the dumps, which are there already."""
    write_works((each.quad for each in sound.statements), folder / WORKS, IRIs(release.base_iri))
    write_tables(sound.works, folder, release)
    write_records(sound.works, folder / RECORDS)
    write_names((each.quad for each in sound.statements), folder / NAMES, IRIs(release.base_iri))
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(each.quad for each in sound.statements)
    store.optimize()
    store.flush()
    del store
    write_facts(release, folder)
    _write(folder / "void.ttl", describe(release, sound.statements))
    _write(folder / "shapes.ttl", shapes.turtle(release.base_iri))
    report = release_report(sound.report, sound.left_out, sound.catalogue, release.base_iri)
    _write(folder / "report.ttl", report.serialize(format="turtle"))
    _write(folder / "report.html", report_page(release, sound.problems))


def _now() -> float:
    """Seconds since 1970; SOURCE_DATE_EPOCH, the convention of reproducible builds, decides."""
    return float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _classes(statements: Iterable[Statement], iris: IRIs) -> dict[str, int]:
    """How many things there are of each of our classes, by the class's local name."""
    things = {
        (quad.subject, quad.object.value.removeprefix(iris.ontology))
        for quad in typing(statements)
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(iris.ontology)
    }
    return dict(sorted(Counter(name for _, name in things).items()))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
