"""Works: the file of works in a catalogue, an array of CSL-JSON items that diffs well.

``works.json`` is sorted by id, one value a line (``graph/csl.py``); Zotero imports it as it is.
``undone.json`` has the same form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from ..csl import from_csl, to_csl
from ..errors import BrokenCatalogue, MalformedItem
from ..model import Record
from .json_file import fault, parse_array

#: Half of a character above U+FFFF, as JSON escapes it; without the other half it is none.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[\s,\[]*")


def parse_works(data: bytes, path: Path) -> tuple[Record, ...]:
    """The works of a file's contents, sorted by id.

    Raises BrokenCatalogue with every problem, each with its line and item.
    """
    text, items = parse_array(data, path)
    works: dict[str, Record] = {}
    faults: list[tuple[int, str, str]] = []
    may_be_halved = _HALF.search(text) is not None
    for number, item in enumerate(items):
        try:
            if may_be_halved:
                _refuse_halves(item)
            work = from_csl(item)
        except MalformedItem as error:
            name = str(item.get("id", "")) if isinstance(item, dict) else ""
            faults.append((number, str(error), name))
            continue
        if not work.id:
            faults.append((number, "no id", ""))
        elif work.id in works:
            faults.append((number, f'the id "{work.id}" occurs twice', work.id))
        if len(work.agents) != len(work.authors):
            what = f"{len(work.authors)} authors but {len(work.agents)} agents"
            faults.append((number, what, work.id))
        if len(work.editor_agents) not in (0, len(work.editors)):
            what = f"{len(work.editors)} editors but {len(work.editor_agents)} agents"
            faults.append((number, what, work.id))
        works[work.id] = work
    if faults:
        lines = _lines(text, len(items))
        raise BrokenCatalogue(
            [
                fault(f"item {number + 1}: {what}", path, lines[number], work)
                for number, what, work in faults
            ]
        )
    return tuple(work for _, work in sorted(works.items()))


def _refuse_halves(item: object) -> None:
    try:
        json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise MalformedItem(f"it has {half}, half of a character, without the other") from None


def format_works(works: Iterable[Record]) -> bytes:
    """The contents of the file, sorted by id."""
    items = [to_csl(work) for work in sorted(works, key=lambda work: work.id)]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(text: str, count: int) -> list[int]:
    """The line that each item of the array starts on."""
    decoder, lines, line, place = json.JSONDecoder(), [], 1, 0
    for _ in range(count):
        gap = _SPACE.match(text, place)
        start = gap.end() if gap else place
        line += text.count("\n", place, start)
        lines.append(line)
        _, place = decoder.raw_decode(text, start)
        line += text.count("\n", start, place)
    return lines
