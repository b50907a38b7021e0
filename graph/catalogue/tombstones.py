"""Tombstones: what is left of the works that are gone, and where their ids lead now.

``tombstones.json`` holds an array of objects with id, replaced_by, reason and date.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path

from ..errors import BrokenCatalogue
from ..model import Problem, Tombstone
from .json_file import fault, items

_FIX = "Correct tombstones.json by hand, or take the last good version from version control."


def survivor(work: str, graves: Mapping[str, Tombstone]) -> str:
    """The id that a work goes by now: its own, or what it was merged into; "" where it is gone."""
    passed = set()
    while work in graves and work not in passed:
        passed.add(work)
        work = graves[work].replaced_by
    return "" if work in graves else work


def buried(tombstones: Iterable[Tombstone], new: Iterable[Tombstone]) -> tuple[Tombstone, ...]:
    """The tombstones with the new ones, each leading in one step to where its chain ends."""
    graves = {stone.id: stone for stone in (*tombstones, *new)}
    return tuple(
        replace(stone, replaced_by=survivor(stone.replaced_by, graves))
        for _, stone in sorted(graves.items())
    )


def parse_tombstones(data: bytes, path: Path) -> tuple[Tombstone, ...]:
    """The tombstones of a file's contents, sorted by id.

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
            what = "a tombstone has the texts id, replaced_by, reason and date, and no others"
            problems.append(fault(f"item {item.number}: {what}", path, item.line))
        elif stone.id in stones:
            what = f'the id "{stone.id}" occurs twice'
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
    """What is wrong between works, of which these are the ids, and tombstones: an id that is both,
    a survivor that is not.
    """
    both = [stone.id for stone in tombstones if stone.id in alive]
    lost = [stone for stone in tombstones if stone.replaced_by and stone.replaced_by not in alive]
    return (
        *(
            Problem("violation", "The id is that of a work and of a tombstone.", _FIX, record=id)
            for id in both
        ),
        *(
            Problem(
                "violation",
                f'"{stone.replaced_by}", which is said to have taken its place, is not there.',
                _FIX,
                record=stone.id,
                property="replaced_by",
                value=stone.replaced_by,
            )
            for stone in lost
        ),
    )
