"""JSON files of a catalogue: each holds one array, and what is wrong with it has a place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BrokenCatalogue
from ..model import Problem

#: What no XML document can hold, as JSON writes or escapes it.
_UNREADABLE = re.compile(
    r"[\ufffe\uffff]|(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[eEfF])"
)
#: Half of a character above U+FFFF, as JSON escapes it; without the other half it is none.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
#: What is before the first item of an array, between two, and after the last.
_S = r"[ \t\r\n]*"
_START, _NEXT = re.compile(rf"{_S}\[{_S}(?=[^ \t\r\n\]])"), re.compile(f"{_S},{_S}")
_END = re.compile(rf"{_S}\]{_S}\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an array; ``number`` and ``line``, where it begins, count from 1."""

    value: Any
    number: int
    line: int
    #: Half of a character without the other, as Python writes it, where it has one.
    half: str = ""


def items(data: bytes, path: Path) -> Iterator[Item]:
    """The items of the array that a file's contents are, one at a time.

    Raises BrokenCatalogue where it is none, at the place where it ends to be one.
    """
    try:
        text = data.decode()
        if unreadable := _UNREADABLE.search(text):
            json.loads(text)
            written = ascii(unreadable[0])[1:-1].replace("\\\\", "\\")
            at = text.count("\n", 0, unreadable.end()) + 1
            raise BrokenCatalogue([fault(f"{written} is no character of XML", path, at)])
        yield from _items(text, path)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BrokenCatalogue([fault(f"not JSON: {error}", path, line)]) from None


def _items(text: str, path: Path) -> Iterator[Item]:
    decode = json.JSONDecoder().raw_decode
    number, line, end, gap = 0, 1, 0, _START.match(text)
    while gap:
        number, start = number + 1, gap.end()
        line += text.count("\n", end, start)
        value, end = decode(text, start)
        yield Item(value, number, line, _half(value) if _HALF.search(text, start, end) else "")
        line += text.count("\n", start, end)
        gap = _NEXT.match(text, end)
    if not (number and _END.match(text, end)) and json.loads(text) != []:
        raise BrokenCatalogue([fault("the file must hold one array of objects", path)])


def _half(value: object) -> str:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return ascii(error.object[error.start])[1:-1]
    return ""


def fault(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    """What is wrong in a file that commands write and people may edit."""
    remedy = f"Correct {path.name} by hand, or take the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
