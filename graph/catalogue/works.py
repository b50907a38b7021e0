"""Works: the file of works in a catalogue, an array of CSL-JSON items that diffs well.

``works.json`` is sorted by id, one value a line (``graph/csl.py``); Zotero imports it as it is.
``undone.json`` has the same form.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from io import BytesIO
from json.encoder import encode_basestring as _quoted
from pathlib import Path
from typing import Any, BinaryIO

from ..collection import without_collection
from ..csl import from_csl, to_csl
from ..errors import BrokenCatalogue, MalformedItem
from ..model import Problem, Record
from .json_file import Item, fault, items


def parse_works(data: bytes, path: Path) -> tuple[Record, ...]:
    """The works of a file's contents, sorted by id.

    Raises BrokenCatalogue with every problem, each with its line and item.
    """
    return tuple(sorted(each_work(BytesIO(data), path), key=lambda work: work.id))


def each_work(file: BinaryIO, path: Path) -> Iterator[Record]:
    """The works of a file, one at a time, as they come.

    Raises BrokenCatalogue at the end, with every problem.
    """
    ids: set[str] = set()
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
    """The work of an item, other than those before it; MalformedItem where it is none."""
    if item.half:
        raise MalformedItem(f"it has {item.half}, half of a character, without the other")
    work = from_csl(item.value)
    if not work.id:
        raise MalformedItem("no id")
    if work.id in others:
        raise MalformedItem(f'the id "{work.id}" occurs twice')
    if len(work.agents) != len(work.authors):
        raise MalformedItem(f"{len(work.authors)} authors but {len(work.agents)} agents")
    if len(work.editor_agents) not in (0, len(work.editors)):
        raise MalformedItem(f"{len(work.editors)} editors but {len(work.editor_agents)} agents")
    return work


@without_collection()
def format_works(works: Iterable[Record]) -> bytes:
    """The contents of the file, sorted by id."""
    # in memory once, and as bytes
    contents, before = BytesIO(), b"[\n "
    for work in sorted(works, key=lambda work: work.id):
        contents.write(before + _lines(to_csl(work), "\n ").encode())
        before = b",\n "
    contents.write(b"\n]\n" if contents.tell() else b"[]\n")
    return contents.getvalue()


def _lines(value: Any, start: str) -> str:
    """A value as ``json.dumps`` writes it with ``indent=1``, in a third of the time.

    ``start`` is the end of a line and what the next one begins with.
    """
    inner = f"{start} "
    if isinstance(value, dict) and value:
        pairs = (f"{_quoted(key)}: {_lines(each, inner)}" for key, each in value.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{start}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join([_lines(each, inner) for each in value])}{start}]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)
