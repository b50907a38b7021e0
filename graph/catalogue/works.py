"""Works: the file of works in a catalogue, an array of CSL-JSON items that diffs well.

``works.json`` is sorted by id, with one value per line (``graph/csl.py``); Zotero can import it as
it is. ``undone.json`` has the same form.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from json.encoder import encode_basestring as _quoted
from pathlib import Path
from typing import Any, BinaryIO

from ..csl import from_csl, to_csl
from ..errors import BrokenCatalogue, MalformedItem
from ..model import Problem, Record
from ..shelf import Scratch, Shelf, Texts
from .json_file import Item, fault, items


def read_works(file: BinaryIO, path: Path) -> Sequence[Record]:
    """Read the works in a file, sorted by id.

    Raises BrokenCatalogue with every problem, each with its line and item.
    """
    works, is_sorted, before = Shelf[Record](), True, ""
    for work in each_work(file, path):
        is_sorted, before = is_sorted and before <= work.id, work.id
        works.append(work)
    return works if is_sorted else by_id(works)


def by_id(works: Sequence[Record]) -> Sequence[Record]:
    """Sort works by id."""
    base = Scratch("CREATE TABLE work (id TEXT, place INTEGER)")
    rows = ((work.id, place) for place, work in enumerate(works))
    base.executemany("INSERT INTO work VALUES (?, ?)", rows)
    order = base.execute("SELECT place FROM work ORDER BY id, place")
    return Shelf(works[place] for (place,) in order)


def each_work(file: BinaryIO, path: Path) -> Iterator[Record]:
    """Yield the works in a file, one at a time, in their order.

    Raises BrokenCatalogue at the end, with every problem.
    """
    ids = Texts()
    faults: list[Problem] = []
    for item in items(file, path):
        id = str(item.value.get("id", "")) if isinstance(item.value, dict) else ""
        try:
            work = _work(item, ids)
        except MalformedItem as error:
            faults.append(fault(f"item {item.number}: {error}", path, item.line, id))
        else:
            ids.add(work.id)
            yield work
    if faults:
        raise BrokenCatalogue(faults)


def _work(item: Item, others: Container[str]) -> Record:
    """Read the work of an item; raises MalformedItem if it is none or its id is in ``others``."""
    if item.half:
        raise MalformedItem(f"it contains {item.half}, which is only half of a character")
    work = from_csl(item.value)
    if not work.id:
        raise MalformedItem("no id")
    if work.id in others:
        raise MalformedItem(f'the id "{work.id}" is used twice')
    if len(work.agents) != len(work.authors):
        raise MalformedItem(f"{len(work.authors)} authors but {len(work.agents)} agents")
    if len(work.editor_agents) not in (0, len(work.editors)):
        raise MalformedItem(f"{len(work.editors)} editors but {len(work.editor_agents)} agents")
    return work


def format_works(works: Iterable[Record]) -> Iterator[bytes]:
    """Yield the contents of the file, in parts; the works must be sorted by id."""
    before = b"[\n "
    for work in works:
        yield before + _lines(to_csl(work), "\n ").encode()
        before = b",\n "
    yield b"[]\n" if before[:1] == b"[" else b"\n]\n"


def _lines(value: Any, start: str) -> str:
    """Write a value as ``json.dumps`` does with ``indent=1``, in a third of the time.

    ``start`` is a line break and the indentation of the next line.
    """
    inner = f"{start} "
    if isinstance(value, dict) and value:
        pairs = (f"{_quoted(key)}: {_lines(each, inner)}" for key, each in value.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{start}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join([_lines(each, inner) for each in value])}{start}]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)
