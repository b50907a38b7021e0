"""The syntax of BibTeX: the chunks of a file, regular entries, and the values of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bibtexparser.model import Entry, Field

from .latex import MAX_DEPTH, MAX_LENGTH
from .source import LONGEST, SourceFile

_UNCLOSED = "a closing brace or quote is missing"
#: What is wrong with an entry that is still open when the next begins.
NEXT_BEGINS = f"the next entry begins before this one is closed: {_UNCLOSED}"
#: A line that begins an entry; its brace may be on a line below.
_BEGINS = re.compile(r"[ \t]*@[ \t]*\w+[ \t]*([{(]|\n?\Z)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the file from one line that begins an entry to the next."""

    text: str
    line: int
    #: What is wrong with an entry that is still open at its end.
    ending: str


def chunks(source: SourceFile) -> Iterator[Chunk]:
    """Split a file into chunks; one that grows too long is cut, so that no open brace holds all."""
    lines: list[str] = []
    first, size = 1, 0
    #: The place in ``lines`` of a type whose brace may be on a line below.
    bare: int | None = None
    for line in source.lines():
        cut = None
        if bare is not None and not line.isspace():
            cut = bare if line.lstrip()[0] in "{(" else None
            bare = None
        if begins := _BEGINS.match(line) if "@" in line else None:
            if begins.group(1) in ("{", "("):
                cut = len(lines)
            else:
                bare = len(lines)
        if size > LONGEST:
            fault = f"the entry is still open after {LONGEST:,} characters: {_UNCLOSED}"
            yield Chunk("".join(lines), first, fault)
            first, lines, size, bare = first + len(lines), [], 0, None
        elif cut:
            yield Chunk("".join(lines[:cut]), first, NEXT_BEGINS)
            first, lines = first + cut, lines[cut:]
            bare = None if bare is None else bare - cut
            size = sum(map(len, lines))
        lines.append(line)
        size += len(line)
    if lines:
        fault = f"the file ends before the entry is closed: {_UNCLOSED}"
        yield Chunk("".join(lines), first, fault)


#: In braces: no escaped brace, and no "@", which may begin an entry.
_LETTER = r"[^{}@\\]|\\[^{}@\\]"
_FLAT = rf"\{{(?:{_LETTER})*+\}}"
_DEEP = rf"\{{(?:{_LETTER}|{_FLAT})*+\}}"
_DEEPER = rf"\{{(?:{_LETTER}|{_DEEP})*+\}}"
_FIELD = rf"\s*([\w:+.-]+)\s*=\s*(\d+|[a-zA-Z]+|{_DEEPER})\s*"
_ENTRY = re.compile(
    r"\s*@(?!comment|preamble|string)(\w+)\{\s*([^\s{}\"=,@\\]+)\s*,"
    rf"((?:{_FIELD},)*+(?:{_FIELD})?+)\s*\}}\s*",
    re.IGNORECASE,
)
_FIELDS = re.compile(rf"{_FIELD},?", re.IGNORECASE)


def regular_entry(text: str) -> Entry | None:
    """The one entry in a text, as bibtexparser would return it, in a tenth of the time.

    None for any text that is not wholly regular; it may still be an entry.
    """
    match = _ENTRY.fullmatch(text)
    if match is None:
        return None
    fields = [Field(name, value) for name, value in _FIELDS.findall(match[3])]
    return Entry(match[1].lower(), match[2], fields, raw=text.strip())


_TOKEN = re.compile(r"[{}\"](?<!\\.)")
_BARE = re.compile(r"[^\s#{}\",=]+")


def value(raw: str, strings: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The text of a field's value, and the names of undefined strings in it.

    A value is pieces joined by "#": text in braces or quotes, a number, or the name of a string.
    Raises ValueError with a predicate as its message ("goes on after its end").
    """
    pieces: list[str] = []
    undefined: list[str] = []
    position = added = 0
    while position < len(raw):
        if raw[position] in '{"':
            end = _end(raw, position)
            pieces.append(raw[position + 1 : end - 1])
        elif bare := _BARE.match(raw, position):
            name, end = bare.group(), bare.end()
            if name.lower() not in strings and not name[0].isdigit():
                undefined.append(name)
            pieces.append(strings.get(name.lower(), name))
            added += len(pieces[-1])
            # Check before joining: a string of strings can double with each line of the file.
            if added > MAX_LENGTH:
                raise ValueError(f"is longer than {MAX_LENGTH:,} characters with its @strings")
        else:
            raise ValueError(f'has "{raw[position]}" in place of a brace, quote or number')
        end = _past_space(raw, end)
        if end < len(raw) and raw[end] != "#":
            raise ValueError("goes on after its end: a comma may be missing")
        position = _past_space(raw, end + 1)
    return "".join(pieces), tuple(undefined)


def _past_space(raw: str, position: int) -> int:
    while position < len(raw) and raw[position].isspace():
        position += 1
    return position


def _end(raw: str, start: int) -> int:
    """One past the brace or quote that closes the one at ``start``."""
    depth = 0
    for match in _TOKEN.finditer(raw, start + 1):
        token = match.group()
        if token == ("}" if raw[start] == "{" else '"') and depth == 0:
            return match.end()
        if token in "{}":
            depth += 1 if token == "{" else -1
        if depth > MAX_DEPTH:
            raise ValueError(f"has braces nested more than {MAX_DEPTH} deep")
        if depth < 0:
            raise ValueError("has one closing brace too many")
    raise ValueError("is never closed: a closing brace or quote is missing")
