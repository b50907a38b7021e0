"""The pieces of a BibTeX file: stretches of it that are, or should have been, one entry.

bibtexparser finds them in text that is not regular. It tolerates a value that goes on after its
end (a missing comma) and keeps the text between entries as comments. Here the former is a fault,
and so is a comment that looks like an entry.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.model import Entry as EntryBlock
from bibtexparser.splitter import Splitter

from ..dates import MONTHS
from ..model import Problem, Source
from .bibtex_syntax import NEXT_BEGINS, Chunk, regular_entry
from .bibtex_syntax import value as value_of
from .fields import NEVER_READ, stated
from .latex import MAX_LENGTH, fold_space, readable
from .source import LONGEST
from .values import problem

# Each failed block becomes a reject with its reason; the library's own log would repeat it.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

#: "@ article" and its brace may be apart or on two lines; bibtexparser needs them on one.
_TYPE_LINE = re.compile(r"^([ \t]*@)([ \t]*)(\w+)[ \t]*((?:\n[ \t]*)*)([{(])", re.MULTILINE)
_ENTRY_LIKE = re.compile(r"^[ \t]*@[ \t]*\w|@[\w-]+[ \t]*[{(]|\w[ \t]*=[ \t]*[{\"]", re.MULTILINE)
_FIELDS_LIKE = re.compile(r"[\s,}]*[A-Za-z][\w-]*\s*=")
_NO_ENTRY = re.compile(r"@(?:comment|preamble)", re.IGNORECASE)
_KEY = re.compile(r"@[ \t]*\w*\s*[{(]\s*([^\s,={}\"]+)\s*[,\n]")
_STRING = re.compile(r"@[ \t]*string", re.IGNORECASE)
_NEXT = re.compile(r"@\w*[ \t]*\Z")
_MARK = re.compile(r"\\.|[{}\"%]", re.DOTALL)
_FIELD_NAME = re.compile(r"[^\s{}\"'(),=#%\\]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file that is (or should have been) one entry."""

    source: Source
    text: str
    kind: str = ""
    fields: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    #: Why it is not an entry; "" if it is.
    fault: str = ""


