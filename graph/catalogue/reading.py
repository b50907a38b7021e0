"""Reading for an import: files to sound records, abstracts read, in this process or in several.

A process gets the part of a large BibTeX file, or some whole files, and gives back their entries
without the text that nobody needs any more. Everything else happens here, in the order of the
files: what is said of an entry does not depend on who has read it.
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
from .sound import sound

T = TypeVar("T")
R = TypeVar("R")

#: Files of so many bytes in all are read by one process at a time.
_SMALL = 1 << 17
#: A file of more bytes is read in parts, or in this process: what another one gives back is in
#: memory twice.
_LARGE = 1 << 22
#: Files of more bytes in all are worth the second that it takes to start processes.
_MUCH = 1 << 21
#: So many tasks are given out at most before the result of the first is taken.
_AHEAD = 16

#: The entries of a file, and why there are no more; "" at its end.
_Whole = tuple[list[Entry], str]


def read_files(
    paths: Iterable[Path], headers: Mapping[str, str], pool: Executor | None
) -> Iterator[tuple[Path, Iterator[Entry]]]:
    """Each file with its entries, read in ``pool`` if any.

    Records are sound and have what their abstracts say. The entries are to be taken before the
    next file. Where a file cannot be read on, they raise UnreadableFile.
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
    """Whether files are soonest read by several processes."""
    return sum(map(_size, paths)) > _MUCH


def _size(path: Path) -> int:
    """The bytes of a file; of one that is gone none, as its reader will say."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _finished(entry: Entry) -> Entry:
    """The entry, its record sound and with what the abstract says the work studies.

    Its text goes, which only a reject's is looked at any more.
    """
    entry = finished(entry)
    if entry.record is None:
        return entry
    record = sound(entry.record)
    if entry.abstract:
        read = load_abstract_reader().read(entry.abstract)
        sources = tuple(replace(s, abstract=s.abstract or read) for s in record.sources)
        record = replace(record, sources=sources)
    return replace(entry, record=record, text="", abstract="")


def _is_read_whole(path: Path, headers: Mapping[str, str]) -> bool:
    """Whether one process reads all of the file: its size decides, and whether it has parts."""
    size = _size(path)
    if size <= _SMALL or size > _LARGE:
        return size <= _SMALL
    try:
        return choose(SourceFile.of_path(path), headers).title != "BibTeX"
    except UnreadableFile:
        return True  # the process will say why


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
    """Files that follow each other, as many as are small together."""
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


def _again(entries: Iterable[Entry], fault: str) -> Iterator[Entry]:
    yield from entries
    if fault:
        raise UnreadableFile(fault)


def _whole_files(paths: Iterable[Path], headers: Mapping[str, str]) -> list[_Whole]:
    return [_whole_file(path, headers) for path in paths]


def _whole_file(path: Path, headers: Mapping[str, str]) -> _Whole:
    entries: list[Entry] = []
    try:
        entries.extend(read_file(path, headers, finish=_finished))
    except UnreadableFile as error:
        return entries, str(error)
    return entries, ""


def _read_parts(pool: Executor, parts: Iterator[Part]) -> Iterator[PartEntry]:
    for entries in _in_order(pool, _part, parts):
        yield from entries


def _part(part: Part) -> list[PartEntry]:
    return [replace(each, entry=_finished(each.entry)) for each in read_part(part)]


def _in_order(pool: Executor, function: Callable[[T], R], tasks: Iterator[T]) -> Iterator[R]:
    """What the function makes of each task; an error of ``tasks`` comes after the last."""
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
