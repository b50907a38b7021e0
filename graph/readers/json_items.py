"""The objects of a JSON file, one by one and with their lines, in bounded memory.

ijson parses the stream. It is fed line by line, so that the current line is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import ijson

from ..errors import UnreadableFile
from .source import EXPORT_AGAIN, SourceFile

#: Deeper than any real item, and short of Python's recursion limit.
_DEEPEST = 60
#: Bytes given to the parser at a time if a line is longer.
_LONGEST_LINE = 1 << 16
_OPENING = frozenset({"start_map", "start_array"})
_CLOSING = frozenset({"end_map", "end_array"})


@dataclass(frozen=True, slots=True)
class Item:
    """One value of an array: its number and line, both from 1."""

    number: int
    line: int
    #: None if there is a ``fault``, which says why.
    value: Any
    fault: str = ""

    @property
    def text(self) -> str:
        """The item as JSON, always in the same form, whatever its spacing in the file."""
        return json.dumps(self.value, ensure_ascii=False)


#: The longest value in bytes. The parser rescans the start of a text with each further piece of it,
#: and no value of a record is this long.
_LONGEST_TEXT = 2**22


class _Lines:
    """Feed a parser its input line by line, and count the lines."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.line = 1
        self._ended = False
        #: Bytes since the last quotation mark that is not escaped.
        self._open = 0

    def read(self, size: int = -1) -> bytes:
        """The next line, whatever ``size`` is; ijson asks for 0 bytes to check the type."""
        if size == 0:
            return b""
        self.line += self._ended
        line = self._file.readline(_LONGEST_LINE)
        self._ended = line.endswith(b"\n")
        mark = line.rfind(b'"')
        is_one = mark >= 0 and line[mark - 1 : mark] != b"\\"
        self._open = len(line) - mark if is_one else self._open + len(line)
        if self._open > _LONGEST_TEXT:
            raise ValueError(f"a value is longer than {_LONGEST_TEXT:,} bytes")
        return line


def check(source: SourceFile) -> str:
    """The kind of value a file holds: "array" or "object".

    Reads the whole file. Raises UnreadableFile, with the line, if it is not JSON or holds neither.
    """
    first = ""
    for _, event, _ in _events(source):
        first = first or event
    if first not in _OPENING:
        message = f"{source.name}: this JSON is neither an object nor an array"
        raise UnreadableFile(message, EXPORT_AGAIN)
    return "array" if first == "start_array" else "object"


def _events(source: SourceFile) -> Iterator[tuple[int, str, Any]]:
    """(line, event, value) for each step of the parser."""
    with source.bytes_open() as file:
        lines = _Lines(file)
        try:
            for event, value in ijson.basic_parse(lines, use_float=True):
                yield lines.line, event, value
        except (ijson.JSONError, ValueError, OverflowError) as error:
            # The lines after the first quote the text around the place.
            reason = str(error).strip().split("\n")[0].removeprefix("parse error: ").rstrip(". ")
            raise UnreadableFile(
                f"{source.name}, line {lines.line:,}: this is not valid JSON ({reason[:100]})",
                EXPORT_AGAIN,
            ) from None


def _is_at(steps: Sequence[str], path: Sequence[str]) -> bool:
    pairs = zip(steps, path, strict=False)
    return len(steps) == len(path) and all(part in ("*", step) for step, part in pairs)


def items(source: SourceFile, path: Sequence[str]) -> Iterator[Item]:
    """The values at a path, in which "item" stands for each value of an array: ("items", "item").

    "*" stands for each member of an object. An empty path is the whole document. A value that is
    nested too deeply has a fault instead.
    """
    steps: list[str] = []  # the path to the next value
    builder: Any = None
    number = line = depth = deepest = 0
    for at, event, value in _events(source):
        if event == "map_key" and builder is None:
            steps[-1] = value
            continue
        if builder is None and event not in _CLOSING and _is_at(steps, path):
            builder, line, depth, deepest = ijson.ObjectBuilder(), at, 0, 0
        if builder is not None:
            depth += (event in _OPENING) - (event in _CLOSING)
            deepest = max(deepest, depth)
            if deepest <= _DEEPEST:
                builder.event(event, value)
            if depth == 0 and event != "map_key":
                number += 1
                fault = f"nested more than {_DEEPEST} levels deep" if deepest > _DEEPEST else ""
                yield Item(number, line, None if fault else builder.value, fault)
                builder = None
            continue
        if event in _OPENING:
            steps.append("item" if event == "start_array" else "")
        elif event in _CLOSING:
            steps.pop()
