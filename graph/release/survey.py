"""Survey: what takes the whole graph to say, asked of each piece of its stream and added up.

First the runs are sorted into one stream; that says the classes of its nodes, and what of the
records' own statements are links. With the linksets, which follow from that, everything is counted.

What has a page of its own is pointed to from everywhere: its classes are in an SQLite file. Its
parts (``publication/x#author-1``), which are many, are pointed to from their own surroundings, and
else their statements say it.
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
from .counts import Counts, Types, counts_of, types_of
from .description import is_described
from .statements import TYPE, Statement, Statements, by_subject, in_pieces, value_of

_DATASET = PREFIXES.expand("void:Dataset")
#: A linkset and a predicate -> how many links of it the records state.
Stated = Counter[tuple[Linkset, str]]


def write_node_types(types: Iterable[Types], path: Path) -> None:
    """Write the classes of nodes as a new file: those of the things, not of their parts."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE type (node TEXT PRIMARY KEY, classes TEXT) WITHOUT ROWID")
    add_node_types(types, path)


def add_node_types(types: Iterable[Types], path: Path) -> None:
    """Add the classes of more nodes to a file, which nobody reads meanwhile."""
    rows = ((node, "\n".join(names)) for each in types for node, names in each.items())
    with closing(sqlite3.connect(path)) as base, base:
        base.executemany("INSERT OR REPLACE INTO type VALUES (?, ?)", rows)


class NodeTypes:
    """The classes of the nodes of some statements, whose things are in a file of node types."""

    def __init__(self, path: Path, statements: Statements, known: Mapping[str, tuple[str, ...]]):
        self._base = sqlite3.connect(unchanging(path), uri=True)
        self._statements = statements
        self._known = dict(known)

    def __call__(self, node: str) -> tuple[str, ...]:
        """The IRIs of the classes of a node, as N-Quads writes it, sorted; none of a literal."""
        classes = self._known.get(node)
        if classes is None:
            classes = self._known[node] = self._looked_up(node)
        return classes

    def _looked_up(self, node: str) -> tuple[str, ...]:
        if "#" in node:
            return types_of(self._statements.with_prefix(f"{node[1:]} ")).get(node, ())
        row = self._base.execute("SELECT classes FROM type WHERE node = ?", (node,)).fetchone()
        return tuple(row[0].split("\n")) if row else ()


@dataclass(frozen=True, slots=True)
class Survey:
    """Sorted statements, and what they say of links and classes."""

    statements: Statements
    #: A file of node types.
    types: Path
    _stated: Stated
    _iris: IRIs

    def node_types(self, more: Types | None = None) -> NodeTypes:
        """The classes of the nodes, and of more nodes."""
        return NodeTypes(self.types, self.statements, more or {})

    def joined(self, linked: Statements) -> Survey:
        """The survey of these with the statements on linksets and links."""
        things = {node: names for node, names in types_of(linked).items() if "#" not in node}
        add_node_types([things], self.types)
        return replace(self, statements=Statements((*self.statements.paths, *linked.paths)))

    def stated(self, links: Iterable[Link]) -> Stated:
        """The links that records state, counted, but for those that tables say as well."""
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
    pieces = in_pieces(task, Statements(tuple(runs)), statements.paths, executor)
    write_node_types((types for types, _ in pieces), path := path.with_name("types.db"))
    return Survey(statements, path, reduce(add, (stated for _, stated in pieces), Counter()), iris)


def _survey(iris: IRIs, piece: Statements, paths: Sequence[Path]) -> tuple[Types, Stated]:
    """Write a piece; the classes of its things, and the links that records state in it."""
    piece.write(paths[0])
    graph = f"<{iris.graph('stated')}>"
    typing: list[Statement] = []
    stated: Stated = Counter()
    for statement in Statements(tuple(paths)).about((RDF_TYPE.value, *LINKING)):
        subject, predicate, value, of_graph = statement
        if predicate == TYPE:
            if "#" not in subject:
                typing.append(statement)
        elif of_graph == graph and value[0] == "<":
            linkset = record_linkset(value_of(subject), value_of(predicate), value_of(value), iris)
            if linkset:
                stated[linkset, value_of(predicate)] += 1
    return types_of(typing), stated


def counted(known: Survey, iris: IRIs, executor: Executor) -> tuple[Counts, set[Statement]]:
    """What there is in surveyed statements, and those of datasets and linksets, which are not
    counted.
    """
    pieces = in_pieces(partial(_counted, known, iris), known.statements, (), executor)
    described = set().union(*(described for _, described in pieces))
    return reduce(add, (counts for counts, _ in pieces)), described


def _counted(
    known: Survey, iris: IRIs, piece: Statements, _: Sequence[Path]
) -> tuple[Counts, set[Statement]]:
    statements = list(piece)
    node_types = known.node_types(types_of(statements) | {str(dataset_iri(iris)): (_DATASET,)})
    described: set[Statement] = set()

    def others() -> Iterator[tuple[str, Sequence[Statement]]]:
        for subject, given in by_subject(statements):
            if is_described(subject, iris):
                described.update(given)
            else:
                yield subject, given

    return counts_of(others(), node_types), described
