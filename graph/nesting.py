"""Nesting: measure how deeply a file or answer is nested, before its depth crashes a parser.

It counts what the format's parser counts, so that no notation can hide the depth: in JSON the
brackets outside strings, in XML the elements, and in Turtle and similar formats the ``<<`` and
``>>`` outside all other tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Self
from xml.parsers import expat

import pyoxigraph as ox

from .errors import OographError

#: The limit for triples within triples; twice as many overflow the parser's stack.
DEEPEST = 2000
#: All bytes of JSON that are neither brackets nor quotation marks.
_NO_MARKS = bytes(set(range(256)) - set(b'"{}[]'))
#: How many brackets are counted at once; the depth in between does not matter.
_AT_ONCE = 500
#: The longest tag or comment: parsers hold it in memory.
_LONGEST = 2**24
#: What can be skipped at once in Turtle: whole IRIs, plain strings, and whatever opens nothing.
_PLAIN = re.compile(rb"(?:[^\"'<>#\\]|<[^<>]*+>|>(?=[^>])|\"(?!\")[^\"\\\n\r]*+\")*+")
#: The start of a Turtle token with arbitrary content, the marks of a triple term, or an escape.
_OPENING = re.compile(rb"\"\"\"|'''|<<|>>|[\"'<#\\]")
#: The start of a token -> its content, and its end if that has been read.
_TOKENS: Mapping[bytes, re.Pattern[bytes]] = MappingProxyType(
    {
        b'"""': re.compile(rb'(?:[^"\\]|\\.|"(?=[^"]|"[^"]))*+(?P<end>""")?', re.DOTALL),
        b"'''": re.compile(rb"(?:[^'\\]|\\.|'(?=[^']|'[^']))*+(?P<end>''')?", re.DOTALL),
        b'"': re.compile(rb'(?:[^"\\\n\r]|\\.)*+(?P<end>")?', re.DOTALL),
        b"'": re.compile(rb"(?:[^'\\\n\r]|\\.)*+(?P<end>')?", re.DOTALL),
        b"<": re.compile(rb"[^<>]*+(?P<end>>)?"),
        b"#": re.compile(rb"[^\n\r]*+(?P<end>[\n\r])?"),
        b"\\": re.compile(rb"(?P<end>.)?", re.DOTALL),
    }
)
#: At the end of a piece, this many bytes may be the incomplete end of a token.
_HALF = 2
#: Returns the bytes of a file or answer in pieces, from the start at each call.
Pieces = Callable[[], Iterable[bytes]]


class NotReadable(OographError):
    """A file or answer that must not be read, or is in the wrong format; the message says why."""


def is_too_long(error: MemoryError) -> bool:
    """Whether a parser ran out of memory only because a token is longer than its 16 MiB limit."""
    return "buffer" in str(error)


class Elements:
    """Measures how deeply the elements of an XML document are nested."""

    def __init__(self) -> None:
        self._depth = self._deepest = 0

    @classmethod
    def of(cls, parser: expat.XMLParserType) -> Self:
        """Measure the elements that a parser meets from now on."""
        elements = cls()
        parser.StartElementHandler = elements._start
        parser.EndElementHandler = elements._end
        return elements

    @property
    def are_too_deep(self) -> bool:
        """Whether triples could be nested too deeply: each level of triples takes two elements."""
        return self._deepest > 2 * DEEPEST

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._deepest = max(self._deepest, self._depth)

    def _end(self, name: str) -> None:
        self._depth -= 1


def check_nesting(pieces: Pieces, form: ox.RdfFormat | ox.QueryResultsFormat) -> None:
    """Raise NotReadable if triples are nested too deeply, or XML declares a document type.

    JSON-LD needs no check, because its parser limits the depth.
    """
    if form == ox.QueryResultsFormat.JSON:
        _check_depth(_in_json(pieces()))
    elif form in (ox.QueryResultsFormat.XML, ox.RdfFormat.RDF_XML):
        _check_xml(pieces())
    elif form != ox.RdfFormat.JSON_LD and _marks(pieces()) > DEEPEST:
        _check_depth(_in_turtle(pieces()))


def _check_depth(depths: Iterable[int]) -> None:
    if any(depth > DEEPEST for depth in depths):
        raise _too_deep()


def _too_deep() -> NotReadable:
    return NotReadable(f"it has more than {DEEPEST:,} levels of triples within triples")


def _in_json(pieces: Iterable[bytes]) -> Iterator[int]:
    """Yield half the depth of brackets: a triple has two pairs, around itself and its parts."""
    depth, is_string, cut = 0, False, b""
    for each in pieces:
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


def _check_xml(pieces: Iterable[bytes]) -> None:
    parser = expat.ParserCreate("utf-8")  # ignores a declared encoding, as the real parser does
    elements = Elements.of(parser)
    parser.StartDoctypeDeclHandler = _refuse_type
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if elements.are_too_deep:
                raise _too_deep()
            if fed - parser.CurrentByteIndex > _LONGEST:
                raise NotReadable(f"a tag or comment is longer than {_LONGEST:,} bytes")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotReadable(f"it is not valid XML: {error}") from error


def _refuse_type(*_: object) -> None:
    raise NotReadable("it declares a document type, which could define entities of any length")


def _marks(pieces: Iterable[bytes]) -> int:
    """Count ``<<``, even if split between pieces; at least as many as there are triple terms."""
    count, last = 0, b""
    for piece in pieces:
        count += (last + piece).count(b"<<")
        last = piece[-1:]
    return count


def _in_turtle(pieces: Iterable[bytes]) -> Iterator[int]:
    """Yield the greatest depth in each piece; at an invalid token, a parser stops anyway."""
    depth, token, rest = 0, b"", b""
    for piece in chain(pieces, [b" " * _HALF]):  # padding, to read the last piece to its end
        text, place, deepest = rest + piece, 0, depth
        while len(text) - place > _HALF:
            if token:
                held = _TOKENS[token].match(text, place)
                place = held.end() if held else place
                is_whole = held is not None and held["end"] is not None
                if not is_whole and len(text) - place <= _HALF:
                    break
                token = b""
                continue
            plain = _PLAIN.match(text, place)
            place = plain.end() if plain else place
            opening = _OPENING.match(text, place)
            if opening is None or len(text) - place <= _HALF:
                break
            place = opening.end()
            if opening[0] in (b"<<", b">>"):
                depth += 1 if opening[0] == b"<<" else -1
                deepest = max(deepest, depth)
            else:
                token = opening[0]
        rest = text[place:]
        yield deepest
