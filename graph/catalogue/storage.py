"""Storage: the files of a catalogue that commands write, changed as one step, by one at a time.

A change is journalled as SQLite does it: the old files get second names in ``.journal``, the new
ones take their places, and one rename makes the journal ``.before``, the state an undo goes back
to. Where there is a ``.journal``, a change has not come to its end: readers take the old files from
it, and the next writer puts them back. So a crash at any point leaves the old state or the new.

``decisions.csv``, ``sources.csv``, ``dataset.csv``, ``links/`` and ``vocabularies/`` are a
curator's and are read only.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ..errors import CatalogueLocked, NothingToUndo
from ..files import are_equal, blocks, locked, new_folder, sync_folder, write_file

#: The contents of a catalogue's files by name; one that is not there has no entry.
Files = Mapping[str, bytes]
#: The same, as they are made.
Parts = Mapping[str, Iterable[bytes]]

WORKS, TOMBSTONES = "works.json", "tombstones.json"
UNDONE, WITHDRAWN = "undone.json", "withdrawn.json"
DECISIONS, UNDECIDED = "decisions.csv", "undecided.csv"
SOURCES, DATASET, LINKS, VOCABULARIES = "sources.csv", "dataset.csv", "links", "vocabularies"
#: A curator's folders -> the endings of the files in them that are read.
_FOLDERS: Mapping[str, tuple[str, ...]] = {LINKS: (".csv", ".tsv"), VOCABULARIES: (".ttl",)}
#: The files that change together.
_WRITTEN = (WORKS, TOMBSTONES, UNDONE, WITHDRAWN, UNDECIDED)
_JOURNAL, _BEFORE = ".journal", ".before"


@contextmanager
def reading(folder: Path) -> Iterator[tuple[BinaryIO | None, Files]]:
    """The file of works, where there is one, open, and the other files of the same state."""
    while True:
        stamps = _stamps(folder)
        journal = folder / _JOURNAL
        place = journal if journal.is_dir() else folder
        with _opened(place) as (works, written):
            files = {**written, **_read(folder, _curators(folder))}
            if _stamps(folder) == stamps:
                yield works, files
                return


def is_there(folder: Path) -> bool:
    """Whether the folder holds a catalogue; only to be called while ``editing``."""
    return (folder / WORKS).is_file()


@contextmanager
def reading_before(folder: Path) -> Iterator[tuple[BinaryIO | None, Files]]:
    """The same of the state before the last change; only to be called while ``editing``.

    Raises NothingToUndo where there was none.
    """
    place = folder / _BEFORE
    if not place.is_dir():
        raise NothingToUndo(f"nothing to undo in {folder}")
    with _opened(place) as (works, files):
        yield works, files


@contextmanager
def editing(folder: Path, command: str) -> Iterator[None]:
    """Hold the catalogue against other writers; what a killed one has left is tidied first.

    Raises CatalogueLocked, which names the command that holds it.
    """
    with locked(folder, command, CatalogueLocked):
        _recover(folder)
        yield


def replace_files(folder: Path, files: Parts) -> None:
    """Make ``files`` the catalogue's, in one step; only to be called while ``editing``.

    An error leaves the old files. Files as they are already are no change: the one before stays
    the one that an undo goes back to.
    """
    journal, before = folder / _JOURNAL, folder / _BEFORE
    with new_folder(folder) as scratch:
        new = _written(scratch / "new", files)
        if all(are_equal(new / name, folder / name) for name in _WRITTEN):
            return
        os.rename(_kept(folder, scratch / "old"), journal)
        try:
            sync_folder(folder)
            if before.exists():
                os.rename(before, journal / _BEFORE)
            for name in _WRITTEN:
                if name in files:
                    os.replace(new / name, folder / name)
                else:
                    (folder / name).unlink(missing_ok=True)
            sync_folder(folder)
            os.rename(journal, before)  # from here on the change holds
            sync_folder(folder)
        except BaseException:
            if not journal.exists():
                os.rename(before, journal)
            _recover(folder)
            raise
    shutil.rmtree(before / _BEFORE, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Put back what a change without an end has touched, and take away its scratch."""
    journal = folder / _JOURNAL
    if journal.is_dir():
        with new_folder(folder) as scratch:
            for name in _WRITTEN:
                if are_equal(journal / name, folder / name):
                    continue
                if (journal / name).exists():
                    write_file(scratch / name, blocks(journal / name))
                    os.replace(scratch / name, folder / name)
                else:
                    (folder / name).unlink()
            if (journal / _BEFORE).exists():
                os.rename(journal / _BEFORE, folder / _BEFORE)
            sync_folder(folder)
            os.rename(journal, scratch / "done")
            sync_folder(folder)  # or the journal could come back without what is removed of it now
    for left in (*folder.glob(".new-*"), folder / _BEFORE / _BEFORE):
        shutil.rmtree(left, ignore_errors=True)


def _written(folder: Path, files: Parts) -> Path:
    folder.mkdir()
    for name, parts in files.items():
        if name in _WRITTEN:
            write_file(folder / name, parts)
    sync_folder(folder)
    return folder


def _kept(folder: Path, copy: Path) -> Path:
    """A folder with the files under second names; where there are no links, with copies."""
    copy.mkdir()
    for name in filter(lambda name: (folder / name).exists(), _WRITTEN):
        try:
            os.link(folder / name, copy / name)
        except OSError:
            write_file(copy / name, blocks(folder / name))
    sync_folder(copy)
    return copy


@contextmanager
def _opened(place: Path) -> Iterator[tuple[BinaryIO | None, dict[str, bytes]]]:
    """The file of works in a place, where there is one, open, and what else changes with it."""
    with ExitStack() as stack:
        works = None
        with suppress(FileNotFoundError):
            works = stack.enter_context((place / WORKS).open("rb"))
        yield works, _read(place, tuple(name for name in _WRITTEN if name != WORKS))


def _read(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    files = {}
    for name in names:
        with suppress(FileNotFoundError):
            files[name] = (folder / name).read_bytes()
    return files


def _curators(folder: Path) -> tuple[str, ...]:
    """The names of a curator's files, those in a folder sorted."""
    inside = (
        f"{name}/{path.name}"
        for name, endings in _FOLDERS.items()
        for path in sorted((folder / name).glob("*"))
        if path.suffix.lower() in endings
    )
    return (DECISIONS, SOURCES, DATASET, *inside)


def _stamps(folder: Path) -> list[tuple[int, int] | None]:
    """What changes when a writer puts anything in its place."""
    stamps: list[tuple[int, int] | None] = []
    for name in (*_WRITTEN, _JOURNAL, *_curators(folder)):
        try:
            status = os.stat(folder / name)
            stamps.append((status.st_ino, status.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return stamps
