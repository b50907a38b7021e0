"""Storage: the files of a catalogue, changed in one step and by one command at a time.

A change keeps a journal, like SQLite: the old files get second names in ``.journal``, the new ones
take their place, and one rename turns the journal into ``.before``, the state that an undo
restores. If there is a ``.journal``, a change was not completed: readers take the old files from
it, and the next writer restores them. So a crash at any point leaves the old state or the new one.

``decisions.csv``, ``sources.csv``, ``dataset.csv``, ``links/`` and ``vocabularies/`` belong to the
curator; commands only read them.
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
from ..resolution.decisions import DECISIONS

#: The contents of a catalogue's files by name; a file that does not exist has no entry.
Files = Mapping[str, bytes]
#: The same in parts, while they are being written.
Parts = Mapping[str, Iterable[bytes]]

WORKS, TOMBSTONES = "works.json", "tombstones.json"
UNDONE, WITHDRAWN = "undone.json", "withdrawn.json"
UNDECIDED = "undecided.csv"
SOURCES, DATASET, LINKS, VOCABULARIES = "sources.csv", "dataset.csv", "links", "vocabularies"
#: A curator's folders -> the extensions of the files in them that are read.
_FOLDERS: Mapping[str, tuple[str, ...]] = {LINKS: (".csv", ".tsv"), VOCABULARIES: (".ttl",)}
#: The files that change together.
_WRITTEN = (WORKS, TOMBSTONES, UNDONE, WITHDRAWN, UNDECIDED)
_JOURNAL, _BEFORE = ".journal", ".before"


@contextmanager
def reading(folder: Path) -> Iterator[tuple[BinaryIO | None, Files]]:
    """Open the file of works, if there is one, and read the other files of the same state."""
    while True:
        stamps = _stamps(folder)
        journal = folder / _JOURNAL
        place = journal if journal.is_dir() else folder
        with _opened(place) as (works, written):
            files = {**written, **_read(folder, _curators(folder))}
            if _stamps(folder) == stamps:
                yield works, files
                return


def paths_of(folder: Path) -> tuple[Path, ...]:
    """The files of a catalogue that exist, in a fixed order; other files in its folder are not."""
    paths = (folder / name for name in (*_WRITTEN, *_curators(folder)))
    return tuple(path for path in paths if path.is_file())


@contextmanager
def reading_before(folder: Path) -> Iterator[tuple[BinaryIO | None, Files]]:
    """Open the state before the last change like ``reading``; call this only while ``editing``.

    Raises NothingToUndo if there was no change.
    """
    place = folder / _BEFORE
    if not place.is_dir():
        raise NothingToUndo(f"nothing to undo in {folder}")
    with _opened(place) as (works, files):
        yield works, files


@contextmanager
def editing(folder: Path, command: str) -> Iterator[None]:
    """Lock the catalogue against other writers, after cleaning up what a killed one has left.

    Raises CatalogueLocked, which names the command that has the lock.
    """
    with locked(folder, command, CatalogueLocked):
        _recover(folder)
        yield


def replace_files(folder: Path, files: Parts) -> None:
    """Replace the catalogue's files, in one step; call this only while ``editing``.

    After an error the old files remain. If the files are already the same, this is not a change: an
    undo still undoes the change before it.
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
            os.rename(journal, before)  # from here on the change is in effect
            sync_folder(folder)
        except BaseException:
            if not journal.exists():
                os.rename(before, journal)
            _recover(folder)
            raise
    shutil.rmtree(before / _BEFORE, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Restore the files that an incomplete change has touched, and remove its scratch folders."""
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
            sync_folder(folder)  # or the journal could reappear without the files removed now
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
    """Give the files second names in a new folder, or copy them if links are not possible."""
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
    """Open the file of works in a folder, if any, and read the files that change with it."""
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
    """The names of a curator's files; those in a folder are sorted."""
    inside = (
        f"{name}/{path.name}"
        for name, endings in _FOLDERS.items()
        for path in sorted((folder / name).glob("*"))
        if path.suffix.lower() in endings and path.is_file()
    )
    return (DECISIONS, SOURCES, DATASET, *inside)


def _stamps(folder: Path) -> list[tuple[int, int] | None]:
    """The inode and time of every file, which change whenever a writer replaces one."""
    stamps: list[tuple[int, int] | None] = []
    for name in (*_WRITTEN, _JOURNAL, *_curators(folder)):
        try:
            status = os.stat(folder / name)
            stamps.append((status.st_ino, status.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return stamps
