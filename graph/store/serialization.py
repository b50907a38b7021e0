"""Writing answers: count their rows, and write graphs in any format."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from ..errors import OographError
from ..formats import Format
from ..rdf import writing
from .answers import Overflow

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


#: The characters that XML 1.0 cannot represent even as escapes, and the tag that the engine writes
#: for a property or class whose IRI does not end in an XML name.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix: ")
#: The length of the longest of them.
_LONGEST = len("<oxprefix: ")
#: Ends of a chunk that may be the start of a row marker.
_BEGUN = (b"},", b"}", b"[")


class NotInXml(OographError):
    """The answer has a character, or an IRI of a property or class, that XML cannot represent."""


class XmlCheck:
    """Checks that XML with escaped text contains only characters and names allowed in XML."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Check the next chunk; raises NotInXml."""
        text = self._rest + chunk
        if _NO_XML.search(text):
            raise NotInXml
        self._rest = text[1 - _LONGEST :]


def check_of(format: Format) -> Callable[[bytes], None]:
    """The check for the chunks of an answer in a format."""
    return XmlCheck().feed if format.media_type.endswith("+xml") else lambda chunk: None


class RowCounter:
    """Counts the rows of one answer in ``json``, ``xml``, ``csv`` or ``tsv``."""

    def __init__(self, format: str) -> None:
        self._count = _COUNTERS[format]
        #: Whether the last chunk ended inside quotes.
        self.quoted = False
        self._rest = b""
        #: Rows so far; CSV and TSV begin with a header row.
        self.rows = -1 if format in ("csv", "tsv") else 0

    def feed(self, chunk: bytes) -> None:
        """Count the rows that begin (JSON, XML) or end (CSV, TSV) in the next chunk."""
        self._rest = self._count(self, self._rest + chunk)

    def _json(self, text: bytes) -> bytes:
        # leave an incomplete escape or marker for the next chunk
        escaping = (len(text) - len(text.rstrip(b"\\"))) % 2 == 1
        rest = b"\\" if escaping else next(filter(text.endswith, _BEGUN), b"")
        text = text.removesuffix(rest)
        if b"\\" in text:
            text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
        plain = self._unquoted(text)
        self.rows += plain.count(b"},{") + plain.count(b"[{")
        return rest

    def _xml(self, text: bytes) -> bytes:
        self.rows += text.count(b"<result>")
        return text[-len(b"<result") :]

    def _csv(self, text: bytes) -> bytes:
        self.rows += self._unquoted(text).count(b"\n")
        return b""

    def _tsv(self, text: bytes) -> bytes:
        self.rows += text.count(b"\n")
        return b""

    def _unquoted(self, text: bytes) -> bytes:
        """The text outside quotes, with a quote between its parts."""
        parts = text.split(b'"')
        outside = parts[1 if self.quoted else 0 :: 2]
        self.quoted ^= len(parts) % 2 == 0
        return b'"'.join(outside)


_COUNTERS: Mapping[str, Callable[[RowCounter, bytes], bytes]] = {
    "json": RowCounter._json,
    "xml": RowCounter._xml,
    "csv": RowCounter._csv,
    "tsv": RowCounter._tsv,
}


#: Graphs with up to this many triples are written sorted. Sorting a larger one would take more
#: memory than a query may use, so its triples are written as they come.
SORTED_TRIPLES = 250_000


def in_order(triples: Iterable[ox.Triple], most: int = SORTED_TRIPLES) -> Iterator[ox.Triple]:
    """Up to ``most`` triples, sorted and without duplicates; if there are more, as they come.

    Sorting gives the same bytes for the same graph, and keeps each subject together in Turtle.
    """
    triples = iter(triples)
    first = list(islice(triples, most + 1))
    if len(first) <= most:
        first.sort(key=str)
        yield from (triple for triple, _ in groupby(first))
        return
    yield from first
    yield from triples


def write_graph(triples: Iterable[ox.Triple], format: str, base_iri: str) -> bytes:
    """A graph as bytes, in a format given by its short name in ``formats.RDF``."""
    file = io.BytesIO()
    write_graph_to(file, triples, format, base_iri)
    return file.getvalue()


def write_graph_to(
    file: IO[bytes], triples: Iterable[ox.Triple], format: str, base_iri: str
) -> None:
    """Write a graph like ``writing.write_graph``; raises NotInXml."""
    try:
        writing.write_graph(file, triples, format, base_iri)
    except OSError as error:
        if error.errno is not None:
            raise
        raise NotInXml from error  # a property that RDF/XML reserves, such as rdf:about


class Output:
    """A binary file for one answer, which is checked, counted and limited as it is written."""

    def __init__(
        self,
        put: Callable[[bytes], None],
        most: int,
        check: Callable[[bytes], None],
        size: int = 0,
    ) -> None:
        """``put`` gets the bytes, at most ``most`` in all, in chunks of at least ``size``."""
        self._put, self._most, self._check, self._size = put, most, check, size
        self._chunk = bytearray()
        self._length = 0
        self._counter: RowCounter | None = None
        self._unit = "rows"
        #: Solutions or triples so far; None for an ASK.
        self.rows: int | None = None

    def answer(
        self,
        results: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple],
        format: Format,
        base_iri: str,
        most: int = SORTED_TRIPLES,
    ) -> None:
        """Write results in a format; up to ``most`` triples are sorted.

        Raises NotInXml, Overflow, and what ``put`` raises.
        """
        file = cast(IO[bytes], self)
        if isinstance(results, ox.QueryBoolean):
            self.write(results.serialize(format=format.results) or b"")
        elif isinstance(results, ox.QuerySolutions):
            self._counter = RowCounter(format.name)
            results.serialize(file, format.results)
        else:
            self._unit = "triples"
            write_graph_to(file, self._counted(in_order(results, most)), format.name, base_iri)

    def _counted(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        self.rows = 0
        for triple in triples:
            self.rows += 1
            yield triple

    def write(self, data: Buffer) -> int:
        """Take some bytes."""
        self._chunk += data
        if len(self._chunk) >= self._size:
            self._put(self.rest())
        return len(bytes(data))

    def flush(self) -> None:
        """Do nothing: the engine calls this at its end, and ``rest`` gives what is left."""

    def rest(self) -> bytes:
        """Return the bytes that ``put`` has not got yet; the same as if it got them."""
        chunk = bytes(self._chunk)
        self._chunk.clear()
        self._check(chunk)
        if self._counter:
            self._counter.feed(chunk)
            self.rows = self._counter.rows
        self._length += len(chunk)
        if self._length > self._most:
            raise Overflow(self.rows or 0, self._unit)
        return chunk
