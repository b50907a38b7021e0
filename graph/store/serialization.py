"""How answers are written: their rows counted, and graphs in any format."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby, islice
from typing import IO

import pyoxigraph as ox

from ...ontology import context, prefixes
from ..errors import OographError
from ..formats import RDF, Format
from ..rdf.jsonld import Context
from ..rdf.jsonld import write as write_jsonld

#: The characters that XML 1.0 cannot hold, not even escaped, and the bytes of the longest.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_LONGEST = 3
#: The ends of a chunk that may be the beginning of a mark.
_BEGUN = (b"},", b"}", b"[")


class NotInXml(OographError):
    """The answer has a character that XML cannot hold."""


class XmlCheck:
    """Sees that XML is well-formed whose texts have been escaped."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk; raises NotInXml."""
        text = self._rest + chunk
        if _NO_XML.search(text):
            raise NotInXml
        self._rest = text[1 - _LONGEST :]


def check_of(format: Format) -> Callable[[bytes], None]:
    """What is to look at the chunks of an answer in a format."""
    return XmlCheck().feed if format.media_type.endswith("+xml") else lambda chunk: None


class RowCounter:
    """Counts the rows of one answer in ``json``, ``xml``, ``csv`` or ``tsv``."""

    def __init__(self, format: str) -> None:
        self._count = _COUNTERS[format]
        #: Whether the last chunk ended between quotes.
        self.quoted = False
        self._rest = b""
        #: Rows so far; CSV and TSV begin with a row of names.
        self.rows = -1 if format in ("csv", "tsv") else 0

    def feed(self, chunk: bytes) -> None:
        """Count the rows that begin (JSON, XML) or end (CSV, TSV) in the next chunk."""
        self._rest = self._count(self, self._rest + chunk)

    def _json(self, text: bytes) -> bytes:
        # An escape that goes on in the next chunk is left for it, and so is a mark.
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
        """What lies outside quotes, a quote between its parts."""
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


#: A graph of no more triples than this is written sorted. A larger one would take more memory
#: than a query may use, and is written as its triples come.
SORTED_TRIPLES = 250_000


def in_order(triples: Iterable[ox.Triple], most: int = SORTED_TRIPLES) -> Iterator[ox.Triple]:
    """No more triples than ``most`` sorted, each once; more of them as they come.

    Sorted, the same graph is the same bytes, and Turtle keeps a subject together.
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
    """A graph in one of the formats of ``formats.RDF``, by its short name, as bytes."""
    file = io.BytesIO()
    write_graph_to(file, triples, format, base_iri)
    return file.getvalue()


def write_graph_to(
    file: IO[bytes], triples: Iterable[ox.Triple], format: str, base_iri: str
) -> None:
    """Write a graph in one of the formats of ``formats.RDF``, by its short name.

    In JSON-LD a subject is one node object as long as its triples come together.
    """
    if format == "jsonld":
        for text in write_jsonld(triples, graph_context(base_iri)):
            file.write(text.encode())
        return
    ox.serialize(triples, file, RDF[format].rdf, prefixes=prefixes(base_iri))


@cache
def graph_context(base_iri: str) -> Context:
    """The JSON-LD context that graphs are written with; read from a file the first time."""
    return Context.of(context(base_iri))
