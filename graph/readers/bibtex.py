"""The BibTeX and BibLaTeX reader: bibtexparser finds the entries, this module judges them.

bibtexparser is lenient where a value goes on after its end (a missing comma) and keeps the text
between entries as comments; here the first is a reject, and so is a comment that looks like an
entry, so that entries in = records + rejects.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
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
from ..model import Entry, Problem, Source
from .bibtex_syntax import NEXT_BEGINS, Chunk, chunks, regular_entry
from .bibtex_syntax import value as value_of
from .fields import NEVER_READ, READ, UNSAID, entry, stated
from .latex import MAX_LENGTH, fold_space, readable
from .source import LONGEST, SourceFile
from .unread import Unread
from .values import problem, reject

# Each failed block is an Entry with its Problem; the library's own log would say it twice.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_REMEDY = "Fix the entry and import it again."
#: "@ article" and its brace may stand apart and on two lines; bibtexparser wants them on one.
_TYPE_LINE = re.compile(r"^([ \t]*@)([ \t]*)(\w+)[ \t]*((?:\n[ \t]*)*)([{(])", re.MULTILINE)
#: The start of an entry on a line; not what begins a rule of a style sheet.
_FIRST = re.compile(
    r"^[ \t]*@[ \t]*(?!(?:media|import|page|supports|container)\b)\w+\s*[{(]", re.MULTILINE
)
_ENTRY_LIKE = re.compile(r"^[ \t]*@[ \t]*\w|@[\w-]+[ \t]*[{(]|\w[ \t]*=[ \t]*[{\"]", re.MULTILINE)
_FIELDS_LIKE = re.compile(r"[\s,}]*[A-Za-z][\w-]*\s*=")
_NO_ENTRY = re.compile(r"@(?:comment|preamble)", re.IGNORECASE)
_KEY = re.compile(r"@[ \t]*\w*\s*[{(]\s*([^\s,={}\"]+)\s*[,\n]")
_KEYS = re.compile(r"@[ \t]*\w*\s*[{(]([^,]*),")
_STRING = re.compile(r"@[ \t]*string", re.IGNORECASE)
_INHERITS = re.compile(r"\b(?:crossref|xdata)\s*=", re.IGNORECASE)
_NEXT = re.compile(r"@\w*[ \t]*\Z")
_FIELD_NAME = re.compile(r"[^\s{}\"'(),=#%\\]+")

#: What BibTeX does not hand down from the entry another one names in ``crossref``, and what
#: would be untrue of a part: the DOI, address and pages of the whole.
_OWN = NEVER_READ | set(
    "abstract title subtitle titleaddon doi url eprint eprinttype archiveprefix pages keywords "
    "note howpublished crossref xref ids key options related shorttitle sortkey".split()
)
_PARTS = frozenset({"inproceedings", "conference", "incollection", "inbook", "inreference"})
#: The characters of a part: 300 entries of an export, which take a tenth of a second.
_PART_LENGTH = 1 << 17


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the file that is (or should have been) one entry."""

    source: Source
    text: str
    kind: str = ""
    fields: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    #: Why it is none; "" for an entry.
    fault: str = ""


class _Strings(dict[str, str]):
    """The @strings of a file by lower-case name, as many as memory has room for."""

    def __init__(self) -> None:
        super().__init__({month: month for month in MONTHS})
        self._room = LONGEST
        #: Those that there was no room for.
        self.too_long: set[str] = set()

    @property
    def length(self) -> int:
        """The characters of all of them."""
        return LONGEST - self._room

    def define(self, block: Block) -> None:
        """Keep the @string that a block defines, unless it or one that it names is too long."""
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
    """Where a block stands, and what is wrong if it is still open at the end of its chunk."""

    file: str
    line: int
    ending: str


