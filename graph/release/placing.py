"""Placing: a release is filled in a scratch folder, and put in place whole or not at all.

Whatever ends a build, and wherever, ``current`` opens a whole release: files are on disk before a
name leads to them, and each name is turned in one step. What a dead build left behind (``.new-*``)
is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ReleaseLocked, UnwritableRelease
from ..files import link, locked, new_folder, sync_folder

_SCRATCH, _CURRENT = ".new-*", "current"
#: The folder of a scratch folder where a release goes whose place another of its name takes.
REPLACED = "replaced"


@contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A scratch folder in ``out``, while no other build writes there.

    Raises ReleaseLocked where one does, and UnwritableRelease where the disk is full, or may not
    be written to: then all is as it was.
    """
    try:
        with locked(out, "oograph build", ReleaseLocked):
            _recover(out)
            with new_folder(out) as scratch:
                yield scratch
    except UnwritableRelease:
        raise
    except (OSError, sqlite3.OperationalError) as error:  # a full disk, whoever meets it
        where = getattr(error, "filename", None) or f"{out}, or a temporary file in TMPDIR"
        reason = getattr(error, "strerror", None) or error
        raise UnwritableRelease(
            f"cannot write {where}: {reason}; make room or give another --out (for temporary files "
            "another TMPDIR), and build again"
        ) from error


def is_settled(out: Path) -> bool:
    """Whether no build has left anything behind in ``out``, and none is writing there."""
    return not any(out.glob(_SCRATCH))


def _recover(out: Path) -> None:
    """Take up what a dead build left: finish its last step, and remove its scratch."""
    standby = (out / _CURRENT).resolve()
    if standby.is_dir() and out.resolve() in standby.parent.parents:
        with new_folder(out) as scratch:
            copy = scratch / standby.name
            shutil.copytree(standby, copy, copy_function=link)
            put_in_place(copy, out)
    for left in out.glob(_SCRATCH):
        shutil.rmtree(left)


def put_in_place(folder: Path, out: Path) -> None:
    """Rename a filled folder of a scratch folder into ``out``, and turn ``current`` to it.

    Where a release of this name is there already, a second set of names for the new files stands
    in while the folders change places.
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
    """Point ``current`` at a folder below ``out``, in one step."""
    link_to_it = scratch / _CURRENT
    link_to_it.symlink_to(os.path.relpath(target, out))
    sync_folder(out)
    os.replace(link_to_it, out / _CURRENT)
    sync_folder(out)


def _sync(folder: Path) -> None:
    """Have the disk hold every file and folder in ``folder``."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(parent))
