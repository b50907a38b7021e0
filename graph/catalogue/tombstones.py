"""Tombstones: the ids of works that are gone, and where they lead now.

``tombstones.json`` holds an array of objects with id, replaced_by, reason and date.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path

from ..errors import BrokenCatalogue
from ..model import Problem, Tombstone
from ..resolution.survivor import survivor
from .json_file import fault, items

_FIX = "Correct tombstones.json by hand, or restore the last good version from version control."


def buried(tombstones: Iterable[Tombstone], new: Iterable[Tombstone]) -> tuple[Tombstone, ...]:
    """Add the new tombstones, and make each lead in one step to the end of its chain."""
    graves = {stone.id: stone for stone in (*tombstones, *new)}
    return tuple(
        replace(stone, replaced_by=survivor(stone.replaced_by, graves))
        for _, stone in sorted(graves.items())
    )


def parse_tombstones(data: bytes, path: Path) -> tuple[Tombstone, ...]:
    """Parse the tombstones in a file's contents, sorted by id.

    Raises BrokenCatalogue with every problem, each with its line and item.
    """
    stones: dict[str, Tombstone] = {}
    problems = []
    for item in items(BytesIO(data), path):
        try:
            stone = Tombstone(**item.value)
        except TypeError:
            stone = Tombstone("")
        if not stone.id or not all(isinstance(text, str) for text in asdict(stone).values()):
            what = "a tombstone must have only the texts id, replaced_by, reason and date"
            problems.append(fault(f"item {item.number}: {what}", path, item.line))
        elif stone.id in stones:
            what = f'the id "{stone.id}" is used twice'
            problems.append(fault(f"item {item.number}: {what}", path, item.line))
        else:
            stones[stone.id] = stone
    if problems:
        raise BrokenCatalogue(problems)
    return tuple(stone for _, stone in sorted(stones.items()))


def format_tombstones(tombstones: Iterable[Tombstone]) -> bytes:
    """The contents of the file, sorted by id."""
    items = [asdict(stone) for stone in sorted(tombstones, key=lambda stone: stone.id)]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def dangling(alive: Container[str], tombstones: Sequence[Tombstone]) -> tuple[Problem, ...]:
    """Check tombstones against the ids of the works: an id may not be both, and every survivor
    must exist.
    """
    both = [stone.id for stone in tombstones if stone.id in alive]
    lost = [stone for stone in tombstones if stone.replaced_by and stone.replaced_by not in alive]
    return (
        *(
            Problem("violation", "The id belongs to a work and to a tombstone.", _FIX, record=id)
            for id in both
        ),
        *(
            Problem(
                "violation",
                f'The work "{stone.replaced_by}", which replaces it, does not exist.',
                _FIX,
                record=stone.id,
                property="replaced_by",
                value=stone.replaced_by,
            )
            for stone in lost
        ),
    )
