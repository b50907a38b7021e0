"""JSON files of a catalogue: each holds one array, and what is wrong with it has a place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..errors import BrokenCatalogue
from ..model import Problem

#: What no XML document can hold, as JSON writes or escapes it.
_UNREADABLE = re.compile(
    r"[\ufffe\uffff]|(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[eEfF])"
)


def parse_array(data: bytes, path: Path) -> tuple[str, list[Any]]:
    """The text of a file's contents, and the items of the array that it is.

    Raises BrokenCatalogue where it is none.
    """
    try:
        text = data.decode()
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BrokenCatalogue([fault(f"not JSON: {error}", path, line)]) from None
    if not isinstance(items, list):
        raise BrokenCatalogue([fault("the file must hold one array of objects", path)])
    if unreadable := _UNREADABLE.search(text):
        line = text.count("\n", 0, unreadable.end()) + 1
        written = ascii(unreadable[0])[1:-1].replace("\\\\", "\\")
        raise BrokenCatalogue([fault(f"{written} is no character of XML", path, line)])
    return text, items


def fault(message: str, path: Path, line: int | None = None, record: str = "") -> Problem:
    """What is wrong in a file that commands write and people may edit."""
    remedy = f"Correct {path.name} by hand, or take the last good version from version control."
    return Problem("violation", message, remedy, file=str(path), line=line, record=record)
