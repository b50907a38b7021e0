"""The catalogue: the works we publish, as one CSL-JSON file that diffs well.

``works.json`` in the catalogue's folder holds an array of items (``graph/csl.py``), sorted by id,
one value a line. Zotero imports it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..csl import MalformedItem, from_csl, to_csl
from ..files import write_text
from ..model import Problem, Record, Source
from ..resolve import Match, cluster, merge, with_agents, with_ids

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
    return Path(__file__).parent


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

    A value a work has is never replaced. An entry that was imported before goes to the work that
    has it as a source; unchanged, it adds nothing, so that what a curator has taken out stays out.
    """
    home: dict[tuple[str, str], list[tuple[int, Source]]] = {}
    for place, work in enumerate(works):
        for source in work.sources:
            home.setdefault((source.file, source.key), []).append((place, source))
    changed: dict[int, list[Record]] = {}
    fresh = []
    for record in records:
        known = [pair for s in record.sources for pair in home.get((s.file, s.key), ())]
        digests = {source.digest for _, source in known}
        if known and {source.digest for source in record.sources} <= digests:
            continue
        if len(known) == 1:
            changed.setdefault(known[0][0], []).append(record)
        else:
            fresh.append(record)
    current = [_without_sources_of(work, changed.get(n, ())) for n, work in enumerate(works)]
    everything = [*current, *fresh]
    clusters, matches = cluster(everything)
    merged = [
        merge([r for i in found for r in (everything[i], *changed.get(i, ()))])
        for found in clusters
    ]
    found = with_agents(with_ids(merged))
    before = {work.id: work for work in works}
    return Import(
        works=tuple(found),
        matches=tuple(matches),
        new=tuple(work.id for work in found if work.id not in before),
        updated=tuple(w.id for w in found if w.id in before and w != before[w.id]),
    )


def _without_sources_of(work: Record, records: Sequence[Record]) -> Record:
    """The work without the sources that the records bring anew."""
    renewed = {(source.file, source.key) for record in records for source in record.sources}
    kept = tuple(s for s in work.sources if (s.file, s.key) not in renewed)
    return replace(work, sources=kept)


def _problem(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    remedy = "Mend the catalogue by hand, or take the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
