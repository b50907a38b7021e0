"""Chunked request bodies (RFC 9112, 7.1), read strictly and within limits."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Any

from waitress.rfc7230 import CHUNK_EXT_RE, HEADER_FIELD_RE
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

#: The most bytes of a line between chunks, and of all the lines after the last chunk.
_LINE_BYTES, _TRAILER_BYTES = 2**12, 2**14
#: The most chunks of a body; each takes as long to read as a thousand bytes of data.
_PIECES = 2**13
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(;.*)?", re.DOTALL)
_PLAIN_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})\r\n")


class _Part(Enum):
    """What comes next."""

    SIZE = auto()
    DATA = auto()
    END = auto()
    TRAILER = auto()


class ChunkedBody:
    """A receiver of chunked bodies, with the interface that waitress expects.

    Waitress's own receiver skips empty lines, buffers lines of any length, and waits for the whole
    of a chunk that it will refuse.
    """

    def __init__(self, buffer: Any, most: int) -> None:
        """``buffer`` receives the body, at most ``most`` bytes."""
        self._buffer, self._most = buffer, most
        self._part = _Part.SIZE
        self._line = b""
        self._left = self._trailer = self._pieces = 0
        self.completed = False
        self.error: Error | None = None

    def __len__(self) -> int:
        return int(self._buffer.__len__())

    def getfile(self) -> Any:
        """The body, as a file."""
        return self._buffer.getfile()

    def getbuf(self) -> Any:
        """The body, as a buffer that the caller closes."""
        return self._buffer

    def received(self, data: bytes) -> int:
        """Take data from the connection; return how many bytes of it belong to the body."""
        at = 0
        while at < len(data) and not self.completed and not self.error:
            if self._part is _Part.SIZE and not self._line:
                at = self._take_whole(data, at)
            if at < len(data):
                at = (self._take_data if self._part is _Part.DATA else self._take_line)(data, at)
        return at

    def _take_whole(self, data: bytes, at: int) -> int:
        """Take the chunks that have arrived whole; many small ones may come at once."""
        while size := _PLAIN_SIZE.match(data, at):
            begin, end = size.end(), size.end() + int(size[1], 16)
            if (
                end == begin
                or data[end : end + 2] != b"\r\n"
                or len(self) > self._most + begin - end
                or self._pieces == _PIECES
            ):
                break
            self._pieces += 1
            self._buffer.append(data[begin:end])
            at = end + 2
        return at

    def _take_data(self, data: bytes, at: int) -> int:
        piece = data[at : at + self._left]
        self._buffer.append(piece)
        self._left -= len(piece)
        if not self._left:
            self._part = _Part.END
        return at + len(piece)

    def _take_line(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at) + 1
        self._line += data[at : end or len(data)]
        if len(self._line) > _LINE_BYTES:
            self.error = BadRequest("a line between chunks is too long")
        elif end:
            line, self._line = self._line, b""
            self._read(line)
        return end or len(data)

    def _read(self, line: bytes) -> None:
        text = line.removesuffix(b"\r\n")
        if text == line or b"\r" in text:
            self.error = BadRequest("a line between chunks does not end in CR LF")
        elif self._part is _Part.SIZE:
            self._read_size(text)
        elif self._part is _Part.TRAILER:
            self._read_trailer(text)
        elif text:
            self.error = BadRequest("a chunk is longer than its size says")
        else:
            self._part = _Part.SIZE

    def _read_size(self, text: bytes) -> None:
        size = _SIZE.fullmatch(text)
        if size is None or not CHUNK_EXT_RE.match(size[2] or b""):
            self.error = BadRequest("the size of a chunk is malformed")
            return
        self._left = int(size[1], 16)
        self._part = _Part.DATA if self._left else _Part.TRAILER
        self._pieces += 1
        if len(self) + self._left > self._most:
            self.error = RequestEntityTooLarge("")
        elif self._pieces > _PIECES:
            self.error = BadRequest(f"its body has more than {_PIECES:,} chunks")

    def _read_trailer(self, text: bytes) -> None:
        self._trailer += len(text)
        if not text:
            self.completed = True
        elif not HEADER_FIELD_RE.match(text) or self._trailer > _TRAILER_BYTES:
            self.error = BadRequest("the trailer after the last chunk is malformed or too long")
