"""Writing files so that a failure leaves the old ones whole: aside first, then renamed.

What is renamed is on the disk before. An OSError names its file, also where the system does not.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "new_folder",
    "sync_folder",
    "write_file",
    "write_text",
]


def write_text(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` in one step; readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _naming(path):
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            _fill(handle, text.encode())
            os.chmod(aside, 0o644)
            os.replace(aside, path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def write_file(path: Path, data: bytes) -> None:
    """Make a new file, which is on the disk when this returns."""
    with _naming(path):
        _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), data)


def sync_folder(path: Path) -> None:
    """Have the names in a folder on the disk: what was renamed stays renamed."""
    with _naming(path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def new_folder(parent: Path) -> Iterator[Path]:
    """An empty folder in ``parent`` to fill and rename; what is left of it is removed."""
    parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=parent, prefix=".new-"))
    os.chmod(aside, 0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(handle: int, data: bytes) -> None:
    """Write all of ``data`` to the disk and close the file."""
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """An OSError raised inside names ``path`` where the system call named nothing."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
