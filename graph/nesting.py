"""Nesting: how deep a file or answer goes, measured before its depth ends what reads it.

What is counted is what the format's parser goes by, so that no spelling hides it: in JSON brackets
outside of strings, in XML elements, in Turtle and its kin the marks of terms outside of all other
tokens.
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

#: Triples within triples: half as many as overflow the stack of what reads them.
DEEPEST = 2000
#: All bytes of JSON but those that brackets and the ends of strings are told by.
_NO_MARKS = bytes(set(range(256)) - set(b'"{}[]'))
#: How many brackets are counted at once: the depth between them does not matter.
_AT_ONCE = 500
#: The longest tag or comment: what parsers hold in memory.
_LONGEST = 2**24
#: What is passed over in Turtle at once: whole IRIs and plain texts, and all that opens nothing.
_PLAIN = re.compile(rb"(?:[^\"'<>#\\]|<[^<>]*+>|>(?=[^>])|\"(?!\")[^\"\\\n\r]*+\")*+")
#: What opens a token of Turtle that may hold anything; the marks of a term; an escape.
_OPENING = re.compile(rb"\"\"\"|'''|<<|>>|[\"'<#\\]")
#: What such a token holds, and its end where it is there; so many bytes may be half an end.
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
_HALF = 2
#: What gives the bytes of a file or answer, piece by piece, from the start at each call.
Pieces = Callable[[], Iterable[bytes]]


class NotReadable(OographError):
    """What must not be read, or is not what was asked for; the message says why."""


def is_too_long(error: MemoryError) -> bool:
    """Whether a parser lacks memory only for one token longer than the 16 MiB that it holds."""
    return "buffer" in str(error)


class Elements:
    """How deep the elements of an XML document are."""

    def __init__(self) -> None:
        self._depth = self._deepest = 0

    @classmethod
    def of(cls, parser: expat.XMLParserType) -> Self:
        """Those that a parser meets from now on."""
        elements = cls()
        parser.StartElementHandler = elements._start
        parser.EndElementHandler = elements._end
        return elements

    @property
    def are_too_deep(self) -> bool:
        """Whether triples could be too deep: each is in two, its own and that of its place."""
        return self._deepest > 2 * DEEPEST

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._deepest = max(self._deepest, self._depth)

    def _end(self, name: str) -> None:
        self._depth -= 1


def check_nesting(pieces: Pieces, form: ox.RdfFormat | ox.QueryResultsFormat) -> None:
    """Raises NotReadable where triples are within triples too deeply, or XML declares a type.

    JSON-LD needs no check: its parser bounds its depth.
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
    return NotReadable(f"it has more than {DEEPEST:,} triples within triples")


def _in_json(pieces: Iterable[bytes]) -> Iterator[int]:
    """Half the depth of brackets: a triple has two, around itself and around its parts."""
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
    parser = expat.ParserCreate("utf-8")  # whatever it declares: so does what will read it
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
        raise NotReadable(f"it is no XML: {error}") from error


def _refuse_type(*_: object) -> None:
    raise NotReadable("it has a document type, which may declare entities of any length")


def _marks(pieces: Iterable[bytes]) -> int:
    """No fewer than the marks that open a term, wherever they are cut."""
    count, last = 0, b""
    for piece in pieces:
        count += (last + piece).count(b"<<")
        last = piece[-1:]
    return count


def _in_turtle(pieces: Iterable[bytes]) -> Iterator[int]:
    """The greatest depth in each piece; where a token is wrong, a parser goes no further."""
    depth, token, rest = 0, b"", b""
    for piece in chain(pieces, [b" " * _HALF]):  # so that the last is looked at whole
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