def looks_like(head: str) -> bool:
    """True for text in which a line begins an entry of BibTeX."""
    return _FIRST.search(head) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file with what reading it takes: any process can."""

    file: str
    chunks: tuple[Chunk, ...]
    #: Those that are defined before it.
    strings: _Strings
    #: By key, case folded: the fields of the entries that others inherit from.
    parents: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PartEntry:
    """An entry, and what only the whole of its file can judge."""

    entry: Entry
    #: Where among its problems one with its key stands; None for what has no key of its own.
    key_place: int | None = None
    #: The names of its fields that nobody reads.
    unread: tuple[str, ...] = ()


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each entry of a .bib file, in file order; those that are broken as rejects.

    A ``@xdata`` is no entry: it holds what others inherit.
    """
    yield from joined(_entries(chunks(source), _Strings(), _parents(source), source.name))


def parts(source: SourceFile) -> Iterator[Part]:
    """A file in parts, for ``read_part`` and then ``joined``: together they are ``read``.

    A part is at least as long as what comes with it, so that all of them are at most twice as long
    as the file.
    """
    parents = _parents(source)
    inherited = sum(len(text) for fields in parents.values() for text in fields.values())
    strings = _Strings()
    defined = deepcopy(strings)
    stretch: list[Chunk] = []
    length = 0
    for chunk in chunks(source):
        stretch.append(chunk)
        length += len(chunk.text)
        if _STRING.search(chunk.text):
            for _ in _pieces_of(readable(chunk.text), chunk, strings, source.name):
                pass  # what it defines holds for the parts that follow
        if length >= max(_PART_LENGTH, inherited + strings.length):
            yield Part(source.name, tuple(stretch), defined, parents)
            stretch, length, defined = [], 0, deepcopy(strings)
    if stretch:
        yield Part(source.name, tuple(stretch), defined, parents)


def read_part(part: Part) -> Iterator[PartEntry]:
    """The entries of a part."""
    return _entries(part.chunks, deepcopy(part.strings), part.parents, part.file)


def joined(entries: Iterable[PartEntry]) -> Iterator[Entry]:
    """The entries of a file, with what there is to say of a key that occurs twice and, behind the
    last, of fields that nobody reads."""
    unread = Unread("field", "Correct its name where it says something of the work.")
    return unread.named_last(_with_keys(entries, unread))


def _with_keys(entries: Iterable[PartEntry], unread: Unread) -> Iterator[Entry]:
    keys: set[str] = set()
    for each in entries:
        unread.add(each.unread)
        entry = each.entry
        if each.key_place is not None:
            if entry.source.key in keys:
                message = f'the key "{entry.source.key}" is taken by an earlier entry of this file'
                remedy = "Give one of the two another key, or remove one if they are the same."
                problems = list(entry.problems)
                problems.insert(each.key_place, problem(entry.source, "warning", message, remedy))
                entry = replace(entry, problems=tuple(problems))
            keys.add(entry.source.key)
        yield entry


def _entries(
    chunks: Iterable[Chunk],
    strings: _Strings,
    parents: Mapping[str, Mapping[str, str]],
    file: str,
) -> Iterator[PartEntry]:
    for piece in _pieces(chunks, strings, file, lambda text: True):
        if piece.fault or piece.fields is None:
            yield PartEntry(reject(piece.source, piece.text, piece.fault, _REMEDY))
            continue
        if piece.kind == "xdata":
            continue
        fields, inherited = _with_inherited(piece, parents)
        problems = [*piece.problems, *inherited]
        read = entry(piece.kind, fields, piece.source, piece.text, problems)
        # the reason of a reject comes first
        place = len(problems) + (read.record is None)
        unread = tuple(name for name in piece.fields if name not in READ | UNSAID)
        yield PartEntry(read, place, unread)


