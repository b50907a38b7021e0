"""Build: from a catalogue to a release, all steps in turn, put in place in one."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader

from ... import __version__, shapes
from ...ontology import (
    BASE_IRI,
    context,
    disambiguation,
    link_table,
    link_table_names,
    turtle,
    turtle_names,
)
from ..catalogue import Catalogue
from ..catalogue.agents import likely_agents
from ..catalogue.tombstones import dangling
from ..errors import InvalidVocabulary, NoRelease
from ..files import new_folder
from ..iris import RDF_TYPE, IRIs
from ..model import Problem, Record, Tombstone
from ..rdf.lineage import lineage_problems, lineage_quads
from ..rdf.linksets import link_quads, record_linkset_quads
from ..rdf.mapping import Mapper, likely_quads
from ..rdf.validate import Report, validate_quads
from ..vocabulary import load_vocabulary
from ..vocabulary.links import read_links
from . import Release, kept, open_release, write_facts
from .changes import write_changes
from .description import describe, description_quads
from .dumps import sorted_triples, write_dumps
from .records import RECORDS, write_records
from .release_report import LeftOut, release_report
from .search_index import NAMES, write_names
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

    ``step`` is told what begins. Records that break a shape are left out and reported. Raises
    BrokenCatalogue where the catalogue cannot be read, and InvalidVocabulary.
    """
    inputs = _inputs(catalogue_folder, base_iri)
    current = out / "current"
    before = _newest(current)
    if before and before.inputs == inputs:
        return Build(before, (), fresh=False)
    catalogue = Catalogue.read(catalogue_folder)
    works = catalogue.works
    step(f"mapping {len(works)} works")
    sound = _sound(works, catalogue.tombstones, catalogue_folder / "links", IRIs(base_iri), step)
    quads = sound.quads
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(_now()))
    date = moment[:10]
    with new_folder(out) as folder:
        step(f"writing {len(quads):,} statements")
        sha256 = write_dumps(quads, folder / "dumps", IRIs(base_iri))
        version = f"{date}-{sha256[:12]}"
        release = Release(
            folder=out / version,
            version=version,
            date=date,
            base_iri=base_iri,
            sha256=sha256,
            inputs=inputs,
            quads=len(quads),
            triples=sum(1 for _ in sorted_triples(quads)),
            classes=_classes(quads, IRIs(base_iri)),
            quarantined=tuple(sorted(id for each in sound.left_out for id in each.ids)),
            before=_before(before, version),
        )
        _fill(folder, release, sound)
        write_changes(folder, release, before, moment)
        _put_in_place(folder, release.folder, current)
    _prune(open_release(current))
    return Build(open_release(current), sound.problems, fresh=True)


def _before(before: Release | None, version: str) -> str:
    """The version before; of a graph that is released anew, the one that it had."""
    if before is None:
        return ""
    return before.before if before.version == version else before.version


def _prune(release: Release) -> None:
    """Take away all releases but this one and the one before it."""
    for other in kept(release):
        if other.version not in (release.version, release.before):
            with new_folder(release.folder.parent) as aside:
                os.rename(other.folder, aside / other.folder.name)


def _newest(current: Path) -> Release | None:
    try:
        return open_release(current)
    except NoRelease:
        return None


@dataclass(frozen=True, slots=True)
class _Sound:
    """The graph to release, and what there is to report."""

    #: Sorted; with the description of the dataset.
    quads: list[ox.Quad]
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


def _sound(
    works: Sequence[Record],
    tombstones: Sequence[Tombstone],
    links_folder: Path,
    iris: IRIs,
    step: Callable[[str], None],
) -> _Sound:
    """The graph of the works that conform."""
    vocabulary = load_vocabulary(iris.base)
    left_out: list[LeftOut] = []
    lineage = (*dangling(works, tombstones), *lineage_problems(works, tombstones))
    while True:
        mapper = Mapper.of(works, iris, vocabulary)
        quads_of = {work.id: list(mapper.quads(work)) for work in works}
        every = {quad for found in quads_of.values() for quad in found}
        every.update(mapper.vocabulary_quads())
        links = read_links(links_folder, iris.base, _things(every).__contains__)
        tabled = {(link.subject, link.predicate, link.object) for link in links.links}
        every.update(list(record_linkset_quads(_without(every, tabled), iris)))
        every.update(link_quads(links, iris), lineage_quads(works, tombstones, iris))
        every.update(likely_quads(likely_agents(works), iris))
        quads = sorted(every, key=str)
        step(f"validating {len(quads):,} statements")
        report = validate_quads(quads, iris.base)
        if report.conforms:
            quads += description_quads(sorted_triples(quads), iris)
            quads.sort(key=str)
            return _Sound(quads, report, tuple(left_out), (*lineage, *links.problems), tuple(works))
        broken = [p for p in report.problems if p.severity == "violation"]
        now = LeftOut(report, _at_fault(broken, quads_of))
        if not now.works:
            raise InvalidVocabulary(broken)
        left_out.append(now)
        works = [work for work in works if work.id not in now.ids]


