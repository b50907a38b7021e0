"""Placing: a release is filled in a scratch folder, then put in place whole or not at all.

However a build ends, ``current`` opens a whole release: files are on disk before a name leads to
them, and each name is switched in one step. The next build removes what a dead one left behind
(``.new-*``).
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ReleaseLocked, UnwritableRelease
from ..files import link, locked, new_folder, remedy_for, sync_folder

_SCRATCH, _CURRENT = ".new-*", "current"
#: Where, in a scratch folder, a release goes that another of the same name replaces.
REPLACED = "replaced"


@contextmanager
def writing(out: Path) -> Iterator[Path]:
    """Provide a scratch folder in ``out``, and keep other builds out meanwhile.

    Raises ReleaseLocked if another build is writing there, and UnwritableRelease if the disk is
    full or not writable, or the folder's name is not text. In both cases nothing has changed.
    """
    try:
        _check_name(out)
        with locked(out, "oograph build", ReleaseLocked):
            _recover(out)
            with new_folder(out) as scratch:
                yield scratch
    except UnwritableRelease:
        raise
    except (OSError, sqlite3.OperationalError) as error:  # a full disk, whichever step meets it
        where = getattr(error, "filename", None) or f"{out}, or a temporary file in TMPDIR"
        reason = getattr(error, "strerror", None) or error
        remedy = remedy_for(error) or "put this right"
        raise UnwritableRelease(
            f"cannot write {where}: {reason}; {remedy}, or choose another --out (or TMPDIR, for "
            "temporary files), and build again"
        ) from error


def _check_name(out: Path) -> None:
    """Raise OSError if the name is not text in this locale: the databases do not take it."""
    try:
        str(out).encode()
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "the name is not valid UTF-8 here", str(out)) from None


def is_settled(out: Path) -> bool:
    """Whether no build is writing in ``out``, and none has left anything behind."""
    return not any(out.glob(_SCRATCH))


def _recover(out: Path) -> None:
    """Clean up after a dead build: finish its last step, and remove its scratch folder."""
    standby = (out / _CURRENT).resolve()
    if standby.is_dir() and out.resolve() in standby.parent.parents:
        with new_folder(out) as scratch:
            copy = scratch / standby.name
            shutil.copytree(standby, copy, copy_function=link)
            put_in_place(copy, out)
    for left in out.glob(_SCRATCH):
        shutil.rmtree(left)


def put_in_place(folder: Path, out: Path) -> None:
    """Move a filled folder from its scratch folder to ``out``, and point ``current`` to it.

    If there is a release of this name already, hard links to the new files (or copies) stand in
    while the folders change places.
    """
    scratch, target = folder.parent, out / folder.name
    _sync(folder)
    if target.exists():
        standby = scratch / "standby" / folder.name
        shutil.copytree(folder, standby, copy_function=link)
        _sync(scratch / "standby")
        sync_folder(scratch)
        _turn(out, standby, scratch)
        os.rename(target, scratch / REPLACED)
    os.rename(folder, target)
    _turn(out, target, scratch)


def _turn(out: Path, target: Path, scratch: Path) -> None:
    """Point ``current`` to a folder below ``out``, in one step."""
    link_to_it = scratch / _CURRENT
    link_to_it.symlink_to(os.path.relpath(target, out))
    sync_folder(out)
    os.replace(link_to_it, out / _CURRENT)
    sync_folder(out)


def _sync(folder: Path) -> None:
    """Flush every file and folder in ``folder`` to disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(parent))
