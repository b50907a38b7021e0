"""Releases of generated catalogues: built as any other, or without the steps that take long.

A direct release serves every page; what it lacks is validation, the dumps but one, links from
tables, a description, and the search for likely the same persons.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from oograph import shapes
from oograph.graph.errors import NoRelease
from oograph.graph.files import new_folder
from oograph.graph.index.search_index import NAMES, write_names
from oograph.graph.index.works import Works
from oograph.graph.index.works_index import WORKS, add_read, write_works
from oograph.graph.iris import IRIs
from oograph.graph.rdf.mapping import Mapper, vocabulary_quads
from oograph.graph.rdf.names import Names
from oograph.graph.release import Release, open_release, write_facts
from oograph.graph.release.build import build
from oograph.graph.release.changes import write_changes
from oograph.graph.release.dumps import DUMPS, SUMS, whole
from oograph.graph.release.findings import FINDINGS, write_findings
from oograph.graph.release.inputs import digest_of_inputs
from oograph.graph.release.records import RECORDS, write_records
from oograph.graph.release.report_forms import write_forms
from oograph.graph.release.statements import Statements
from oograph.graph.release.statements import digest_of as digest_of_file
from oograph.graph.release.tables import write_tables
from oograph.graph.release.work_blocks import BLOCK_FORMS
from oograph.ontology import BASE_IRI, PREFIXES

from .catalogues import digest_of, generate, works_of

#: Up to so many publications a release is built where there is none.
_BUILT = 20_000

_DATE = "2026-01-01"
#: Records between two lines of progress.
_STEP = 10_000
#: Lines that are sorted at once.
_RUN = 500_000


def release_of(publications: int, out: Path, step: Callable[[str], None]) -> Release:
    """A release of so many generated publications below ``out``: that which was built before.

    Where there is none, a small one is built, and a large one made directly.
    """
    catalogue = generate(publications, out / f"catalogue-{publications}", step)
    built = catalogue / "release"
    if publications <= _BUILT or _is_current(built / "current", catalogue):
        return build(catalogue, built, step=step).release
    return direct_release(catalogue, step)


def _is_current(release: Path, catalogue: Path) -> bool:
    try:
        return open_release(release).inputs == digest_of_inputs(catalogue, BASE_IRI)
    except NoRelease:
        return False


def direct_release(catalogue: Path, step: Callable[[str], None]) -> Release:
    """The release in the catalogue's folder; ``step`` gets a line of progress."""
    target = catalogue / "direct"
    inputs = _inputs(catalogue)
    try:
        if (made := open_release(target)).inputs == inputs:
            return made
    except NoRelease:
        pass
    with new_folder(catalogue) as folder:
        dump = folder / "dumps" / "oograph.nq"
        dump.parent.mkdir()
        counts: Counter[str] = Counter()
        _write_sorted(mapped_lines(catalogue, counts, step), dump)
        sha256, _ = digest_of_file(dump)
        statements = counts.pop("")
        step(f"making the store of {statements:,} statements")
        store = ox.Store(str(folder / "store"))
        store.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        del store
        release = Release(
            folder=target,
            version=f"{_DATE}-{sha256[:12]}",
            date=_DATE,
            base_iri=BASE_IRI,
            sha256=sha256,
            inputs=inputs,
            quads=statements,
            triples=statements,  # what is stated is not inferred again
            classes=dict(sorted(counts.items())),
            quarantined=(),
        )
        step("making the indexes")
        _fill(folder, release, catalogue)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
    return release


def _write_sorted(lines: Iterator[bytes], path: Path) -> None:
    with TemporaryDirectory(dir=path.parent) as folder:
        runs: list[Path] = []
        while some := sorted(islice(lines, _RUN)):
            runs.append(Path(folder) / str(len(runs)))
            runs[-1].write_bytes(b"".join(some))
        Statements(tuple(runs)).write(path)


def _fill(folder: Path, release: Release, catalogue: Path) -> None:
    """Everything but the dump and the store."""
    dump, iris = folder / "dumps" / "oograph.nq", IRIs(release.base_iri)

    def quads() -> Iterable[ox.Quad]:
        return ox.parse(path=str(dump), format=ox.RdfFormat.N_QUADS)

    sums = f"{release.sha256}  {dump.name}\n"
    (dump.parent / SUMS).write_text(sums, encoding="ascii")
    write_names(quads(), folder / NAMES, iris)
    write_works(quads(), release.quads, folder / WORKS, iris)
    add_read(works_of(catalogue), folder / WORKS)
    union = folder / "union.nt"
    with union.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{quad.triple} .\n" for quad in quads())
    for ending in BLOCK_FORMS:
        with (dump.parent / whole(ending)).open("wb") as target:
            DUMPS[ending](union, target, iris)
    write_records(works_of(catalogue), Works(folder), dump.parent, folder / RECORDS, iris)
    write_tables(folder, release)
    write_findings(folder / "report.ttl", folder / FINDINGS)  # of no report
    write_forms(folder, iris)
    write_changes(folder, release, None, f"{_DATE}T00:00:00Z", union)
    union.unlink()
    # nothing was validated, and nothing is described
    for name in ("report.html", "void.ttl"):
        (folder / name).touch()
    (folder / "shapes.ttl").write_text(shapes.turtle(release.base_iri), encoding="utf-8")
    write_facts(release, folder)


def mapped_lines(
    catalogue: Path, counts: Counter[str], step: Callable[[str], None]
) -> Iterator[bytes]:
    """All that mapping makes of a catalogue as N-Quads, each once, unsorted.

    ``counts`` gets how many there are of each class ("": of quads).
    """
    iris = IRIs(BASE_IRI)
    step("choosing names")
    mapper = Mapper.of(Names.of(works_of(catalogue), iris), iris)
    written: set[str] = set()
    ours = f"<{iris.base}publication/"
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    terms = iris.ontology

    def fresh(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
        for quad in quads:
            line = f"{quad} .\n"
            # Only a publication's own statements come once; those of persons come again.
            if not line.startswith(ours):
                if line in written:
                    continue
                written.add(line)
            counts[""] += 1
            named = isinstance(quad.object, ox.NamedNode) and quad.object.value
            if quad.predicate == kind and named and named.startswith(terms):
                counts[named.removeprefix(terms)] += 1
            yield line.encode()

    yield from fresh(vocabulary_quads(iris))
    for number, record in enumerate(works_of(catalogue), 1):
        yield from fresh(dict.fromkeys(mapper.quads(record)))
        if number % _STEP == 0:
            step(f"{number:,} publications mapped")


def _inputs(catalogue: Path) -> str:
    """A digest of what the release is made of."""
    digest = hashlib.sha256(digest_of(catalogue).encode())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
