"""A BibTeX file in chunks, each from one line that begins an entry to the next.

bibtexparser, too, ends an entry there that was never closed, so it finds in the chunks what it
would find in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .source import LONGEST, SourceFile

__all__ = ["NEXT_BEGINS", "Chunk", "chunks"]

_UNCLOSED = "before the entry is closed: a closing brace or quote is missing"
#: What is wrong with an entry that is still open where the next begins.
NEXT_BEGINS = "the next entry begins before this one is closed: a closing brace or quote is missing"
#: A line that begins an entry: with its brace, or with that on a line below.
_BEGINS = re.compile(r"[ \t]*@[ \t]*\w+[ \t]*([{(]|\n?\Z)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the file from one line that begins an entry to the next."""

    text: str
    line: int
    #: What is wrong with an entry that is still open at its end.
    ending: str


def chunks(source: SourceFile) -> Iterator[Chunk]:
    """The file in chunks; one that grows too long is cut, so that no open brace holds it all."""
    lines: list[str] = []
    first, size = 1, 0
    #: Where in ``lines`` a type stands whose brace may be on a line below.
    bare: int | None = None
    for line in source.lines():
        cut = None
        if bare is not None and not line.isspace():
            cut = bare if line.lstrip()[0] in "{(" else None
            bare = None
        if found := _BEGINS.match(line) if "@" in line else None:
            if found.group(1) in ("{", "("):
                cut = len(lines)
            else:
                bare = len(lines)
        if size > LONGEST:
            yield Chunk("".join(lines), first, f"{LONGEST:,} characters pass {_UNCLOSED}")
            first, lines, size, bare = first + len(lines), [], 0, None
        elif cut:
            yield Chunk("".join(lines[:cut]), first, NEXT_BEGINS)
            first, lines = first + cut, lines[cut:]
            bare = None if bare is None else bare - cut
            size = sum(map(len, lines))
        lines.append(line)
        size += len(line)
    if lines:
        yield Chunk("".join(lines), first, f"the file ends {_UNCLOSED}")