def _parents(source: SourceFile) -> Mapping[str, Mapping[str, str]]:
    """By key, case folded: the fields of the entries that others inherit from."""
    if not any("crossref" in line or "xdata" in line for line in map(str.lower, source.lines())):
        return {}  # as in most files, in a third of the time
    children = _pieces(
        chunks(source), _Strings(), source.name, lambda text: _INHERITS.search(text) is not None
    )
    wanted = {
        key.casefold()
        for piece in children
        for way in ("crossref", "xdata")
        for key in _named(piece.fields or {}, way)
    }
    if not wanted:
        return {}
    parents: dict[str, Mapping[str, str]] = {}
    for piece in _pieces(
        chunks(source),
        _Strings(),
        source.name,
        lambda text: any(fold_space(k).casefold() in wanted for k in _KEYS.findall(text)),
    ):
        key = piece.source.key.casefold()
        if piece.fields is not None and key in wanted:
            parents.setdefault(key, piece.fields)
    return parents


def _named(fields: Mapping[str, str], way: str) -> list[str]:
    """The keys of the entries that a field names: one in ``crossref``, several in ``xdata``."""
    return [key for key in map(fold_space, fields.get(way, "").split(",")) if key]


def _with_inherited(
    piece: _Piece, parents: Mapping[str, Mapping[str, str]]
) -> tuple[Mapping[str, str], list[Problem]]:
    """The fields of an entry, those of its ``xdata``, and what its ``crossref`` hands down."""
    fields = piece.fields or {}
    problems: list[Problem] = []
    for way in ("xdata", "crossref"):
        for key in _named(fields, way):
            parent = parents.get(key.casefold())
            if parent is None:
                message = f'there is no entry "{key}" in this file to inherit from'
                remedy = (
                    "Import the file that has it together with this one, or write the fields here."
                )
                problems.append(problem(piece.source, "warning", message, remedy, way, key))
                continue
            handed = parent if way == "xdata" else _handed_down(parent, piece.kind)
            if "date" in fields or "year" in fields:
                handed = {n: t for n, t in handed.items() if n not in ("date", "year", "month")}
            fields = {**handed, **fields}
    return fields, problems


def _handed_down(parent: Mapping[str, str], kind: str) -> Mapping[str, str]:
    """What an entry of a kind has of the one that its ``crossref`` names."""
    handed = {name: text for name, text in parent.items() if name not in _OWN}
    if kind in _PARTS:
        handed.setdefault("booktitle", parent.get("title", ""))
    return handed


def _pieces(
    chunks: Iterable[Chunk], strings: _Strings, file: str, wants: Callable[[str], bool]
) -> Iterator[_Piece]:
    """The pieces of the chunks whose text is wanted; a @string holds from where it is defined."""
    for chunk in chunks:
        text = readable(chunk.text)
        if _STRING.search(text) or wants(text):
            yield from _pieces_of(text, chunk, strings, file)


def _pieces_of(text: str, chunk: Chunk, strings: _Strings, file: str) -> Iterator[_Piece]:
    if regular := regular_entry(text):
        line = chunk.line + text.count("\n", 0, text.index("@"))
        yield _entry_piece(regular, strings, file, line)
        return
    text = _TYPE_LINE.sub(_on_one_line, text)
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


def _on_one_line(match: re.Match[str]) -> str:
    at, space, kind, newlines, brace = match.groups()
    # The newline moves behind the brace, so that lines keep their numbers.
    return f"{at}{kind}{brace}{newlines}" if space or newlines else match.group()


def _starts(text: str, blocks: list[Block], line: int) -> list[tuple[int, int]]:
    """The (character, line) each block starts at: the parser says only the line, of most."""
    starts: list[tuple[int, int]] = []
    position = 0
    for block in blocks:
        raw = block.raw or ""
        start = max(text.find(raw, position), position)
        line += text.count("\n", position, start)
        starts.append((start, line))
        position = start + len(raw)
        if isinstance(block, ParsingFailedBlock) and (over := _NEXT.search(raw, 1)):
            # The parser gives the start of the next block to both.
            position -= len(over.group())
        line += text.count("\n", start, position)
    return starts