class Strings(dict[str, str]):
    """The @strings of a file by lower-case name, up to a total length."""

    def __init__(self) -> None:
        super().__init__({month: month for month in MONTHS})
        self._room = LONGEST
        #: The names of those beyond that length.
        self.too_long: set[str] = set()

    @property
    def length(self) -> int:
        """The total length of all strings, in characters."""
        return LONGEST - self._room

    def define(self, block: Block) -> None:
        """Keep the @string that a block defines, unless it or a string it uses is too long."""
        string = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if not isinstance(string, String):
            return
        name = string.key.lower()
        try:
            text, undefined = value_of(string.value, self)
        except ValueError:
            self.too_long.add(name)
            return
        self._room -= len(text)
        if self._room <= 0 or not self.too_long.isdisjoint(map(str.lower, undefined)):
            self.too_long.add(name)
        elif not undefined:
            self[name] = text


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block begins, and what is wrong if it is still open when its chunk ends."""

    file: str
    line: int
    ending: str


def pieces(
    chunks: Iterable[Chunk], strings: Strings, file: str, wants: Callable[[str], bool]
) -> Iterator[Piece]:
    """The pieces of the chunks whose text is wanted; a @string applies once it is defined."""
    for chunk in chunks:
        text = readable(chunk.text)
        if _STRING.search(text) or wants(text):
            yield from _pieces_of(text, chunk, strings, file)


def define_strings(chunk: Chunk, strings: Strings, file: str) -> None:
    """Add the @strings that a chunk defines."""
    if _STRING.search(chunk.text):
        for _ in _pieces_of(readable(chunk.text), chunk, strings, file):
            pass


def _pieces_of(text: str, chunk: Chunk, strings: Strings, file: str) -> Iterator[Piece]:
    if regular := regular_entry(text):
        line = chunk.line + text.count("\n", 0, text.index("@"))
        yield _entry_piece(regular, strings, file, line)
        return
    text = _TYPE_LINE.sub(_on_one_line, _without_comments(text))
    blocks = Splitter(text).split().blocks
    starts = _starts(text, blocks, chunk.line)
    index = 0
    while index < len(blocks):
        after = index + 1
        while after < len(blocks) and isinstance(blocks[after], ImplicitComment):
            after += 1
        start, line = starts[index]
        end = starts[after][0] if after < len(blocks) else len(text)
        strings.define(blocks[index])
        at = _Place(file, line, chunk.ending)
        yield from _stretch(blocks[index], text[start:end], strings, at)
        index = after


def _without_comments(text: str) -> str:
    """The text without comments between the fields of an entry ("% year = 2020"), as in biber.

    The lines stay, so that their numbers do.
    """
    if "%" not in text:
        return text
    parts: list[str] = []
    start = place = depth = 0
    is_quoted = False
    while match := _MARK.search(text, place):
        mark, place = match.group(), match.end()
        if mark == "%" and depth == 1 and not is_quoted:
            parts.append(text[start : match.start()])
            end = text.find("\n", place)
            start = place = end if end >= 0 else len(text)
        elif mark == '"' and depth == 1:
            is_quoted = not is_quoted
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
    return "".join([*parts, text[start:]])


def _on_one_line(match: re.Match[str]) -> str:
    at, space, kind, newlines, brace = match.groups()
    # The newline moves behind the brace, so that line numbers stay the same.
    return f"{at}{kind}{brace}{newlines}" if space or newlines else match.group()


def _starts(text: str, blocks: list[Block], line: int) -> list[tuple[int, int]]:
    """The (character, line) where each block starts: the parser gives only the line of most."""
    starts: list[tuple[int, int]] = []
    position = 0
    for block in blocks:
        raw = block.raw or ""
        start = max(text.find(raw, position), position)
        line += text.count("\n", position, start)
        starts.append((start, line))
        position = start + len(raw)
        if isinstance(block, ParsingFailedBlock) and (over := _NEXT.search(raw, 1)):
            # The parser includes the start of the next block in both.
            position -= len(over.group())
        line += text.count("\n", start, position)
    return starts


def _stretch(block: Block, text: str, strings: Strings, at: _Place) -> Iterator[Piece]:
    """The pieces of a block and of the text that follows it, up to the next block."""
    raw, inner = block.raw or "", _entry_block(block)
    file, line = at.file, at.line
    rest = text[len(raw) :]
    if inner is not None and _FIELDS_LIKE.match(rest):
        fault = "the entry is closed before its last field: there is one closing brace too many"
        yield _broken(text, file, line, fault)
        return
    if isinstance(block, ParsingFailedBlock) and inner is None:
        if not isinstance(block.ignore_error_block, String) and not _NO_ENTRY.match(raw):
            yield _broken(text, file, line, _reason(block, at.ending))
            return
        rest = text[1:]
    elif isinstance(block, ImplicitComment):
        rest = text
    if inner is not None:
        yield _entry_piece(inner, strings, file, line)
    line += text[: len(text) - len(rest)].count("\n")
    yield from _stray(rest, file, line)


def _stray(text: str, file: str, line: int) -> Iterator[Piece]:
    """Text outside any entry: a reject if it looks like one, nothing for a comment."""
    for part in re.split(r"^(?=[ \t]*@)", text, flags=re.MULTILINE):
        if _ENTRY_LIKE.search(part):
            lead = len(part) - len(part.lstrip())
            fault = 'this looks like an entry but does not begin with "@type{key,"'
            yield _broken(part, file, line + part[:lead].count("\n"), fault)
        line += part.count("\n")


def _entry_block(block: Block) -> EntryBlock | None:
    """The entry in a block, even if its key or one of its fields occurs twice."""
    inner: Block | None = block
    while isinstance(inner, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = inner.ignore_error_block
    return inner if isinstance(inner, EntryBlock) else None


def _broken(text: str, file: str, line: int, fault: str) -> Piece:
    key = _KEY.search(text)
    source = Source(file, key.group(1) if key else f"line-{line}", line)
    return Piece(source, text.strip(), fault=fault)


def _reason(block: ParsingFailedBlock, ending: str) -> str:
    reason = str(getattr(block.error, "abort_reason", "") or block.error)
    if reason.startswith("Unexpectedly reached end"):
        return ending
    if reason.startswith("Unexpected block start"):
        return NEXT_BEGINS
    if reason.startswith("Expected comma after entry key"):
        return "a comma is missing after the entry's key"
    if reason.startswith("Expected a `=`"):
        return 'a field has no "=": an equals sign or a comma may be missing'
    return f"the entry cannot be read: {reason.strip().rstrip('.')}"


def _entry_piece(block: EntryBlock, strings: Strings, file: str, line: int) -> Piece:
    text = block.raw or ""
    key = fold_space(block.key) or f"line-{line}"
    source = Source(file, key, line)
    fields: dict[str, str] = {}
    length = 0
    problems: list[Problem] = []
    if not fold_space(block.key):
        message = "the entry has no key; its line number is used instead"
        problems.append(problem(source, "warning", message, "Give the entry a key."))
    for field in block.fields:
        name = field.key.lower()
        if not _FIELD_NAME.fullmatch(name):
            fault = f'"{fold_space(name)[:80]}" is not a field name: a comma may be missing'
            return Piece(source, text, fault=fault)
        try:
            value, undefined = value_of(field.value, strings)
        except ValueError as error:
            return Piece(source, text, fault=f'the value of "{name}" {error}')
        if not strings.too_long.isdisjoint(map(str.lower, undefined)):
            fault = f'the value of "{name}" uses a @string that is too long'
            return Piece(source, text, fault=fault)
        length += len(value)
        if length > len(text) + MAX_LENGTH:
            fault = f"@strings add more than {MAX_LENGTH:,} characters to the entry"
            return Piece(source, text, fault=fault)
        problems += [
            problem(
                source,
                "warning",
                f'no @string "{string}" is defined before this entry; it was read as text',
                "Put the text in braces, or define the @string earlier in this file.",
                name,
                string,
            )
            for string in undefined
        ]
        if name in fields and name not in NEVER_READ | {"abstract"}:
            message = f'the field "{name}" occurs twice; the first one was used'
            remedy = "Remove the wrong one."
            problems.append(problem(source, "warning", message, remedy, name, value))
        fields.setdefault(name, value)
    source = replace(source, stated=stated(fields))
    return Piece(source, text, block.entry_type, fields, tuple(problems))
