"""An excerpt of an answer for a page, made in the process that runs the query.

The HTTP process would otherwise spend time and memory on the whole answer, where the limits on
queries do not apply.
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


#: Bytes of HTML around the text of a cell, and for a cell without a value.
_MARKUP, _EMPTY = 120, 10
#: The most bytes that a character of a cell takes as HTML, in the link and in its text.
_CHARACTER = 12
#: The most characters shown of a language tag, and of a datatype IRI.
_LANGUAGE, _DATATYPE = 40, 100
_TEXT = frozenset(
    PREFIXES.expand(name) for name in ("xsd:string", "rdf:langString", "rdf:dirLangString")
)
#: Graphs with up to this many triples are sorted, as in the full answer.
_SORTED = 25_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The size of an excerpt."""

    rows: int = 1000
    #: The most characters of a cell's text.
    characters: int = 2000
    #: The most bytes of the table as HTML.
    table_bytes: int = 2**21
    #: The most bytes of a graph as Turtle.
    turtle_bytes: int = 100_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A term for display on a page."""

    #: Its text, possibly truncated.
    text: str
    is_iri: bool
    language: str
    #: The IRI of a literal's datatype; "" for plain text or an IRI.
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
    """The first rows of a SELECT's solutions."""

    columns: tuple[str, ...]
    #: In the order of the columns; None if a variable is unbound.
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def cut_cells(self) -> int:
        """The number of truncated cells."""
        return sum(cell is not None and cell.is_cut for row in self.rows for cell in row)

    @classmethod
    def read(cls, text: bytes) -> Table:
        """Read the output of ``write_table``."""
        columns, rows = json.loads(text)
        return cls(
            tuple(columns), tuple(tuple(cell and Cell(**cell) for cell in row) for row in rows)
        )


def write_table(
    variables: Sequence[str], solutions: Iterable[ox.QuerySolution], excerpt: Excerpt
) -> tuple[bytes, int]:
    """The first solutions, as ``Table.read`` reads them, and the total number of solutions."""
    # One row always fits, whatever is in its cells.
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
    """The beginning of a graph as Turtle; one byte more than the limit if it is truncated."""
    head = _Head(excerpt.turtle_bytes + 1)
    with suppress(_Full):
        write_graph_to(cast(IO[bytes], head), in_order(triples, _SORTED), "ttl", base_iri)
    return head.getvalue()


class _Full(OographError):
    """The buffer is full."""


class _Head(io.BytesIO):
    """A file that accepts a given number of bytes and then raises ``_Full``."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: Buffer) -> int:
        super().write(bytes(data)[: self._size - self.tell()])
        if self.tell() >= self._size:
            raise _Full
        return len(bytes(data))
