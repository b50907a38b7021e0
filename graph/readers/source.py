"""A file of records as its readers see it: lines of text, whatever the encoding."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar, cast

from ..errors import UnreadableFile
from ..model import Problem
from .decoding import BLOCK, encoding_of, text_of

T = TypeVar("T")

#: No entry or line is longer than this, in characters; longer ones are not held in memory.
LONGEST = 1 << 22
#: What to do about most files without records.
EXPORT_AGAIN = "export the records again"
#: An XML declaration after blank lines (copied from a page), which XML does not allow.
_LATE_DECLARATION = re.compile(r"\A(\s+)<\?xml\s[^>]*\?>")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of records, or a text in its place, opened again for each reading."""

    #: The file's name without its folder.
    name: str
    #: The first 65,536 characters from the first word on, for recognising the format.
    head: str
    #: None for a text held in memory.
    path: Path | None = None
    #: The name of a codec, which also removes a byte order mark.
    encoding: str = "utf-8"
    #: Problems found when its encoding was guessed.
    problems: tuple[Problem, ...] = ()
    _text: str = ""

    @classmethod
    def of_path(cls, path: Path) -> SourceFile:
        """The file at ``path``, read once in full to check that all of it is text.

        Raises UnreadableFile if it cannot be opened, or is not text (with the place).
        """
        try:
            encoding, problems = encoding_of(path)
            with text_of(path, encoding) as file:
                head = _head(file)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            message = f"{path.name}: {reason}"
            raise UnreadableFile(message, "check its name and permissions") from None
        return cls(path.name, head, path, encoding, problems)

    @classmethod
    def of_text(cls, text: str, name: str) -> SourceFile:
        """A text in place of a file called ``name``."""
        text = text.removeprefix("\ufeff")
        return cls(name, _head(io.StringIO(text, newline=None)), _text=text)

    def open(self) -> TextIO:
        """The text from its start, every line end ``\\n``, without a byte order mark."""
        if self.path is None:
            return io.StringIO(self._text, newline=None)
        return text_of(self.path, self.encoding)

    def lines(self) -> Iterator[str]:
        """The lines of the text, each with its end.

        Raises UnreadableFile at a line too long to be held in memory.
        """
        with self.open() as file:
            for number in count(1):
                line = file.readline(LONGEST)
                if not line:
                    return
                if len(line) == LONGEST:
                    raise UnreadableFile(
                        f"{self.name}: line {number:,} is longer than {LONGEST:,} characters",
                        "put each record on separate lines",
                    )
                yield line

    def bytes_open(self) -> BinaryIO:
        """The same text in UTF-8 for libraries that read bytes, without a late XML declaration."""
        return cast(BinaryIO, io.BufferedReader(_Utf8(self.open()), BLOCK))


def _head(file: TextIO) -> str:
    """The start of a text: a block from its first word on, and the blanks before it."""
    head = file.read(BLOCK)
    while head.isspace():
        head = file.read(BLOCK)
    return head + file.read(BLOCK - len(head.lstrip()))


class _Utf8(io.RawIOBase):
    """The UTF-8 bytes of a text stream; closing it closes the stream."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._is_start = text, True
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            text = self._text.read(BLOCK)
            if self._is_start:
                text, self._is_start = without_late_declaration(text), False
            self._left = text.encode("utf-8", "replace")
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count

    def close(self) -> None:
        self._text.close()
        super().close()


def without_late_declaration(start: str) -> str:
    """The start of a text without an XML declaration that follows blank lines; the lines stay.

    >>> without_late_declaration('\\n <?xml version="1.0"?><records/>')
    '\\n <records/>'
    """
    return _LATE_DECLARATION.sub(r"\1", start)


def not_empty(parts: Iterable[T], message: str, remedy: str = EXPORT_AGAIN) -> Iterator[T]:
    """Yield the parts of a file; raise UnreadableFile if there are none."""
    is_empty = True
    for part in parts:
        is_empty = False
        yield part
    if is_empty:
        raise UnreadableFile(message, remedy)
