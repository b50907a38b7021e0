"""Runs: the works of a catalogue, mapped and validated in chunks, each written as a sorted file.

A chunk has everything that its mapping needs, so it can be mapped in any process, in any order, on
any machine that has the folder. The same works give the same runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from ..catalogue.sources import SourceName
from ..catalogue.spool import Spool
from ..iris import IRIs
from ..rdf.chunks import Checker, Findings
from ..rdf.mapping import Mapper, vocabulary_quads
from ..rdf.names import Names, write_names
from .statements import Statements, write_run

#: Works per chunk.
_WORKS = 1_000
_NONE = Statements(())


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some works, with what their mapping needs and the file that their statements go to."""

    works: Spool
    #: A file of the names of all works.
    names: Path
    sources: tuple[SourceName, ...]
    #: The catalogue's own concepts, as ``load_vocabulary`` takes them.
    own: tuple[str, ...]
    base_iri: str
    run: Path

    def quads(self) -> Iterator[tuple[str, list[ox.Quad]]]:
        """The id of each work, and the quads that the work is mapped to."""
        iris, works = IRIs(self.base_iri), list(self.works)
        mapper = Mapper.of(Names.read(self.names, works, iris, self.sources), iris, self.own)
        return ((work.id, list(mapper.quads(work))) for work in works)


def chunks(
    works: Spool, sources: tuple[SourceName, ...], own: tuple[str, ...], iris: IRIs, folder: Path
) -> Iterator[Chunk]:
    """Works in chunks that write their runs to ``folder``; ``own`` are the catalogue's concepts."""
    names = folder / "names.db"
    names.unlink(missing_ok=True)
    write_names(works, names, iris)
    for start in range(0, len(works), _WORKS):
        some = works[start : start + _WORKS]
        yield Chunk(some, names, sources, own, iris.base, folder / f"works-{start}.nq")


def run_chunk(chunk: Chunk) -> Findings:
    """Write the run of a chunk, and validate it."""
    quads = list(chain.from_iterable(own for _, own in chunk.quads()))
    write_run(quads, chunk.run)
    return checker(chunk.base_iri, chunk.own).check(quads)


def check_written(
    base_iri: str,
    own: tuple[str, ...],
    statements: Statements,
    beside: Statements = _NONE,
    only: str = "",
) -> Findings:
    """Validate statements already written, given those ``beside`` them that they refer to.

    ``only`` may name the one property that is needed of the latter. All are held in memory.
    """
    given = (each.quad_line.encode() for each in beside.about((only,))) if only else beside.lines()
    return checker(base_iri, own).check(_quads(statements.lines()), _quads(given))


def _quads(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    return ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS, lenient=True)


@cache
def checker(base_iri: str, own: tuple[str, ...]) -> Checker:
    """The checker of chunks, which knows the ontology and the vocabularies."""
    return Checker.of(vocabulary_quads(IRIs(base_iri), own), base_iri)


def works_with(
    nodes: frozenset[str], every: Sequence[Chunk], executor: Executor
) -> dict[str, list[str]]:
    """Each node, by IRI, with the ids of the works whose statements mention it."""
    works_of: dict[str, list[str]] = {}
    for pairs in executor.map(_mentions, [(chunk, nodes) for chunk in every]):
        for node, work in pairs:
            works_of.setdefault(node, []).append(work)
    return works_of


def _mentions(given: tuple[Chunk, frozenset[str]]) -> list[tuple[str, str]]:
    chunk, iris = given
    nodes = set(map(ox.NamedNode, iris))
    return [
        (node.value, work)
        for work, quads in chunk.quads()
        for node in nodes & {term for quad in quads for term in (quad.subject, quad.object)}
        if isinstance(node, ox.NamedNode)
    ]
