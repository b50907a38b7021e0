"""Storage: the files of a catalogue that commands write, changed as one step, by one at a time.

A change is journalled as SQLite does it: the old files are copied to ``.journal``, the new ones
take their places, and one rename makes the journal ``.before``, the state an undo goes back to.
Where there is a ``.journal``, a change has not come to its end: readers take the old files from
it, and the next writer puts them back. So a crash at any point leaves the old state or the new.

``decisions.csv`` and ``links/`` are a curator's and are read only.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import CatalogueLocked, NothingToUndo
from ..files import new_folder, sync_folder, write_file

__all__ = [
    "DECISIONS",
    "Files",
    "TOMBSTONES",
    "UNDECIDED",
    "UNDONE",
    "WORKS",
    "locked",
    "read_before",
    "read_files",
    "replace_files",
]


#: The contents of a catalogue's files by name; one that is not there has no entry.
Files = Mapping[str, bytes]

WORKS, TOMBSTONES, UNDONE = "works.json", "tombstones.json", "undone.json"
DECISIONS, UNDECIDED = "decisions.csv", "undecided.csv"
#: The files that change together.
_WRITTEN = (WORKS, TOMBSTONES, UNDONE, UNDECIDED)
_LOCK, _JOURNAL, _BEFORE = ".lock", ".journal", ".before"


def read_files(folder: Path) -> Files:
    """The files of one state of the catalogue, whatever a writer does meanwhile."""
    while True:
        stamps = _stamps(folder)
        journal = folder / _JOURNAL
        written = _read(journal if journal.is_dir() else folder, _WRITTEN)
        files = {**written, **_read(folder, (DECISIONS,))}
        if _stamps(folder) == stamps:
            return files


def read_before(folder: Path) -> Files:
    """The files as they were before the last change.

    Raises NothingToUndo where there was none.
    """
    if not (folder / _BEFORE).is_dir():
        raise NothingToUndo(f"nothing to undo in {folder}")
    return _read(folder / _BEFORE, _WRITTEN)


@contextmanager
def locked(folder: Path, command: str) -> Iterator[None]:
    """Hold the catalogue against other writers; what a killed one has left is tidied first.

    Raises CatalogueLocked, which names the command that holds it.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _LOCK
    handle = _lock(path)
    try:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        os.ftruncate(handle, 0)
        os.write(handle, f"{command} (pid {os.getpid()}, since {since})".encode())
        _recover(folder)
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(handle)
        if made:
            with suppress(OSError):  # not empty: the command has come to something
                folder.rmdir()


def replace_files(folder: Path, files: Files) -> None:
    """Make ``files`` the catalogue's, in one step; only to be called while ``locked``.

    An error leaves the old files.
    """
    journal, before = folder / _JOURNAL, folder / _BEFORE
    with new_folder(folder) as scratch:
        new = _written(scratch / "new", files)
        os.rename(_written(scratch / "old", _read(folder, _WRITTEN)), journal)
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
        old, now = _read(journal, _WRITTEN), _read(folder, _WRITTEN)
        with new_folder(folder) as scratch:
            for name in _WRITTEN:
                if old.get(name) == now.get(name):
                    continue
                if name in old:
                    write_file(scratch / name, old[name])
                    os.replace(scratch / name, folder / name)
                else:
                    (folder / name).unlink()
            if (journal / _BEFORE).exists():
                os.rename(journal / _BEFORE, folder / _BEFORE)
            sync_folder(folder)
            os.rename(journal, scratch / "done")
    for left in (*folder.glob(".new-*"), folder / _BEFORE / _BEFORE):
        shutil.rmtree(left, ignore_errors=True)


def _lock(path: Path) -> int:
    """An open file that holds the lock; the name is taken away by its holder alone."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass  # its holder has just let go of it
        except BlockingIOError:
            holder = os.read(handle, 1000).decode(errors="replace") or "another command"
            message = f"{holder} is changing {path.parent}; try again when it has ended"
            os.close(handle)
            raise CatalogueLocked(message) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _written(folder: Path, files: Files) -> Path:
    folder.mkdir()
    for name, data in files.items():
        if name in _WRITTEN:
            write_file(folder / name, data)
    sync_folder(folder)
    return folder


def _read(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    files = {}
    for name in names:
        with suppress(FileNotFoundError):
            files[name] = (folder / name).read_bytes()
    return files


def _stamps(folder: Path) -> list[tuple[int, int] | None]:
    """What changes when a writer puts anything in its place."""
    stamps: list[tuple[int, int] | None] = []
    for name in (*_WRITTEN, _JOURNAL, DECISIONS):
        try:
            status = os.stat(folder / name)
            stamps.append((status.st_ino, status.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return stamps