def _without(quads: Iterable[ox.Quad], links: Container[tuple[str, str, str]]) -> Iterator[ox.Quad]:
    """The quads but for those that are links of tables: no record states them."""
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object)
        if tuple(getattr(term, "value", "") for term in terms) not in links:
            yield quad


def _things(quads: Iterable[ox.Quad]) -> set[str]:
    """The IRIs of everything that has a class."""
    typed = (quad.subject for quad in quads if quad.predicate == RDF_TYPE)
    return {node.value for node in typed if isinstance(node, ox.NamedNode)}


def _at_fault(
    broken: Iterable[Problem], quads_of: Mapping[str, Iterable[ox.Quad]]
) -> dict[str, list[str]]:
    """The nodes that break a shape, each with the ids of the works whose statements mention it."""
    nodes = {ox.NamedNode(problem.record) for problem in broken}
    found: dict[str, list[str]] = {}
    for work, quads in quads_of.items():
        for node in nodes & {term for quad in quads for term in (quad.subject, quad.object)}:
            found.setdefault(node.value, []).append(work)
    return found


def _fill(folder: Path, release: Release, sound: _Sound) -> None:
    """Everything but the dumps, which are there already."""
    write_works(sound.quads, folder / WORKS, IRIs(release.base_iri))
    write_records(sound.works, folder / RECORDS)
    write_names(sound.quads, folder / NAMES, IRIs(release.base_iri))
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(sound.quads)
    store.optimize()
    store.flush()
    del store
    write_facts(release, folder)
    _write(folder / "void.ttl", describe(release, sorted_triples(sound.quads)))
    _write(folder / "shapes.ttl", shapes.turtle(release.base_iri))
    report = release_report(sound.report, sound.left_out, sound.catalogue, release.base_iri)
    _write(folder / "report.ttl", report.serialize(format="turtle"))
    page = Environment(loader=PackageLoader("oograph.graph"), autoescape=True)
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in sound.problems:
        groups.setdefault((problem.severity, problem.message), []).append(problem)
    html = page.get_template("report.html").render(release=release, groups=groups)
    _write(folder / "report.html", html)


def _put_in_place(folder: Path, target: Path, current: Path) -> None:
    """Rename the filled folder to its version and point ``current`` at it, each in one step."""
    with new_folder(target.parent) as replaced:
        if target.exists():  # the same graph, released before by other code
            os.rename(target, replaced / target.name)
        os.rename(folder, target)
    link = target.parent / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    os.replace(link, current)


def _inputs(catalogue_folder: Path, base_iri: str) -> str:
    """A digest of what a build reads: catalogue, vocabularies, shapes, and this code."""
    digest = hashlib.sha256(f"{__version__} {base_iri}".encode())
    digest.update("".join(turtle(name, base_iri) for name in turtle_names()).encode())
    digest.update((shapes.turtle(base_iri) + context(base_iri) + disambiguation()).encode())
    digest.update("".join(link_table(name, base_iri) for name in link_table_names()).encode())
    for path in (
        *sorted(catalogue_folder.glob("*.json")),
        *sorted(catalogue_folder.glob("links/*")),
    ):
        digest.update(f"{path.name} ".encode() + path.read_bytes())
    package = Path(str(files("oograph.graph")))
    for path in sorted((*package.rglob("*.py"), *package.glob("templates/*"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _now() -> float:
    """Seconds since 1970; SOURCE_DATE_EPOCH, the convention of reproducible builds, decides."""
    return float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _classes(quads: Iterable[ox.Quad], iris: IRIs) -> dict[str, int]:
    things = {
        (quad.subject, quad.object.value.removeprefix(iris.ontology))
        for quad in quads
        if quad.predicate == RDF_TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(iris.ontology)
    }
    return dict(sorted(Counter(name for _, name in things).items()))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
