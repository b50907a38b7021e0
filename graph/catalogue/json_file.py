"""JSON files of a catalogue: each holds one array, and what is wrong with it has a place."""

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

#: What no XML document can hold, as JSON writes or escapes it.
_UNREADABLE = re.compile(
    r"[\ufffe\uffff]|(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[eEfF])"
)
#: Half of a character above U+FFFF, as JSON escapes it; without the other half it is none.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
#: What is before the first item of an array, between two, and after the last.
_S = r"[ \t\r\n]*"
_START, _NEXT = re.compile(rf"{_S}\[{_S}(?=[^ \t\r\n\]])"), re.compile(f"{_S},{_S}")
_END, _NONE = re.compile(rf"{_S}\]{_S}"), re.compile(rf"{_S}\[{_S}\]{_S}")
_DECODE = json.JSONDecoder().raw_decode
#: Bytes that are read at once.
_WINDOW = 2**20


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an array; ``number`` and ``line``, where it begins, count from 1."""

    value: Any
    number: int
    line: int
    #: Half of a character without the other, as Python writes it, where it has one.
    half: str = ""


def items(file: BinaryIO, path: Path) -> Iterator[Item]:
    """The items of the array that a file holds, one at a time; little of it is in memory.

    Raises BrokenCatalogue where it is none, at the place where it ends to be one.
    """
    try:
        yield from _items(_Window(file))
    except (ValueError, RecursionError):  # what is wrong, and where, is asked of the whole
        file.seek(0)
        raise BrokenCatalogue([_fault_of(file.read(), path)]) from None


class _Window:
    """The part of a file that is looked at; what was passed is let go of."""

    def __init__(self, file: BinaryIO) -> None:
        self._decode = getincrementaldecoder("utf-8")().decode
        self._file = file
        self.text, self.place, self.is_last = "", 0, False

    def grow(self) -> None:
        """Let go of what was passed, and read at least as much again as is left."""
        self.text = self.text[self.place :]
        self.place = 0
        data = self._file.read(max(_WINDOW, len(self.text)))
        self.is_last = not data
        self.text += self._decode(data, self.is_last)

    def gap(self, pattern: re.Pattern[str]) -> str | None:
        """Pass what stands between items; None where it is something else."""
        while True:
            found = pattern.match(self.text, self.place)
            if (found and found.end() < len(self.text)) or self.is_last:
                break
            self.grow()
        if found:
            self.place = found.end()
        return found and found[0]

    def item(self) -> tuple[Any, str]:
        """Pass an item: its value, and how it is written."""
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
    """What is wrong with a file that is no array, or has what no XML document can hold."""
    try:
        text = data.decode()
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return fault(f"not JSON: {error}", path, getattr(error, "lineno", None))
    unreadable = _unreadable(text)
    if not unreadable:
        return fault("the file must hold one array of objects", path)
    written = ascii(unreadable[0])[1:-1].replace("\\\\", "\\")
    return fault(
        f"{written} is no character of XML", path, text.count("\n", 0, unreadable.end()) + 1
    )


def _unreadable(text: str) -> re.Match[str] | None:
    # few texts have anything that the pattern looks for, and it takes longer than to parse them
    is_suspect = any(character in text for character in ("\\", "\ufffe", "\uffff"))
    return _UNREADABLE.search(text) if is_suspect else None


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
