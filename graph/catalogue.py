"""The catalogue: the works we publish, as one CSL-JSON file that diffs well.

``works.json`` in the catalogue's folder holds an array of items (``graph/csl.py``), sorted by id,
one value a line. Zotero imports it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from .csl import MalformedItem, from_csl, to_csl
from .files import write_text
from .model import Problem, Record
from .resolve import Match, cluster, merge, with_agents, with_ids

__all__ = ["BrokenCatalogue", "Import", "add", "default_folder", "read", "write"]

_NAME = "works.json"


class BrokenCatalogue(ValueError):
    """The catalogue cannot be read; ``problems`` say where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Import:
    """What adding records to a catalogue came to."""

    works: tuple[Record, ...]
    matches: tuple[Match, ...]
    #: Ids of the works that were not there before.
    new: tuple[str, ...]
    #: Ids of the works that gained a source or a value.
    updated: tuple[str, ...]


def default_folder() -> Path:
    """The catalogue that oograph ships."""
    return Path(str(files("oograph.graph").joinpath("catalogue")))


def read(folder: Path) -> list[Record]:
    """The works of a catalogue, sorted by id; none where the folder has no catalogue yet.

    Raises BrokenCatalogue with every problem, each with its line or item.
    """
    path = folder / _NAME
    if not path.exists():
        return []
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None)
        raise BrokenCatalogue([_problem(f"not JSON: {error}", path, line=line)]) from None
    if not isinstance(items, list):
        raise BrokenCatalogue([_problem("the file must hold one array of items", path)])
    works, problems, seen = [], [], set()
    for number, item in enumerate(items, 1):
        try:
            work = from_csl(item)
        except MalformedItem as error:
            name = str(item.get("id", "")) if isinstance(item, dict) else ""
            problems.append(_problem(f"item {number}: {error}", path, record=name))
            continue
        if not work.id or work.id in seen:
            why = f'item {number}: the id "{work.id}" occurs twice' if work.id else "no id"
            problems.append(_problem(why, path, record=work.id))
        if len(work.agents) != len(work.authors):
            why = f"{len(work.authors)} authors but {len(work.agents)} agents"
            problems.append(_problem(f"item {number}: {why}", path, record=work.id))
        seen.add(work.id)
        works.append(work)
    if problems:
        raise BrokenCatalogue(problems)
    return sorted(works, key=lambda work: work.id)


def write(folder: Path, works: Iterable[Record]) -> None:
    """Put the works in the catalogue's file, sorted by id, in one step."""
    items = [to_csl(work) for work in sorted(works, key=lambda work: work.id)]
    write_text(folder / _NAME, json.dumps(items, ensure_ascii=False, indent=1) + "\n")


def add(works: Sequence[Record], records: Sequence[Record]) -> Import:
    """The works with the records added: each new, or merged into the work it describes.

    A value a work has is never replaced. A record whose source (file and key) is there already
    goes to the work that has it, so that importing a file twice changes nothing.
    """
    home = {(s.file, s.key): i for i, work in enumerate(works) for s in work.sources}
    again: dict[int, list[Record]] = {}
    fresh = []
    for record in records:
        at = next((home[s.file, s.key] for s in record.sources if (s.file, s.key) in home), None)
        if at is None:
            fresh.append(record)
        else:
            again.setdefault(at, []).append(record)
    everything = [*works, *fresh]
    clusters, matches = cluster(everything)
    merged = [
        merge([r for i in found for r in (everything[i], *again.get(i, ()))]) for found in clusters
    ]
    found = with_agents(with_ids(merged))
    before = {work.id: work for work in works}
    return Import(
        works=tuple(found),
        matches=tuple(matches),
        new=tuple(work.id for work in found if work.id not in before),
        updated=tuple(w.id for w in found if w.id in before and w != before[w.id]),
    )


def _problem(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    remedy = "Mend the catalogue by hand, or take the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
