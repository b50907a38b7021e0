"""Survey: what only the whole graph can tell, taken from each piece of its stream and added up.

First the runs are sorted into one stream. This gives the classes of its nodes, and the links among
the records' own statements. The linksets follow from these; with them, everything is counted.

Things with a page of their own are referred to from everywhere: their classes are in an SQLite
file. Their parts (``publication/x#author-1``) are many, but referred to from nearby: their classes
are in the same piece or are looked up in the statements.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import add
from pathlib import Path

from ...ontology import PREFIXES
from ..files import unchanging
from ..iris import RDF_TYPE, IRIs
from ..rdf.linksets import LINKING, dataset_iri, record_linkset
from ..vocabulary.links import Linkset
from ..vocabulary.sssom_reader import Link
from .counts import Counts, Types, counts_of, read_digests, types_of, write_digests
from .description import is_described
from .statements import TYPE, Statement, Statements, by_subject, in_pieces, value_of

_DATASET = PREFIXES.expand("void:Dataset")
#: A linkset and a predicate -> how many links of it the records state.
Stated = Counter[tuple[Linkset, str]]


def write_node_types(lines: Iterable[str], path: Path) -> None:
    """Write the classes of things, but not of their parts, to a new file of node types.

    A line has a node and the IRIs of its classes, separated by spaces.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE type (node TEXT PRIMARY KEY, classes TEXT) WITHOUT ROWID")
    add_node_types(lines, path)


def add_node_types(lines: Iterable[str], path: Path) -> None:
    """Add the classes of more nodes to a file, while nobody reads it."""
    rows = (line.split(maxsplit=1) for line in lines)
    with closing(sqlite3.connect(path)) as base, base:
        base.executemany("INSERT OR REPLACE INTO type VALUES (?, ?)", rows)


class NodeTypes:
    """Looks up the classes of nodes: things in a file of node types, parts in the statements."""

    def __init__(self, path: Path, statements: Statements, known: Mapping[str, tuple[str, ...]]):
        self._base = sqlite3.connect(unchanging(path), uri=True, check_same_thread=False)
        self._statements = statements
        self._known = dict(known)

    def __call__(self, node: str) -> tuple[str, ...]:
        """The IRIs of the classes of a node, as N-Quads writes it, sorted; none for a literal."""
        classes = self._known.get(node)
        if classes is None:
            classes = self._known[node] = self._looked_up(node)
        return classes

    def __del__(self) -> None:
        # a connection and its statements are a reference cycle, which would stay open for a while
        self._base.close()

    def _looked_up(self, node: str) -> tuple[str, ...]:
        if "#" in node:
            return types_of(self._statements.with_prefix(f"{node[1:]} ")).get(node, ())
        row = self._base.execute("SELECT classes FROM type WHERE node = ?", (node,)).fetchone()
        return tuple(row[0].split()) if row else ()


@dataclass(frozen=True, slots=True)
class Survey:
    """Sorted statements, with the classes and links found in them."""

    statements: Statements
    #: A file of node types.
    types: Path
    _stated: Stated
    _iris: IRIs

    def node_types(self, more: Types | None = None) -> NodeTypes:
        """The look-up of the classes of the nodes, and of more nodes."""
        return NodeTypes(self.types, self.statements, more or {})

    def joined(self, linked: Statements) -> Survey:
        """This survey with the statements on linksets and links added."""
        add_node_types(_lines(types_of(linked)), self.types)
        return replace(self, statements=Statements((*self.statements.paths, *linked.paths)))

    def stated(self, links: Iterable[Link]) -> Stated:
        """Count the links that records state, except those that tables state as well."""
        both: Stated = Counter()
        graph = f"<{self._iris.graph('stated')}>"
        for subject, predicate, thing in {(e.subject, e.predicate, e.object) for e in links}:
            linkset = record_linkset(subject, predicate, thing, self._iris)
            triple = f"{subject}> <{predicate}> <{thing}> {graph} "
            if linkset and any(self.statements.with_prefix(triple)):
                both[linkset, predicate] += 1
        return self._stated - both


def survey(runs: Sequence[Path], path: Path, iris: IRIs, executor: Executor) -> Survey:
    """Sort the statements of some sorted files into one at ``path``, and survey them."""
    statements = Statements((path,))
    task = partial(_survey, iris)
    lines, types = path.with_name("types.txt"), path.with_name("types.db")
    pieces = in_pieces(task, Statements(tuple(runs)), (path, lines), executor)
    with lines.open(encoding="utf-8") as file:
        write_node_types(file, types)
    lines.unlink()
    return Survey(statements, types, reduce(add, pieces, Counter()), iris)


def _survey(iris: IRIs, piece: Statements, paths: Sequence[Path]) -> Stated:
    """Write a piece and the classes of its things; return the links that its records state."""
    path, types = paths
    piece.write(path)
    graph = f"<{iris.graph('stated')}>"
    typing: list[Statement] = []
    stated: Stated = Counter()
    for statement in Statements((path,)).about((RDF_TYPE.value, *LINKING)):
        subject, predicate, value, of_graph = statement
        if predicate == TYPE:
            typing.append(statement)
        elif of_graph == graph and value[0] == "<":
            linkset = record_linkset(value_of(subject), value_of(predicate), value_of(value), iris)
            if linkset:
                stated[linkset, value_of(predicate)] += 1
    types.write_text("".join(_lines(types_of(typing))), encoding="utf-8", newline="\n")
    return stated


def _lines(types: Types) -> Iterator[str]:
    """A line for each thing, but not for its parts."""
    return (f"{node} {' '.join(names)}\n" for node, names in types.items() if "#" not in node)


def counted(known: Survey, iris: IRIs, executor: Executor) -> tuple[Counts, set[Statement]]:
    """Count surveyed statements; return those on datasets and linksets uncounted."""
    objects = known.types.with_name("objects.bin")
    pieces = in_pieces(partial(_counted, known, iris), known.statements, (objects,), executor)
    described = set().union(*(described for _, described in pieces))
    counts = reduce(add, (counts for counts, _ in pieces))
    return replace(counts, objects=read_digests(objects)), described


def _counted(
    known: Survey, iris: IRIs, piece: Statements, paths: Sequence[Path]
) -> tuple[Counts, set[Statement]]:
    """Count a piece, but write the digests of its objects to a file."""
    statements = list(piece)
    types = types_of(statements) | {str(dataset_iri(iris)): (_DATASET,)}
    described: set[Statement] = set()

    def others() -> Iterator[tuple[str, Sequence[Statement]]]:
        for subject, given in by_subject(statements):
            if is_described(subject, iris):
                described.update(given)
            else:
                yield subject, given

    counts = counts_of(others(), known.node_types(types))
    write_digests(counts.objects, paths[0])
    return replace(counts, objects=()), described
