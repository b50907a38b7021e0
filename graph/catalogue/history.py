"""History: tombstones of the works that are gone, and one step back.

``tombstones.json`` in the catalogue's folder holds an array of objects with id, replaced_by,
reason and date. ``.before/`` holds the files as they were before the last change.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from ..errors import BrokenCatalogue, NothingToUndo
from ..files import new_folder, write_text
from ..model import Problem, Record, Tombstone

__all__ = [
    "dangling",
    "read_tombstones",
    "remember",
    "undo",
    "withdraw",
    "write_tombstones",
]


_NAME = "tombstones.json"
_BEFORE = ".before"
#: The files of a catalogue that a change may touch.
_FILES = ("works.json", _NAME, "decisions.csv")
_MEND = "Mend tombstones.json by hand, or undo the last change."


def read_tombstones(folder: Path) -> tuple[Tombstone, ...]:
    """The tombstones of a catalogue, sorted by id.

    Raises BrokenCatalogue where the file cannot be read.
    """
    path = folder / _NAME
    if not path.exists():
        return ()
    try:
        found = [Tombstone(**item) for item in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        message = f"{path}: not an array of tombstones: {error}"
        problem = Problem("violation", message, _MEND, file=str(path))
        raise BrokenCatalogue([problem]) from None
    return tuple(sorted(found, key=lambda tombstone: tombstone.id))


def write_tombstones(folder: Path, tombstones: Iterable[Tombstone]) -> None:
    """Put the tombstones in their file, sorted by id, in one step; no file where there are none."""
    items = [asdict(tombstone) for tombstone in sorted(tombstones, key=lambda t: t.id)]
    if items or (folder / _NAME).exists():
        write_text(folder / _NAME, json.dumps(items, ensure_ascii=False, indent=1) + "\n")


def withdraw(
    works: Sequence[Record], tombstones: Sequence[Tombstone], gone: Tombstone
) -> tuple[tuple[Record, ...], tuple[Tombstone, ...]]:
    """The works without the one that is gone, and the tombstones with it.

    Tombstones that pointed at it now point where it points, so that each leads to a living work
    in one step. Raises ValueError where there is no such work, or no such survivor.
    """
    ids = {work.id for work in works}
    if gone.id not in ids:
        raise ValueError(f"no work has the id {gone.id}")
    if gone.replaced_by and gone.replaced_by not in ids - {gone.id}:
        raise ValueError(f"no other work has the id {gone.replaced_by}")
    kept = tuple(_without_version(work, gone) for work in works if work.id != gone.id)
    moved = tuple(
        replace(t, replaced_by=gone.replaced_by) if t.replaced_by == gone.id else t
        for t in tombstones
    )
    return kept, (*moved, gone)


def remember(folder: Path) -> None:
    """Keep the files as they are now, for one step back."""
    with new_folder(folder) as aside:
        for name in _FILES:
            if (folder / name).exists():
                shutil.copy2(folder / name, aside / name)
        _swap_in(folder, aside)


def undo(folder: Path) -> None:
    """Put the files back as they were before the last change; a second undo redoes it."""
    before = folder / _BEFORE
    if not before.is_dir():
        raise NothingToUndo(f"nothing to undo in {folder}")
    old = {name: _text(before / name) for name in _FILES}
    remember(folder)
    for name, text in old.items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
        else:
            write_text(folder / name, text)


def dangling(works: Sequence[Record], tombstones: Sequence[Tombstone]) -> tuple[Problem, ...]:
    """What is wrong between works and tombstones: an id that is both, a survivor that is not."""
    ids = {work.id for work in works}
    both = [t.id for t in tombstones if t.id in ids]
    lost = [t for t in tombstones if t.replaced_by and t.replaced_by not in ids]
    return (
        *(
            Problem("violation", "The id is that of a work and of a tombstone.", _MEND, record=id)
            for id in both
        ),
        *(
            Problem(
                "violation",
                f'"{t.replaced_by}", which is said to have taken its place, is not there.',
                _MEND,
                record=t.id,
                property="replaced_by",
                value=t.replaced_by,
            )
            for t in lost
        ),
    )


def _without_version(work: Record, gone: Tombstone) -> Record:
    """The work, what it was a version of replaced by the survivor, or left out."""
    if gone.id not in work.version_of:
        return work
    others = tuple(v for v in work.version_of if v != gone.id)
    survivor = (gone.replaced_by,) if gone.replaced_by not in ("", work.id) else ()
    return replace(work, version_of=tuple(dict.fromkeys((*others, *survivor))))


def _swap_in(folder: Path, aside: Path) -> None:
    """Make ``aside`` the folder of what was before."""
    before = folder / _BEFORE
    if before.exists():
        before.rename(aside.with_suffix(".old"))
    aside.rename(before)
    shutil.rmtree(aside.with_suffix(".old"), ignore_errors=True)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
