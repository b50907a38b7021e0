"""The BibTeX and BibLaTeX reader: every entry of a file becomes a record or a reject."""

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
#: The start of an entry on a line, but not of a rule in a style sheet.
_FIRST = re.compile(
    r"^[ \t]*@[ \t]*(?!(?:media|import|page|supports|container)\b)\w+\s*[{(]", re.MULTILINE
)
_KEYS = re.compile(r"@[ \t]*\w*\s*[{(]([^,]*),")
_INHERITS = re.compile(r"\b(?:crossref|xdata)\s*=", re.IGNORECASE)
#: Fields that an entry does not inherit through ``crossref``: those that BibTeX excludes, and
#: those that would be wrong for a part, such as the DOI, URL and pages of the whole.
_OWN = NEVER_READ | set(
    "abstract title subtitle titleaddon doi url eprint eprinttype archiveprefix pages keywords "
    "note howpublished crossref xref ids key options related shorttitle sortkey".split()
)
_PARTS = frozenset({"inproceedings", "conference", "incollection", "inbook", "inreference"})
#: The characters in a part: about 300 exported entries, which take a tenth of a second.
_PART_LENGTH = 1 << 17


def looks_like(head: str) -> bool:
    """True for text with a line that begins a BibTeX entry."""
    return _FIRST.search(head) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file with everything a process needs to read it."""

    file: str
    chunks: tuple[Chunk, ...]
    #: The strings defined before it.
    strings: Strings
    #: By key, case folded: the fields of the entries that others inherit from.
    parents: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PartEntry:
    """An entry, and what can only be judged for its file as a whole."""

    entry: Entry
    #: Where among its problems one about its key belongs; None if it has no key of its own.
    key_place: int | None = None
    #: The names of its fields that are not read.
    unread: tuple[str, ...] = ()


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each entry of a .bib file, in file order; broken ones are rejects.

    A ``@xdata`` is not an entry: it holds fields for others to inherit.
    """
    yield from joined(_entries(chunks(source), Strings(), _parents(source), source.name))


def parts(source: SourceFile) -> Iterator[Part]:
    """Split a file into parts for ``read_part`` and then ``joined``; together they equal ``read``.

    Each part is at least as long as the strings and inherited fields that go with it, so all parts
    together are at most twice as long as the file.
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
    """Yield the entries of a file, with warnings of keys that occur twice.

    The last entry also carries a problem that names the fields that were not read.
    """
    unread = Unread("field", "Check the spelling of any that describe the work.")
    return unread.named_last(_with_keys(entries, unread))


def _with_keys(entries: Iterable[PartEntry], unread: Unread) -> Iterator[Entry]:
    keys: set[str] = set()
    for each in entries:
        unread.add(each.unread)
        entry = each.entry
        if each.key_place is not None:
            if entry.source.key in keys:
                message = f'an earlier entry in this file has the same key, "{entry.source.key}"'
                remedy = "Change one of the two keys, or remove one entry if they are duplicates."
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
        # a reject's reason comes first
        place = len(problems) + (read.record is None)
        unread = tuple(name for name in piece.fields if name not in READ | UNSAID)
        yield PartEntry(read, place, unread)


def _parents(source: SourceFile) -> Mapping[str, Mapping[str, str]]:
    """By key, case folded: the fields of the entries that others inherit from."""
    if not any("crossref" in line or "xdata" in line for line in map(str.lower, source.lines())):
        return {}  # most files have neither, and this check takes a third of the time
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
    """The keys that a field names: one entry in ``crossref``, several in ``xdata``."""
    return [key for key in map(fold_space, fields.get(way, "").split(",")) if key]


def _with_inherited(
    piece: Piece, parents: Mapping[str, Mapping[str, str]]
) -> tuple[Mapping[str, str], list[Problem]]:
    """The fields of an entry, with those from its ``xdata`` and ``crossref``, and the problems."""
    fields = piece.fields or {}
    problems: list[Problem] = []
    for way in ("xdata", "crossref"):
        for key in _named(fields, way):
            parent = parents.get(key.casefold())
            if parent is None:
                message = f'the entry inherits from "{key}", which is not in this file'
                remedy = "Add that entry to this file, or write its fields here."
                problems.append(problem(piece.source, "warning", message, remedy, way, key))
                continue
            handed = parent if way == "xdata" else _handed_down(parent, piece.kind)
            if "date" in fields or "year" in fields:
                handed = {n: t for n, t in handed.items() if n not in ("date", "year", "month")}
            fields = {**handed, **fields}
    return fields, problems


def _handed_down(parent: Mapping[str, str], kind: str) -> Mapping[str, str]:
    """The fields that an entry of this kind inherits from the one its ``crossref`` names."""
    handed = {name: text for name, text in parent.items() if name not in _OWN}
    if kind in _PARTS:
        handed.setdefault("booktitle", parent.get("title", ""))
    return handed
