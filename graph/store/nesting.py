"""Nesting: how deep a reply goes, measured before anything that its depth could end reads it.

What is counted is what the format's parser goes by, so that no spelling hides it: in JSON brackets
outside of strings, in XML elements, in Turtle the marks of terms outside of all other tokens.
"""

from __future__ import annotations

import mmap
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from ..errors import OographError
from .answers import Spool
from .endpoint import TooLate

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

#: Triples within triples: half as many as overflow the stack of what reads them.
_DEEPEST = 2000
#: All bytes of JSON but those that brackets and the ends of strings are told by.
_NO_MARKS = bytes(set(range(256)) - set(b'"{}[]'))
#: How many brackets are counted at once: the depth between them does not matter.
_AT_ONCE = 500
#: The longest tag or comment: what parsers hold in memory.
_LONGEST = 2**24
#: What has an end of its own in Turtle and N-Triples, and the marks of a triple that is a term.
_TOKEN = re.compile(
    rb'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'
    rb"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''"
    rb'|"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"'
    rb"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+'"
    rb"|<[^<>]*+>|#[^\n\r]*+|\\."
    rb"|(?P<opening><<)|(?P<closing>>>)",
    re.DOTALL,
)
_Format = ox.RdfFormat | ox.QueryResultsFormat


class NotReadable(OographError):
    """A body that is not what was asked for, or must not be read; the message says why."""


def check_nesting(body: Spool, form: _Format, until: float) -> None:
    """Raises NotReadable where a reply is nested too deeply, or is XML that declares a type.

    And TooLate after ``until``, a time of the monotonic clock.
    """
    for depth in _DEPTHS[form](body):
        if depth > _DEEPEST:
            raise NotReadable(f"it has more than {_DEEPEST:,} triples within triples")
        if time.monotonic() > until:
            raise TooLate


def _in_json(body: Spool) -> Iterator[int]:
    """Half the depth of brackets: a triple has two, around itself and around its parts."""
    depth, is_string, cut = 0, False, b""
    for each in body:
        piece = cut + each
        cut = b"\\" if (len(piece) - len(piece.rstrip(b"\\"))) % 2 else b""
        unescaped = piece[: len(piece) - len(cut)].replace(rb"\\", b"").replace(rb"\"", b"")
        parts = unescaped.translate(None, _NO_MARKS).split(b'"')
        brackets = b"".join(parts[is_string::2])
        is_string ^= len(parts) % 2 == 0
        for start in range(0, len(brackets), _AT_ONCE):
            few = brackets[start : start + _AT_ONCE]
            depth += few.count(b"{") + few.count(b"[") - few.count(b"}") - few.count(b"]")
            yield depth // 2


class _Elements:
    """How deep the elements of a document are."""

    def __init__(self) -> None:
        self.depth = self.deepest = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)

    def end(self, name: str) -> None:
        self.depth -= 1


def _in_xml(body: Spool) -> Iterator[int]:
    """Half the depth of elements: a triple has two, its own and that of its place in another."""
    elements = _Elements()
    parser = expat.ParserCreate("utf-8")  # whatever it declares: so does what will read it
    parser.StartElementHandler = elements.start
    parser.EndElementHandler = elements.end
    parser.StartDoctypeDeclHandler = _refuse_type
    fed = 0
    try:
        for piece in body:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > _LONGEST:
                raise NotReadable(f"a tag or comment is longer than {_LONGEST:,} bytes")
            yield elements.deepest // 2
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotReadable(f"it is no XML: {error}") from error


def _refuse_type(*_: object) -> None:
    raise NotReadable("it has a document type, which may declare entities of any length")


@contextmanager
def _mapped(body: Spool) -> Iterator[Buffer]:
    """All bytes of a body at once, without a copy of a large one."""
    if body.in_memory:
        yield body.file.read()
        return
    with mmap.mmap(body.file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        yield text


def _in_turtle(body: Spool) -> Iterator[int]:
    """The depth of the marks of terms, where there are enough to matter."""
    if sum(piece.count(b"<<") for piece in body) <= _DEEPEST // 2:  # some are cut in two
        return
    depth = 0
    with _mapped(body) as text:
        for token in _TOKEN.finditer(text):
            if token.lastgroup:
                depth += 1 if token.lastgroup == "opening" else -1
            yield depth


_DEPTHS: Mapping[_Format, Callable[[Spool], Iterator[int]]] = MappingProxyType(
    {
        ox.QueryResultsFormat.JSON: _in_json,
        ox.QueryResultsFormat.XML: _in_xml,
        ox.RdfFormat.N_TRIPLES: _in_turtle,
        ox.RdfFormat.TURTLE: _in_turtle,
        ox.RdfFormat.RDF_XML: _in_xml,
    }
)
