"""Build: run all steps from a catalogue to a release, then put it in place in one."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from ... import shapes
from ...ontology import BASE_IRI
from ..catalogue import Catalogue
from ..catalogue.catalogue import Opened, opened
from ..catalogue.spool import Spool
from ..collection import without_collection
from ..errors import BadEpoch, NoRelease
from ..index.names_index import NAMES, write_names
from ..index.works import Works
from ..index.works_index import WORKS, add_read, write_works
from ..iris import IRIs
from ..model import Problem, Record, Tombstone
from ..rdf.report import write_report
from ..vocabulary import load_vocabulary
from ..vocabulary.scope import is_out_of_scope
from . import Release, kept_releases, open_release, write_facts
from .changes import write_changes
from .conforming import Conforming, conforming
from .description import describe
from .dumps import write_dumps
from .earlier import earlier_in
from .findings import FINDINGS, write_findings
from .inputs import digest_of_inputs
from .placing import REPLACED, is_settled, put_in_place, writing
from .processes import cores, working, working_on
from .records import RECORDS, write_records
from .report import report_page, report_triples
from .report_forms import write_forms
from .statements import Statements, digest_of, in_pieces, parsed_without_parts
from .tables import write_tables
from .verify import verify

#: Up to this many works are built in one process: starting more takes longer than it saves.
_FEW = 500
#: Statements loaded into the store at a time.
_BATCH = 300_000
_YEAR_10000 = 253_402_300_800


@dataclass(frozen=True, slots=True)
class Build:
    """The outcome of a build: the release, whether it is new, and what was refused."""

    release: Release
    #: The problems of works that were left out, and of the catalogue; empty if nothing was
    #: rebuilt. The report has everything that validation found.
    problems: tuple[Problem, ...]
    fresh: bool


@without_collection()
def build(
    catalogue_folder: Path,
    out: Path,
    base_iri: str = BASE_IRI,
    step: Callable[[str], None] = lambda text: None,
    processes: int = 0,
    scheduler: str = "",
) -> Build:
    """Make a release of the catalogue in ``out``.

    If nothing has changed since the newest release there, and that release is intact, nothing is
    rebuilt. Records that break a shape are left out and reported.

    ``step`` is called with each line of progress. ``processes`` is the number of worker processes:
    by default one per core, or one for a small catalogue. ``scheduler`` is the address of a Dask
    cluster to use instead. The release is the same either way.

    Raises BadEpoch, NoCluster, LostProcess, NoCatalogue, InvalidVocabulary, UnwritableRelease,
    BrokenCatalogue if the catalogue cannot be read, and ReleaseLocked if another build is writing
    in ``out``.
    """
    now = _now()
    inputs = digest_of_inputs(catalogue_folder, base_iri)
    current = out / "current"
    newest = _opened(current)
    if newest and newest.inputs == inputs and is_settled(out) and not verify(newest):
        return Build(newest, (), fresh=False)
    iris = IRIs(base_iri)
    with opened(catalogue_folder) as source, writing(out.absolute()) as scratch:
        earlier = earlier_in(out.absolute(), step)
        before = earlier.before
        (runs := scratch / "runs").mkdir()
        catalogue, works = _in_scope(source, scratch / "works.db", base_iri)
        processes = processes or (cores() if len(works) > _FEW else 1)
        workers = partial(working_on, scheduler) if scheduler else partial(working, processes)
        whole, union = scratch / "graph.nq", scratch / "union.nt"
        with workers() as executor:
            graph = conforming(catalogue, works, iris, runs, executor, step)
            in_pieces(_write_piece, graph.statements, (whole, union), executor)
        shutil.rmtree(runs)
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        sha256, lines = digest_of(whole)
        step(f"writing {lines:,} statements")
        version = f"{moment[:10]}-{sha256[:12]}"
        release = Release(
            folder=out / version,
            version=version,
            date=moment[:10],
            base_iri=base_iri,
            sha256=sha256,
            inputs=inputs,
            quads=lines,
            triples=graph.description.triples,
            classes={
                iri.removeprefix(iris.ontology): number
                for iri, number in graph.description.classes
                if iri.startswith(iris.ontology)
            },
            quarantined=tuple(sorted(id for each in graph.left_out for id in each.ids)),
            before=_before(before, version),
            dataset=catalogue.dataset,
        )
        (folder := scratch / "release").mkdir()
        # new processes: the first ones still hold the memory that validation took
        with workers() as executor:
            fill(folder, release, before, moment, graph, (whole, union), executor)
        put_in_place(folder.rename(scratch / version), out)
        earlier.set_aside(scratch / REPLACED, out.absolute())
        _prune(open_release(current), scratch)
    return Build(open_release(current), graph.refused, fresh=True)


def _write_piece(piece: Statements, paths: Sequence[Path]) -> None:
    quads, union = paths
    piece.write(quads)
    # read what was just written: it is sorted, so nothing needs merging again
    Statements((quads,)).write_union(union)


def _in_scope(source: Opened, path: Path, base_iri: str) -> tuple[Catalogue, Spool]:
    """Return the catalogue, and a file of the works to publish.

    The other works get tombstones, since they may have been published before.
    """
    vocabulary = load_vocabulary(base_iri)
    outside: list[str] = []

    def is_wanted(work: Record) -> bool:
        if is_out_of_scope(work, vocabulary):
            outside.append(work.id)
            return False
        return True

    works = source.spool(path, is_wanted)
    stones = (Tombstone(id, reason="Out of scope.") for id in sorted(outside))
    catalogue = source.catalogue
    return replace(catalogue, tombstones=(*catalogue.tombstones, *stones)), works


def _before(before: Release | None, version: str) -> str:
    """The previous version; if the same graph is released again, the one before that."""
    if before is None:
        return ""
    return before.before if before.version == version else before.version


def _prune(release: Release, scratch: Path) -> None:
    """Remove all releases but this one and the previous one."""
    for other in kept_releases(release):
        if other.version not in (release.version, release.before):
            other.folder.rename(scratch / other.folder.name)


def _opened(folder: Path) -> Release | None:
    try:
        return open_release(folder)
    except NoRelease:
        return None


def fill(
    folder: Path,
    release: Release,
    before: Release | None,
    moment: str,
    graph: Conforming,
    files: tuple[Path, Path],
    executor: Executor,
) -> None:
    """Write all files of a release, independent ones at the same time.

    ``files`` are its sorted N-Quads, and the union of its graphs as sorted N-Triples.
    """
    iris, (quads, union) = IRIs(release.base_iri), files
    # the slowest tasks first, and no two at once that need much memory
    others = [executor.submit(_write_store, quads, folder / "store")]
    works = executor.submit(_write_works, quads, release.quads, folder / WORKS, iris)
    others += [
        executor.submit(_write_names, quads, folder / NAMES, iris),
        executor.submit(write_changes, folder, release, before, moment, union),
    ]
    _write(folder / "void.ttl", describe(release, Statements((quads,))))
    _write(folder / "shapes.ttl", shapes.turtle(release.base_iri))
    with (folder / "report.ttl").open("wb") as file:
        triples = report_triples(graph.report, graph.left_out, graph.catalogue)
        write_report(triples, file, release.base_iri)
    write_forms(folder, iris)
    write_findings(folder / "report.ttl", folder / FINDINGS)
    _write(folder / "report.html", report_page(release, graph.problems()))
    write_dumps(quads, union, folder / "dumps", iris, executor)
    works.result()
    add_read(graph.works, folder / WORKS)
    write_records(graph.works, Works(folder), folder / "dumps", folder / RECORDS, iris)
    write_tables(folder, release)
    for each in others:
        each.result()
    write_facts(release, folder)


def _write_works(quads: Path, statements: int, path: Path, iris: IRIs) -> None:
    write_works(_to_index(quads, iris), statements, path, iris)


def _write_names(quads: Path, path: Path, iris: IRIs) -> None:
    write_names(_to_index(quads, iris), path, iris)


def _to_index(quads: Path, iris: IRIs) -> Iterator[ox.Quad]:
    """The quads that may name or classify things; most of all, no sources and no evidence."""
    return parsed_without_parts(quads, iris.graph("provenance"))


def _write_store(quads: Path, folder: Path) -> None:
    store = ox.Store(str(folder))
    with quads.open("rb") as file:
        # in batches: in a large load, each thread of the engine takes memory for a million quads;
        # lenient: the engine wrote these lines, so they need no check
        while batch := b"".join(islice(file, _BATCH)):
            store.bulk_load(batch, ox.RdfFormat.N_QUADS, lenient=True)
    store.optimize()
    store.flush()


def _now() -> int:
    """Seconds since 1970: SOURCE_DATE_EPOCH (for reproducible builds) if set, else now."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return int(time.time())
    # a version starts with a date, whose year has four digits
    if not re.fullmatch(r"[0-9]{1,12}", epoch) or int(epoch) >= _YEAR_10000:
        raise BadEpoch(
            f"SOURCE_DATE_EPOCH is {epoch!r}, but must be whole seconds since 1970, before the "
            "year 10000; set it to a number such as 1767225600, or unset it"
        )
    return int(epoch)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
