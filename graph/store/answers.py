"""A whole answer, kept until somebody reads it: small ones in memory, others in a nameless file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from ..errors import OographError


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs a query runs over (SPARQL 1.1 Protocol, 2.1.4); empty: what the query says."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)


#: All graphs: the default graph is their union.
WHOLE = Dataset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use; a query that needs more gets an error that names the limit."""

    #: Wall-clock seconds; then the query is killed with the process it runs in.
    seconds: float = 10.0
    #: Bytes of the answer as written.
    result_bytes: int = 2**30
    #: Characters of the query's text and of the IRIs of its graphs.
    query_characters: int = 100_000
    #: Brackets open at once; the engine's own stack ends at some 2,000.
    nesting: int = 200
    #: Bytes a worker may use beyond those it holds the store in. Linux only.
    memory_bytes: int = 2**30
    #: Visitors' queries that run at once. There are two workers more: one for the site's own
    #: pages, and one in which a query is tried while all others are taken.
    workers: int = 2
    #: Queries that may wait for a worker; each holds a thread.
    queue: int = 32
    #: Queries of one client that may run or wait while others wait, where that is more than its
    #: equal part of all places.
    client_queries: int = 4

    @property
    def processes(self) -> int:
        """All workers."""
        return self.workers + TRIALS + 1


#: Workers in which a query is tried while all others are taken.
TRIALS = 1
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer and what ``Content-Type`` says of it."""

    media_type: str
    #: The answer as written; to be read once, unless it is a ``Spool``.
    chunks: Iterable[bytes]
    #: In bytes; None where it is not known.
    length: int | None = None
    #: Solutions of a SELECT, triples of a graph; None for an ASK, or where nobody counted.
    rows: int | None = None
    #: How long the query ran; 0 for an answer that was kept.
    seconds: float = 0.0

    @property
    def body(self) -> bytes:
        """All of it at once, for those who know that it is small."""
        return b"".join(self.chunks)


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer: all that has not been sent, so that a small one is one message."""

    #: Solutions or triples; None for an ASK.
    rows: int | None
    rest: bytes = b""


#: An answer larger than this goes to a file, in the folder that TMPDIR names.
MEMORY_BYTES = 2**20
_PIECE = 2**18


class NoRoom(OographError):
    """The disk has no room for an answer; the message is the system's."""


class Overflow(OographError):
    """More bytes than an answer may have, after so many ``rows``, which are called ``unit``."""

    def __init__(self, rows: int, unit: str) -> None:
        super().__init__(rows)
        self.rows, self.unit = rows, unit


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
        """Add a chunk, only before the first reading; or ``NoRoom``."""
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
        """Give the memory or the file back."""
        with suppress(OSError):  # What did not fit is written once more.
            self._file.close()
