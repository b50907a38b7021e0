"""Reading for an import: from files to clean records, in this process or in several.

A worker process gets a part of a large BibTeX file, or a few whole files, and returns their entries
without the text, which is no longer needed. Everything else happens here, in the order of the
files, so the result does not depend on which process read an entry.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from ..errors import UnreadableFile
from ..model import Entry
from ..readers import SourceFile, choose, finished, read_file
from ..readers.bibtex import Part, PartEntry, read_part
from ..shelf import packed, unpacked
from ..vocabulary.abstracts import load_abstract_reader
from .cleaning import cleaned

T = TypeVar("T")
R = TypeVar("R")

#: Small files go to a worker process in groups of about this many bytes.
_SMALL = 1 << 17
#: A larger file is read in parts, or in this process: what a worker returns is in memory twice.
_LARGE = 1 << 22
#: If the files are larger than this in all, it is worth a second to start worker processes.
_MUCH = 1 << 21
#: The most tasks that are waiting before the result of the first is taken.
_AHEAD = 16

#: The entries of a file, and why reading stopped; None if it reached the end.
_Whole = tuple[list[Entry], UnreadableFile | None]


def read_files(
    paths: Iterable[Path], headers: Mapping[str, str], pool: Executor | None
) -> Iterator[tuple[Path, Iterator[Entry]]]:
    """Yield each file with its entries, read in ``pool`` if there is one.

    The records are clean and include what their abstracts say. Consume the entries of a file before
    taking the next file. They raise UnreadableFile at the point where a file becomes unreadable.
    """
    if pool is None:
        for path in paths:
            yield path, read_file(path, headers, finish=_finished)
        return
    read_parts = partial(_read_parts, pool)
    for whole, group in groupby(paths, lambda path: _is_read_whole(path, headers)):
        if whole:
            yield from _read_whole(pool, group, headers)
            continue
        for path in group:
            yield path, read_file(path, headers, read_parts, _finished)


def is_much(paths: Iterable[Path]) -> bool:
    """Whether the files are large enough to be read faster by several processes."""
    return sum(map(_size, paths)) > _MUCH


def _size(path: Path) -> int:
    """The size of a file in bytes; 0 if it is gone, which its reader will report."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _finished(entry: Entry) -> Entry:
    """Return the entry with a clean record, and with what the abstract says the work studies.

    The text of the entry is dropped: it is only needed for a reject.
    """
    entry = finished(entry)
    if entry.record is None:
        return entry
    record = cleaned(entry.record)
    if entry.abstract:
        read = load_abstract_reader().read(entry.abstract)
        sources = tuple(replace(s, abstract=s.abstract or read) for s in record.sources)
        record = replace(record, sources=sources)
    return replace(entry, record=record, text="", abstract="")


def _is_read_whole(path: Path, headers: Mapping[str, str]) -> bool:
    """Whether one worker reads the whole file: this depends on its size and format."""
    size = _size(path)
    if size <= _SMALL or size > _LARGE:
        return size <= _SMALL
    try:
        return choose(SourceFile.of_path(path), headers).title != "BibTeX"
    except UnreadableFile:
        return True  # the worker will report why


def _read_whole(
    pool: Executor, paths: Iterable[Path], headers: Mapping[str, str]
) -> Iterator[tuple[Path, Iterator[Entry]]]:
    groups: deque[Sequence[Path]] = deque()

    def tasks() -> Iterator[Sequence[Path]]:
        for group in _grouped(paths):
            groups.append(group)
            yield group

    for wholes in _in_order(pool, partial(_whole_files, headers=headers), tasks()):
        for path, whole in zip(groups.popleft(), wholes, strict=True):
            yield path, _again(*whole)


def _grouped(paths: Iterable[Path]) -> Iterator[Sequence[Path]]:
    """Group consecutive files until each group is large enough for a worker."""
    group: list[Path] = []
    room = _SMALL
    for path in paths:
        group.append(path)
        room -= _size(path)
        if room <= 0:
            yield group
            group, room = [], _SMALL
    if group:
        yield group


def _again(entries: Iterable[Entry], fault: UnreadableFile | None) -> Iterator[Entry]:
    yield from entries
    if fault:
        raise fault


def _whole_files(paths: Iterable[Path], headers: Mapping[str, str]) -> list[_Whole]:
    return [_whole_file(path, headers) for path in paths]


def _whole_file(path: Path, headers: Mapping[str, str]) -> _Whole:
    entries: list[Entry] = []
    try:
        entries.extend(read_file(path, headers, finish=_finished))
    except UnreadableFile as error:
        return entries, error
    return entries, None


def _read_parts(pool: Executor, parts: Iterator[Part]) -> Iterator[PartEntry]:
    for entries in _in_order(pool, _part, parts):
        yield from entries


def _part(part: Part) -> list[PartEntry]:
    return [replace(each, entry=_finished(each.entry)) for each in read_part(part)]


def _in_order(pool: Executor, function: Callable[[T], R], tasks: Iterator[T]) -> Iterator[R]:
    """Yield the results in the order of the tasks; an error of ``tasks`` is raised at the end."""
    waiting: deque[Future[bytes]] = deque()
    fault: Exception | None = None
    is_more = True
    while is_more or waiting:
        if is_more and len(waiting) < _AHEAD:
            try:
                waiting.append(pool.submit(_packed, function, packed(next(tasks))))
            except StopIteration:
                is_more = False
            except Exception as error:
                fault, is_more = error, False
        else:
            yield unpacked(waiting.popleft().result())
    if fault:
        raise fault


def _packed(function: Callable[[T], R], task: bytes) -> bytes:
    return packed(function(unpacked(task)))
