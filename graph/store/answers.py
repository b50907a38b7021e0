"""Answers, buffered until they are read: small ones in memory, others in an unnamed file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from ..errors import OographError


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs a query runs over (SPARQL 1.1 Protocol, 2.1.4); if empty, the query decides."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)


#: All graphs: the default graph is their union.
WHOLE = Dataset()


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one query; a query that exceeds one gets an error that names the limit."""

    #: Wall-clock seconds, after which the query is killed with its process.
    seconds: float = 10.0
    #: Bytes of the answer as written.
    result_bytes: int = 2**30
    #: Characters of the query's text and of the IRIs of its graphs.
    query_characters: int = 100_000
    #: Brackets open at the same time; the engine's stack overflows at about 2,000.
    nesting: int = 200
    #: Bytes of memory a worker may use in addition to the store. Linux only.
    memory_bytes: int = 2**30
    #: Visitors' queries that run at the same time. There are two more workers: one for the site's
    #: own pages, and one for trials while all others are busy.
    workers: int = 2
    #: Queries that may wait for a worker; each holds a thread.
    queue: int = 32
    #: Queries of one client that may run or wait while others wait, or an equal part of all places
    #: if that is more.
    client_queries: int = 4

    @property
    def processes(self) -> int:
        """The number of all workers."""
        return self.workers + TRIALS + 1


#: Workers for trials, while all others are busy.
TRIALS = 1
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer and its ``Content-Type``."""

    media_type: str
    #: The serialised answer; it can be read once only, unless it is a ``Spool``.
    chunks: Iterable[bytes]
    #: In bytes; None if unknown.
    length: int | None = None
    #: Solutions of a SELECT, or triples of a graph; None for an ASK, or if not counted.
    rows: int | None = None
    #: How long the query ran; 0 for a cached answer.
    seconds: float = 0.0

    @property
    def body(self) -> bytes:
        """The whole answer as one string of bytes; only for small answers."""
        return b"".join(self.chunks)


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer, with the unsent rest; a small answer is thus a single message."""

    #: Solutions or triples; None for an ASK.
    rows: int | None
    rest: bytes = b""


#: Larger answers go to a file in the folder named by TMPDIR.
MEMORY_BYTES = 2**20
_PIECE = 2**18


class NoRoom(OographError):
    """The disk has no space for an answer; the message is the system's."""


class Overflow(OographError):
    """An answer exceeded its size limit after ``rows`` rows, which are called ``unit``."""

    def __init__(self, rows: int, unit: str) -> None:
        super().__init__(rows)
        self.rows, self.unit = rows, unit


class Spool:
    """A buffer that is written once and can be read any number of times from the start."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)
        self.length = 0

    @property
    def in_memory(self) -> bool:
        """Whether it is small enough to handle as one string of bytes."""
        return self.length <= MEMORY_BYTES

    @property
    def file(self) -> IO[bytes]:
        """The buffer as a file, positioned at its start."""
        self._file.seek(0)
        return cast("IO[bytes]", self._file)

    def write(self, chunk: bytes) -> None:
        """Add a chunk, before the first reading only; raise ``NoRoom`` if the disk is full."""
        try:
            self._file.write(chunk)
            self._file.flush()
        except OSError as error:
            raise NoRoom(error.strerror or str(error)) from error
        self.length += len(chunk)

    def __iter__(self) -> Iterator[bytes]:
        file = self.file
        return iter(lambda: file.read(_PIECE), b"")

    def close(self) -> None:
        """Release the memory or the file."""
        with suppress(OSError):  # closing tries once more to write what did not fit
            self._file.close()
