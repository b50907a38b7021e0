"""The BibTeX and BibLaTeX reader: the pieces of a file, judged: entries in = records + rejects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from ..model import Entry, Problem
from .bibtex_pieces import Piece, Strings, define_strings, pieces
from .bibtex_syntax import Chunk, chunks
from .fields import NEVER_READ, READ, UNSAID, entry
from .latex import fold_space
from .source import SourceFile
from .unread import Unread
from .values import problem, reject

_REMEDY = "Fix the entry and import it again."
#: The start of an entry on a line; not what begins a rule of a style sheet.
_FIRST = re.compile(
    r"^[ \t]*@[ \t]*(?!(?:media|import|page|supports|container)\b)\w+\s*[{(]", re.MULTILINE
)
_KEYS = re.compile(r"@[ \t]*\w*\s*[{(]([^,]*),")
_INHERITS = re.compile(r"\b(?:crossref|xdata)\s*=", re.IGNORECASE)
#: What BibTeX does not hand down from the entry another one names in ``crossref``, and what
#: would be untrue of a part: the DOI, address and pages of the whole.
_OWN = NEVER_READ | set(
    "abstract title subtitle titleaddon doi url eprint eprinttype archiveprefix pages keywords "
    "note howpublished crossref xref ids key options related shorttitle sortkey".split()
)
_PARTS = frozenset({"inproceedings", "conference", "incollection", "inbook", "inreference"})
#: The characters of a part: 300 entries of an export, which take a tenth of a second.
_PART_LENGTH = 1 << 17


def looks_like(head: str) -> bool:
    """True for text in which a line begins an entry of BibTeX."""
    return _FIRST.search(head) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file with what reading it takes: any process can."""

    file: str
    chunks: tuple[Chunk, ...]
    #: Those that are defined before it.
    strings: Strings
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
    yield from joined(_entries(chunks(source), Strings(), _parents(source), source.name))


def parts(source: SourceFile) -> Iterator[Part]:
    """A file in parts, for ``read_part`` and then ``joined``: together they are ``read``.

    A part is at least as long as what comes with it, so that all of them are at most twice as long
    as the file.
    """
    parents = _parents(source)
    inherited = sum(len(text) for fields in parents.values() for text in fields.values())
    strings = Strings()
    defined = deepcopy(strings)
    stretch: list[Chunk] = []
    length = 0
    for chunk in chunks(source):
        stretch.append(chunk)
        length += len(chunk.text)
        define_strings(chunk, strings, source.name)  # for the parts that follow
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
    strings: Strings,
    parents: Mapping[str, Mapping[str, str]],
    file: str,
) -> Iterator[PartEntry]:
    for piece in pieces(chunks, strings, file, lambda text: True):
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
    children = pieces(
        chunks(source), Strings(), source.name, lambda text: _INHERITS.search(text) is not None
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
    for piece in pieces(
        chunks(source),
        Strings(),
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
    piece: Piece, parents: Mapping[str, Mapping[str, str]]
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
