"""The catalogue: the works we publish, as one CSL-JSON file that diffs well.

``works.json`` in the catalogue's folder holds an array of items (``graph/csl.py``), sorted by id,
one value a line. Zotero imports it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from ..csl import from_csl, to_csl
from ..errors import BrokenCatalogue, MalformedItem
from ..files import write_text
from ..model import Facets, Problem, Record, Source, Tombstone
from .decisions import Decision, Undecided
from .merging import merge
from .resolve import Match, resolve

__all__ = [
    "Import",
    "add",
    "default_folder",
    "read",
    "write",
]


_NAME = "works.json"


@dataclass(frozen=True, slots=True)
class Import:
    """What adding records to a catalogue came to."""

    works: tuple[Record, ...]
    #: What was compared; the places in ``matches`` and ``versions`` are places in it.
    compared: tuple[Record, ...]
    #: Why records are one work.
    matches: tuple[Match, ...]
    #: Why works are versions of one another.
    versions: tuple[Match, ...]
    #: Ids of the works that were not there before.
    new: tuple[str, ...]
    #: Ids of the works that gained a source or a value.
    updated: tuple[str, ...]
    #: Pairs of works that a curator has to settle.
    undecided: tuple[Undecided, ...]
    #: What is left of works that were merged into others; theirs are not among ``works``.
    tombstones: tuple[Tombstone, ...]
    #: Decisions that cannot be followed.
    problems: tuple[Problem, ...]


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


def add(
    works: Sequence[Record],
    records: Sequence[Record],
    decisions: Sequence[Decision] = (),
    tombstones: Sequence[Tombstone] = (),
) -> Import:
    """The works with the records added: each new, or merged into the work it describes.

    A value a work has is never replaced. An entry that was imported before goes to the work that
    has it as a source; unchanged, it adds nothing, so that what a curator has taken out stays out.
    ``decisions`` are a curator's, ``tombstones`` those that the catalogue already has.
    """
    home: dict[tuple[str, str], list[tuple[int, Source]]] = {}
    for place, work in enumerate(works):
        for source in work.sources:
            home.setdefault((source.file, source.key), []).append((place, source))
    places = {work.id: place for place, work in enumerate(works)}
    changed: dict[int, list[Record]] = {}
    fresh = []
    for record in records:
        if record.id in places:  # of a dump of ours, or an export: it says itself which it is
            work = works[places[record.id]]
            changed.setdefault(places[record.id], []).append(_with_news(record, work))
            continue
        known = [pair for s in record.sources for pair in home.get((s.file, s.key), ())]
        digests = {source.digest for _, source in known}
        if known and {source.digest for source in record.sources} <= digests:
            continue
        if len(known) == 1:
            changed.setdefault(known[0][0], []).append(record)
        else:
            fresh.append(record)
    current = [
        merge([_without_sources_of(work, changed[n]), *changed[n]]) if n in changed else work
        for n, work in enumerate(works)
    ]
    compared = (*current, *fresh)
    found = resolve(compared, decisions, tombstones)
    before = {work.id: work for work in works}
    return Import(
        works=found.works,
        compared=compared,
        matches=found.matches,
        versions=found.versions,
        new=tuple(work.id for work in found.works if work.id not in before),
        updated=tuple(w.id for w in found.works if w.id in before and w != before[w.id]),
        undecided=found.undecided,
        tombstones=found.tombstones,
        problems=found.problems,
    )


def _with_news(record: Record, work: Record) -> Record:
    """Of an export of the work: the sources it does not have, and facets where it has none.

    An export may name a concept by another of its labels, which would look like one more.
    """
    known = {(source.file, source.key) for source in work.sources}
    new = tuple(s for s in record.sources if (s.file, s.key) not in known)
    facets = Facets(
        **{
            f.name: getattr(record.facets, f.name)
            for f in fields(Facets)
            if not getattr(work.facets, f.name)
        }
    )
    return replace(record, sources=new, facets=facets)


def _without_sources_of(work: Record, records: Sequence[Record]) -> Record:
    """The work without the sources that the records bring anew."""
    renewed = {(source.file, source.key) for record in records for source in record.sources}
    kept = tuple(s for s in work.sources if (s.file, s.key) not in renewed)
    return replace(work, sources=kept)


def _problem(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    remedy = "Mend the catalogue by hand, or take the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
