"""Statements: the one sorted stream that every part of a release is written from.

It is a file of N-Quads, or several that are read as one, so that a release may be larger than the
memory: each statement is a line, lines are sorted by their bytes, and none comes twice. What needs
terms has the engine read the file; what can do with text does, in less time.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..iris import RDF_TYPE

__all__ = [
    "Statement",
    "Statements",
    "by_subject",
    "datatype_of",
    "digest_of",
    "each_triple",
    "merge",
    "triples_of",
    "typing",
    "value_of",
    "write_run",
    "write_union",
]


#: Bytes of a file that are read or written at once.
_BUFFER = 2**20
#: Files that are merged at once: a process may have only so many open.
_MERGED = 200
_TYPE = str(RDF_TYPE)
_STRING, _LANGUAGE = PREFIXES.expand("xsd:string"), PREFIXES.expand("rdf:langString")
_END = " .\n"


class Statement(NamedTuple):
    """A quad as N-Quads writes it."""

    #: Subject, predicate and object, with a space between them.
    triple: str
    #: The graph; "" for the default graph.
    graph: str

    @property
    def line(self) -> str:
        """The triple as a line of N-Triples."""
        return f"{self.triple}{_END}"

    @property
    def quad_line(self) -> str:
        """The quad as a line of N-Quads."""
        return f"{self.triple} {self.graph}{_END}" if self.graph else self.line

    @property
    def terms(self) -> tuple[str, str, str]:
        """Subject, predicate and object."""
        subject, predicate, value = self.triple.split(" ", 2)
        return subject, predicate, value


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of sorted files, each once, in the order of their lines."""

    paths: tuple[Path, ...]

    def __iter__(self) -> Iterator[Statement]:
        return map(_statement, self._lines())

    def about(self, predicates: Iterable[str]) -> Iterator[Statement]:
        """Those with one of some predicates, by IRI."""
        wanted = {f"<{iri}>".encode() for iri in predicates}
        # neither an IRI nor a blank node has a space
        return (_statement(line) for line in self._lines() if line.split(b" ", 2)[1] in wanted)

    def with_prefix(self, iri: str) -> Iterator[Statement]:
        """Those whose subject's IRI begins so, without reading the others."""
        start = f"<{iri}".encode()
        for line in self._lines(start):
            if not line.startswith(start):
                return
            yield _statement(line)

    def _lines(self, start: bytes = b"") -> Iterator[bytes]:
        """The lines, from the first that is not before ``start``."""
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("rb")) for path in self.paths]
            for file in files:
                _seek(file, start)
            yield from _merged(files)


def write_run(quads: Iterable[ox.Quad], path: Path) -> None:
    """Write quads as a sorted file; all of them are in memory for it."""
    with path.open("wb", _BUFFER) as file:
        file.writelines(sorted({line.encode() for line in _lines_of(quads)}))


def merge(paths: Sequence[Path], path: Path) -> None:
    """Make one sorted file of several."""
    while len(paths) > _MERGED:
        first = path.with_name(f"{path.name}-{len(paths)}")
        merge(paths[:_MERGED], first)
        paths = [*paths[_MERGED:], first]
    with path.open("wb", _BUFFER) as file:
        file.writelines(Statements(tuple(paths))._lines())


def write_union(statements: Statements, path: Path) -> None:
    """Write the union of the graphs as sorted N-Triples, each once."""
    with path.open("wb", _BUFFER) as file:
        file.writelines(each.line.encode() for each in each_triple(statements))


def digest_of(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file, in hexadecimal, and the number of its lines."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BUFFER):
            digest.update(block)
            lines += block.count(b"\n")
    return digest.hexdigest(), lines


def _lines_of(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """The quads as lines of N-Quads."""
    names: dict[object, str] = {}
    for quad in quads:
        graph = quad.graph_name
        if graph not in names:
            # the default graph has no name in N-Quads
            names[graph] = "" if isinstance(graph, ox.DefaultGraph) else str(graph)
        yield Statement(str(quad.triple), names[graph]).quad_line


def triples_of(statements: Iterable[Statement]) -> list[ox.Triple]:
    """The triples that a few statements write, whatever their graphs."""
    lines = "".join(statement.line for statement in statements)
    return [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]


def value_of(term: str) -> str:
    """The IRI or the words of a term as N-Quads writes it; of a blank node its name."""
    if term[0] == "<":
        return term[1:-1]
    if term[0] != '"' or "\\" not in term:
        return term[1 : term.rindex('"')] if term[0] == '"' else term
    (quad,) = ox.parse(f"<urn:s> <urn:p> {term} .", ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object.value


def datatype_of(literal: str) -> str:
    """The IRI of the datatype of a literal as N-Quads writes it."""
    rest = literal[literal.rindex('"') + 1 :]
    return _LANGUAGE if rest[:1] == "@" else rest[3:-1] or _STRING


def each_triple(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The union of the graphs: each triple once."""
    before = ""
    for statement in statements:
        if statement.triple != before:
            before = statement.triple
            yield statement


def by_subject(statements: Iterable[Statement]) -> Iterator[tuple[str, Sequence[Statement]]]:
    """Each subject, as N-Quads writes it, with its triples, each once."""
    for subject, group in groupby(each_triple(statements), lambda each: each[0].partition(" ")[0]):
        yield subject, list(group)


def typing(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """What has a class, as N-Quads writes it, and the IRI of the class."""
    for statement in statements:
        subject, predicate, value = statement.terms
        if predicate == _TYPE and value[0] == "<":
            yield subject, value[1:-1]


def _merged(files: Sequence[BinaryIO]) -> Iterator[bytes]:
    """The lines of sorted files, each once."""
    if len(files) == 1:
        return iter(files[0])
    return map(itemgetter(0), groupby(heapq.merge(*files)))


def _statement(line: bytes) -> Statement:
    text = line.decode()[: -len(_END)]
    triple, _, graph = text.rpartition(" ")
    # a literal may end as a graph begins, and a triple of the default graph as another's graph
    if graph[0] == "<" and graph[-1] == ">" and '"' not in graph and triple.count(" ") > 1:
        return Statement(triple, graph)
    return Statement(text, "")


def _seek(file: BinaryIO, start: bytes) -> None:
    """Go to the first line of a sorted file that is not before ``start``."""
    low, high = 0, file.seek(0, 2) if start else 0
    while low < high:  # the line wanted begins at low, or after it and no later than high
        middle = (low + high) // 2
        file.seek(max(0, middle - 1))
        if middle:
            file.readline()  # the rest of the line that the byte before belongs to
        place = file.tell()
        line = file.readline()
        if not line or line >= start:
            high = middle
        else:
            low = place + len(line)
    file.seek(max(0, low - 1))
    if low:
        file.readline()