def _stretch(block: Block, text: str, strings: _Strings, at: _Place) -> Iterator[_Piece]:
    """The pieces of a block and of the text that follows it, up to the next block."""
    raw, inner = block.raw or "", _entry_block(block)
    file, line = at.file, at.line
    rest = text[len(raw) :]
    if inner is not None and _FIELDS_LIKE.match(rest):
        fault = "the entry is closed before its last field: there is a closing brace too many"
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


def _stray(text: str, file: str, line: int) -> Iterator[_Piece]:
    """Text outside any entry: a reject for what looks like one, nothing for a comment."""
    for part in re.split(r"^(?=[ \t]*@)", text, flags=re.MULTILINE):
        if _ENTRY_LIKE.search(part):
            lead = len(part) - len(part.lstrip())
            fault = 'this looks like an entry but does not begin with "@type{key,"'
            yield _broken(part, file, line + part[:lead].count("\n"), fault)
        line += part.count("\n")


def _entry_block(block: Block) -> EntryBlock | None:
    """The entry in a block; one whose key or field occurs twice is one too."""
    inner: Block | None = block
    while isinstance(inner, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = inner.ignore_error_block
    return inner if isinstance(inner, EntryBlock) else None


def _broken(text: str, file: str, line: int, fault: str) -> _Piece:
    key = _KEY.search(text)
    source = Source(file, key.group(1) if key else f"line-{line}", line)
    return _Piece(source, text.strip(), fault=fault)


def _reason(block: ParsingFailedBlock, ending: str) -> str:
    reason = str(getattr(block.error, "abort_reason", "") or block.error)
    if reason.startswith("Unexpectedly reached end"):
        return ending
    if reason.startswith("Unexpected block start"):
        return NEXT_BEGINS
    if reason.startswith("Expected comma after entry key"):
        return "there is no comma after the key of the entry"
    if reason.startswith("Expected a `=`"):
        return 'a field has no "=": an equals sign or a comma may be missing'
    return f"the entry cannot be read: {reason.strip().rstrip('.')}"


def _entry_piece(block: EntryBlock, strings: _Strings, file: str, line: int) -> _Piece:
    text = block.raw or ""
    key = fold_space(block.key) or f"line-{line}"
    source = Source(file, key, line)
    fields: dict[str, str] = {}
    length = 0
    problems: list[Problem] = []
    if not fold_space(block.key):
        message = "the entry has no key; it is known by its line"
        problems.append(problem(source, "warning", message, "Give the entry a key."))
    for field in block.fields:
        name = field.key.lower()
        if not _FIELD_NAME.fullmatch(name):
            fault = f'"{fold_space(name)[:80]}" is no name of a field: a comma may be missing'
            return _Piece(source, text, fault=fault)
        try:
            value, undefined = value_of(field.value, strings)
        except ValueError as error:
            return _Piece(source, text, fault=f'the value of "{name}" {error}')
        if not strings.too_long.isdisjoint(map(str.lower, undefined)):
            fault = f'the value of "{name}" names a @string that is too long'
            return _Piece(source, text, fault=fault)
        length += len(value)
        if length > len(text) + MAX_LENGTH:
            fault = f"its @strings add more than {MAX_LENGTH:,} characters to the entry"
            return _Piece(source, text, fault=fault)
        problems += [
            problem(
                source,
                "warning",
                f'"{string}" is no @string of this file; it was taken as text',
                "Put the text in braces, or define the @string in this file.",
                name,
                string,
            )
            for string in undefined
        ]
        if name in fields and name not in NEVER_READ | {"abstract"}:
            message = f'the field "{name}" occurs twice; the first was read'
            remedy = "Remove the one that is wrong."
            problems.append(problem(source, "warning", message, remedy, name, value))
        fields.setdefault(name, value)
    source = replace(source, stated=stated(fields))
    return _Piece(source, text, block.entry_type, fields, tuple(problems))
