"""A whole answer, kept until somebody reads it: small ones in memory, others in a nameless file."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, cast

__all__ = ["MEMORY_BYTES", "Spool"]

#: An answer larger than this goes to a file, in the folder that TMPDIR names.
MEMORY_BYTES = 2**20
_PIECE = 2**18


class Spool:
    """Bytes, written once and read any number of times, each time from the start."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)
        self.length = 0

    @property
    def in_memory(self) -> bool:
        """Whether it is small enough to be handled as one string of bytes."""
        return self.length <= MEMORY_BYTES

    @property
    def file(self) -> IO[bytes]:
        """The bytes as a file, at its start."""
        self._file.seek(0)
        return cast("IO[bytes]", self._file)

    def write(self, chunk: bytes) -> None:
        """Add a chunk; only before the first reading."""
        self._file.write(chunk)
        self.length += len(chunk)

    def __iter__(self) -> Iterator[bytes]:
        file = self.file
        return iter(lambda: file.read(_PIECE), b"")

    def close(self) -> None:
        """Give the memory or the file back."""
        self._file.close()
