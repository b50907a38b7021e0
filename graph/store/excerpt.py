"""An excerpt of an answer: no more of it than a page shows, cut where the query runs.

A page of a whole answer would take its time and memory in the process that speaks HTTP, where no
limit of queries holds.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from html import escape
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..errors import OographError
from .serialization import in_order, write_graph_to

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


#: What a page has beside the text of a cell, and for one without a value.
_MARKUP, _EMPTY = 120, 10
#: The most bytes that a character of a cell takes as HTML, in a link and beside it.
_CHARACTER = 12
#: The most characters of a language tag, and of the IRI of a datatype.
_LANGUAGE, _DATATYPE = 40, 100
_TEXT = frozenset(
    PREFIXES.expand(name) for name in ("xsd:string", "rdf:langString", "rdf:dirLangString")
)
#: A graph of no more triples than this is sorted, as it is where it is written whole.
_SORTED = 25_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """How much of an answer is wanted."""

    rows: int = 1000
    #: Of the text of a cell.
    characters: int = 2000
    #: Of the table as HTML, at most.
    table_bytes: int = 2**21
    #: Of a graph, as Turtle.
    turtle_bytes: int = 100_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A term as a page shows it."""

    #: Its characters, or the first of them.
    text: str
    is_iri: bool
    language: str
    #: The IRI of a literal's datatype; "" where it is text, or no literal.
    datatype: str
    #: How many characters it has in all.
    length: int

    @property
    def is_cut(self) -> bool:
        """Whether only the first characters are there."""
        return self.length > len(self.text)

    @property
    def cost(self) -> int:
        """The bytes that it takes in a page, at most: an IRI stands there twice."""
        times = 2 if self.is_iri else 1
        return _MARKUP + len(self.language) + times * len(escape(self.text).encode())


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of the solutions of a SELECT."""

    columns: tuple[str, ...]
    #: In the order of the columns; None where a variable is not bound.
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def cut_cells(self) -> int:
        """The cells that show only the first characters."""
        return sum(cell is not None and cell.is_cut for row in self.rows for cell in row)

    @classmethod
    def read(cls, text: bytes) -> Table:
        """What ``write_table`` has written."""
        columns, rows = json.loads(text)
        return cls(
            tuple(columns), tuple(tuple(cell and Cell(**cell) for cell in row) for row in rows)
        )


def write_table(
    variables: Sequence[str], solutions: Iterable[ox.QuerySolution], excerpt: Excerpt
) -> tuple[bytes, int]:
    """The first solutions, as ``Table.read`` reads them, and the number of all."""
    # A single row fits, whatever is in its cells.
    share = (excerpt.table_bytes // max(1, len(variables)) - _MARKUP) // _CHARACTER
    characters = max(1, min(excerpt.characters, share))
    rows: list[list[Cell | None]] = []
    count, room = 0, excerpt.table_bytes
    for solution in solutions:
        count += 1
        if room <= 0 or len(rows) == excerpt.rows:
            continue
        row = [_cell(solution[name], characters) for name in variables]
        room -= sum(cell.cost if cell else _EMPTY for cell in row)
        if room >= 0:
            rows.append(row)
    cells = [[cell and asdict(cell) for cell in row] for row in rows]
    return json.dumps([list(variables), cells], ensure_ascii=False).encode(), count


def _cell(term: object, characters: int) -> Cell | None:
    if term is None:
        return None
    language = datatype = ""
    if isinstance(term, ox.Literal):
        text, language = term.value, term.language or ""
        if term.datatype.value not in _TEXT:
            datatype = term.datatype.value[:_DATATYPE]
    else:
        text = term.value if isinstance(term, ox.NamedNode) else str(term)
    is_iri = isinstance(term, ox.NamedNode)
    return Cell(text[:characters], is_iri, language[:_LANGUAGE], datatype, len(text))


def write_turtle(triples: Iterable[ox.Triple], excerpt: Excerpt, base_iri: str) -> bytes:
    """The beginning of a graph as Turtle: a byte more than is wanted where it goes on."""
    head = _Head(excerpt.turtle_bytes + 1)
    with suppress(_Full):
        write_graph_to(cast(IO[bytes], head), in_order(triples, _SORTED), "ttl", base_iri)
    return head.getvalue()


class _Full(OographError):
    """There is as much as was wanted."""


class _Head(io.BytesIO):
    """A file that takes so many bytes and then no more."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: Buffer) -> int:
        super().write(bytes(data)[: self._size - self.tell()])
        if self.tell() >= self._size:
            raise _Full
        return len(bytes(data))
