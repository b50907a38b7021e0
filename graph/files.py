"""Write files so that a failure leaves the old ones intact: first to a temporary file, then rename.

A file is synced to disk before it is renamed. An OSError always names its file, even if the system
call did not. A lock keeps two commands from writing to the same folder.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import RawIOBase
from itertools import zip_longest
from pathlib import Path
from typing import IO

from zlib_ng.gzip_ng import GzipNGFile

from .errors import Locked

#: Bytes read at a time.
_BLOCK = 2**20
#: The gzip level; a higher one takes 50% longer to save 3%.
_EFFORT = 5
_REMEDIES = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EMFILE: "allow more open files (`ulimit -n 4096`)",
    errno.EACCES: "let this user write there",
    errno.EPERM: "let this user write there",
    errno.EROFS: "make it writable",
    errno.EILSEQ: "give it a name in UTF-8 and set a UTF-8 locale (`LC_ALL=C.UTF-8`)",
}


def remedy_for(error: Exception) -> str:
    """What to do about a file that cannot be written; "" if nobody can say."""
    return _REMEDIES.get(getattr(error, "errno", None) or 0, "")


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in one step; readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _naming(path):
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            _fill(handle, [text.encode()])
            os.chmod(aside, 0o644)
            os.replace(aside, path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def write_file(path: Path, parts: Iterable[bytes]) -> None:
    """Create a file, which is synced to disk when this returns."""
    with _naming(path):
        _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), parts)


def link(source: str | Path, path: str | Path) -> None:
    """Give a file that will not change a second name; copy it if links are not possible."""
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)


def gzipped(target: IO[bytes] | RawIOBase) -> GzipNGFile:
    """A file that writes gzip to ``target``; the same content always gives the same bytes."""
    return GzipNGFile("", "wb", _EFFORT, target, mtime=0)  # no name and no time in the header


def sync_folder(path: Path) -> None:
    """Sync the names in a folder to disk, so that renames survive a power cut."""
    with _naming(path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, one MiB at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def are_equal(one: Path, other: Path) -> bool:
    """Whether two files have the same content; also true if neither exists."""
    if not (one.exists() and other.exists()):
        return one.exists() == other.exists()
    pairs = zip_longest(blocks(one), blocks(other))
    return one.samefile(other) or all(ours == theirs for ours, theirs in pairs)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unchanging(path: Path) -> str:
    """The URI to open an SQLite file that never changes, without locks or a journal."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def sizes(folder: Path, pattern: str = "*") -> dict[str, int]:
    """The sizes of the files in a folder and its subfolders, by relative path.

    A file that disappears in the meantime is left out.
    """
    by_path = {}
    for path in sorted(folder.rglob(pattern)):
        with suppress(OSError):
            if path.is_file():
                by_path[path.relative_to(folder).as_posix()] = path.stat().st_size
    return by_path


@contextmanager
def new_folder(parent: Path) -> Iterator[Path]:
    """Create an empty folder in ``parent`` to fill and rename; anything left of it is removed."""
    parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=parent, prefix=".new-"))
    os.chmod(aside, 0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def locked(folder: Path, command: str, error: type[Locked]) -> Iterator[None]:
    """Lock a folder against other commands that write to it; create it if it does not exist.

    If another command has the lock, raises ``error``, which names that command. The lock ends with
    its process.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    handle = _lock(path, error)
    try:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        with _naming(path):
            os.ftruncate(handle, 0)
            _write(handle, f"{command} (pid {os.getpid()}, since {since})".encode())
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(handle)
        if made:
            with suppress(OSError):  # not empty: the command has written something
                folder.rmdir()


def _lock(path: Path, error: type[Locked]) -> int:
    """Open and lock the lock file, which only the command that has the lock may remove."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass  # the other command has just released it
        except BlockingIOError:
            holder = os.read(handle, 1000).decode(errors="replace") or "another command"
            message = f"{holder} is writing to {path.parent}; try again when it has finished"
            os.close(handle)
            raise error(message) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _fill(handle: int, parts: Iterable[bytes]) -> None:
    """Write all parts, sync them to disk and close the file."""
    try:
        for data in parts:
            _write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Make an OSError raised inside name ``path`` if the system call named no file."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
