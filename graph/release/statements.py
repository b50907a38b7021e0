"""Statements: the one sorted stream that every part of a release is written from.

It is a file of N-Quads, or several that are read as one, so a release may be larger than memory.
Each statement is a line; lines are sorted by their bytes, without duplicates. Code that needs terms
has the engine parse the file; code that can work on text does, which is faster. The stream can be
cut between subjects into pieces, which processes sort, count and write in parallel.
"""

from __future__ import annotations

import hashlib
import heapq
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain, groupby, pairwise, takewhile
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..files import blocks
from ..iris import RDF_TYPE

T = TypeVar("T")
#: Bytes read or written at a time.
_BUFFER = 2**20
#: Bytes of a piece, and the most pieces there may be: a very large release has larger pieces.
_PIECE, _PIECES = 2**24, 1_000
#: Lines sampled per piece to find where to cut.
_SAMPLES = 16
#: ``rdf:type`` as N-Quads writes it.
TYPE = str(RDF_TYPE)
_STRING, _LANGUAGE = PREFIXES.expand("xsd:string"), PREFIXES.expand("rdf:langString")
_END = b" .\n"


class Statement(NamedTuple):
    """A quad, with its terms as N-Quads writes them."""

    subject: str
    predicate: str
    value: str
    #: "" for the default graph.
    graph: str = ""

    @classmethod
    def of(cls, line: bytes) -> Statement:
        """Parse a line."""
        subject, predicate, rest = line[: -len(_END)].decode().split(" ", 2)
        value, _, graph = rest.rpartition(" ")
        # the end of a literal may look like a graph
        if not value or graph[0] != "<" or '"' in graph:
            return cls(subject, predicate, rest)
        return cls(subject, predicate, value, graph)

    @classmethod
    def of_triple(cls, triple: ox.Triple) -> Statement:
        """A triple of the default graph."""
        return cls(*str(triple).split(" ", 2))

    @property
    def line(self) -> str:
        """The triple as a line of N-Triples."""
        return f"{self.subject} {self.predicate} {self.value} .\n"

    @property
    def quad_line(self) -> str:
        """The quad as a line of N-Quads."""
        return " ".join(filter(None, self)) + " .\n"


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of sorted files, each once, in the order of their lines."""

    paths: tuple[Path, ...]
    #: Only lines from ``start`` on, and before ``end``; b"" for no bound.
    start: bytes = b""
    end: bytes = b""

    def __iter__(self) -> Iterator[Statement]:
        return map(Statement.of, self.lines())

    def about(self, predicates: Iterable[str]) -> Iterator[Statement]:
        """The statements with one of these predicates (IRIs)."""
        wanted = {f"<{iri}>".encode() for iri in predicates}
        # neither an IRI nor a blank node has a space
        return (Statement.of(line) for line in self.lines() if line.split(b" ", 2)[1] in wanted)

    def with_prefix(self, text: str) -> Iterator[Statement]:
        """The statements whose line begins with ``<`` and this text; others are not read."""
        start = f"<{text}".encode()
        lines = heapq.merge(*(_begun(path, start) for path in self.paths))
        return (Statement.of(line) for line, _ in groupby(lines))

    def lines(self) -> Iterator[bytes]:
        """The lines, as bytes."""
        if len(self.paths) == 1:
            return chain.from_iterable(self._blocks())
        return chain.from_iterable(piece._sorted() for piece in self.pieces())

    def subjects(self) -> Iterator[tuple[str, Sequence[bytes]]]:
        """Each subject, as N-Quads writes it, with its lines."""
        for subject, lines in groupby(self.lines(), lambda line: line.partition(b" ")[0]):
            yield subject.decode(), list(lines)

    def by_graph(self) -> Iterator[tuple[bytes, bytes]]:
        """The part of each line that names its graph (b"" for the default graph), and the line."""
        return ((_parted(line)[1], line) for line in self.lines())

    def write(self, path: Path) -> None:
        """Write the statements as a file of sorted N-Quads."""
        with path.open("wb", _BUFFER) as file:
            file.writelines(self.lines())

    def write_union(self, path: Path) -> None:
        """Write the union of their graphs as a file of sorted N-Triples, without duplicates."""
        triples = (_parted(line)[0] for line in self.lines())
        with path.open("wb", _BUFFER) as file:
            file.writelines(triple + _END for triple, _ in groupby(triples))

    def pieces(self) -> list[Statements]:
        """The statements in pieces, cut between subjects, that fit into the memory of a process."""
        sizes = [end - start for _, start, end in self._spans()]
        number = min(sum(sizes) // _PIECE + 1, _PIECES)
        if number == 1:
            return [self]
        samples = sorted(self._samples(sum(sizes) // (number * _SAMPLES) + 1))
        places = {n * len(samples) // number for n in range(1, number)} if samples else ()
        cuts = sorted({samples[place] for place in places})
        bounds = pairwise((self.start, *(cut for cut in cuts if cut > self.start), self.end))
        return [replace(self, start=start, end=end) for start, end in bounds]

    def _samples(self, step: int) -> Iterator[bytes]:
        """The subjects of some lines, about ``step`` bytes apart."""
        for path, start, end in self._spans():
            with path.open("rb") as file:
                for place in range(start + step, end, step):
                    file.seek(place)
                    file.readline()
                    if line := file.readline() if file.tell() < end else b"":
                        yield line[: line.index(b" ") + 1]

    def _sorted(self) -> list[bytes]:
        """All lines, sorted in memory."""
        lines = [line for block in self._blocks() for line in block]
        lines.sort()
        return lines if len(self.paths) == 1 else list(dict.fromkeys(lines))

    def _blocks(self) -> Iterator[list[bytes]]:
        """The lines of one file after the other, a block at a time."""
        for path, start, end in self._spans():
            with path.open("rb") as file:
                file.seek(start)
                while start < end:
                    # whole lines, until they exceed this many bytes
                    yield (lines := file.readlines(min(_BUFFER, end - start - 1)))
                    start += sum(map(len, lines))

    def _spans(self) -> Iterator[tuple[Path, int, int]]:
        """Where these statements begin and end in each file that has any."""
        for path in self.paths:
            with path.open("rb") as file:
                start = seek(file, self.start) if self.start else 0
                end = seek(file, self.end) if self.end else file.seek(0, 2)
            if start < end:
                yield path, start, end


def in_pieces(
    task: Callable[[Statements, tuple[Path, ...]], T],
    statements: Statements,
    paths: Sequence[Path],
    executor: Executor,
) -> list[T]:
    """Run a task on all pieces of some statements in parallel; return the results in order.

    The task may write a part of each file in ``paths``: it gets the paths of its parts, which are
    joined in order at the end.
    """
    pieces = statements.pieces()
    numbers = range(len(pieces))
    parts = [tuple(path.with_name(f"{path.name}-{n}") for path in paths) for n in numbers]
    results = list(executor.map(task, pieces, parts))
    for place, path in enumerate(paths):
        with path.open("wb") as whole:
            for of_piece in parts:
                with of_piece[place].open("rb") as part:
                    shutil.copyfileobj(part, whole, _BUFFER)
                of_piece[place].unlink()
    return results


def write_run(quads: Iterable[ox.Quad], path: Path) -> None:
    """Write quads as a sorted file; all of them are held in memory."""
    ox.serialize(quads, lines := BytesIO(), ox.RdfFormat.N_QUADS)
    lines.seek(0)
    with path.open("wb", _BUFFER) as file:
        file.writelines(sorted(set(lines)))


def parsed(path: Path) -> Iterator[ox.Quad]:
    """The quads of a file of sorted N-Quads or N-Triples that a build wrote.

    The engine wrote its lines, so parsing is lenient, which takes half the time.
    """
    format = ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.N_TRIPLES
    return ox.parse(path=str(path), format=format, lenient=True)


def parsed_without_parts(path: Path, graph: str) -> Iterator[ox.Quad]:
    """The quads of a file of sorted N-Quads, except those in ``graph`` on parts of things.

    The IRI of a part is that of its thing with a fragment. All quads must be in named graphs.
    """
    end = f" <{graph}>".encode() + _END
    with path.open("rb", _BUFFER) as file:
        while lines := file.readlines(_BUFFER):
            others = [x for x in lines if not (x.endswith(end) and b"#" in x[: x.index(b" ")])]
            yield from ox.parse(b"".join(others), ox.RdfFormat.N_QUADS, lenient=True)


def digest_of(path: Path, read: Callable[[Path], Iterable[bytes]] = blocks) -> tuple[str, int]:
    """The SHA-256 of a file, in hexadecimal, and the number of its lines."""
    digest, lines = hashlib.sha256(), 0
    for block in read(path):
        digest.update(block)
        lines += block.count(b"\n")
    return digest.hexdigest(), lines


def triples_of(statements: Iterable[Statement]) -> list[ox.Triple]:
    """The triples of a few statements, whatever their graphs."""
    lines = "".join(statement.line for statement in statements)
    return [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]


def value_of(term: str) -> str:
    """The IRI or text of a term as N-Quads writes it; a blank node is returned unchanged."""
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


def by_subject(statements: Iterable[Statement]) -> Iterator[tuple[str, Sequence[Statement]]]:
    """Each subject of sorted statements, as N-Quads writes it, with its triples, each once."""
    for subject, group in groupby(statements, itemgetter(0)):
        first, *more = group
        others = (b for a, b in pairwise((first, *more)) if a[2] != b[2] or a[1] != b[1])
        yield subject, [first, *others]


def typing(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Each node that has a class, as N-Quads writes it, and the IRI of the class."""
    for statement in statements:
        if statement.predicate == TYPE and statement.value[0] == "<":
            yield statement.subject, statement.value[1:-1]


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """The triple of a line, and the rest, which names its graph."""
    triple, _, graph = line.rpartition(b" <")
    # the end of a literal may look like a graph, and so does a value in the default graph
    if b'"' in graph or triple.count(b" ") < 2:
        return line[: -len(_END)], b""
    return triple, graph


def _begun(path: Path, start: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that begin with ``start``."""
    with path.open("rb") as file:
        file.seek(seek(file, start))
        yield from takewhile(lambda line: line.startswith(start), file)


def seek(file: BinaryIO, start: bytes) -> int:
    """The offset of the first line in a sorted file that is not before ``start``."""
    low, high = 0, file.seek(0, 2)
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
    return file.tell()
