"""The JSON files of a catalogue: each holds one array, and every problem is located in it."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import BrokenCatalogue
from ..model import Problem

#: Characters that XML does not allow, as JSON writes or escapes them.
_UNREADABLE = re.compile(
    r"[\ufffe\uffff]|(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[eEfF])"
)
#: A surrogate, as JSON escapes it: half of a character above U+FFFF, invalid by itself.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
#: What may stand before the first item of an array, between two items, and after the last.
_S = r"[ \t\r\n]*"
_START, _NEXT = re.compile(rf"{_S}\[{_S}(?=[^ \t\r\n\]])"), re.compile(f"{_S},{_S}")
_END, _NONE = re.compile(rf"{_S}\]{_S}"), re.compile(rf"{_S}\[{_S}\]{_S}")
_DECODE = json.JSONDecoder().raw_decode
#: Bytes read at a time.
_WINDOW = 2**20


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an array, its number, and the line where it begins; both count from 1."""

    value: Any
    number: int
    line: int
    #: A lone surrogate in the item, as Python escapes it; "" if there is none.
    half: str = ""


def items(file: BinaryIO, path: Path) -> Iterator[Item]:
    """Yield the items of the array in a file, one at a time, with little of it in memory.

    Raises BrokenCatalogue where the file stops being a valid array.
    """
    try:
        yield from _items(_Window(file))
    except (ValueError, RecursionError):  # read the whole file to say what is wrong, and where
        file.seek(0)
        raise BrokenCatalogue([_fault_of(file.read(), path)]) from None


class _Window:
    """The part of a file that is being read; what has been passed is dropped."""

    def __init__(self, file: BinaryIO) -> None:
        self._decode = getincrementaldecoder("utf-8")().decode
        self._file = file
        self.text, self.place, self.is_last = "", 0, False

    def grow(self) -> None:
        """Drop what has been passed, and read at least as much again as is left."""
        self.text = self.text[self.place :]
        self.place = 0
        data = self._file.read(max(_WINDOW, len(self.text)))
        self.is_last = not data
        self.text += self._decode(data, self.is_last)

    def gap(self, pattern: re.Pattern[str]) -> str | None:
        """Pass what stands between items and return it; None if it does not match."""
        while True:
            found = pattern.match(self.text, self.place)
            if (found and found.end() < len(self.text)) or self.is_last:
                break
            self.grow()
        if found:
            self.place = found.end()
        return found and found[0]

    def item(self) -> tuple[Any, str]:
        """Pass an item and return its value and its text."""
        while True:
            try:
                value, end = _DECODE(self.text, self.place)
            except ValueError:
                if self.is_last:
                    raise
            else:
                if end < len(self.text) or self.is_last:
                    break
            self.grow()
        text = self.text[self.place : end]
        self.place = end
        return value, text


def _items(window: _Window) -> Iterator[Item]:
    number, line = 0, 1
    gap = window.gap(_START)
    while gap is not None:
        number += 1
        line += gap.count("\n")
        value, text = window.item()
        if _unreadable(text):
            raise ValueError
        yield Item(value, number, line, _half(value) if _HALF.search(text) else "")
        line += text.count("\n")
        gap = window.gap(_NEXT)
    if window.gap(_END if number else _NONE) is None or window.place < len(window.text):
        raise ValueError


def _fault_of(data: bytes, path: Path) -> Problem:
    """Say what is wrong with a file that is not an array or has a character not allowed in XML."""
    try:
        text = data.decode()
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return fault(f"not JSON: {error}", path, getattr(error, "lineno", None))
    unreadable = _unreadable(text)
    if not unreadable:
        return fault("the file must contain one array of objects", path)
    written = ascii(unreadable[0])[1:-1].replace("\\\\", "\\")
    return fault(
        f"{written} is not allowed in XML", path, text.count("\n", 0, unreadable.end()) + 1
    )


def _unreadable(text: str) -> re.Match[str] | None:
    # check quickly first: the pattern takes longer than parsing, and few texts need it
    is_suspect = any(character in text for character in ("\\", "\ufffe", "\uffff"))
    return _UNREADABLE.search(text) if is_suspect else None


def _half(value: object) -> str:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return ascii(error.object[error.start])[1:-1]
    return ""


def fault(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    """The problem of a file that commands write and people may edit."""
    remedy = f"Correct {path.name} by hand, or restore the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
