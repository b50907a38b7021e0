"""The peak memory of the service, part by part, computed from its settings.

The estimates come from measurements under hostile traffic, rounded up; a test checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ...graph.store.answers import Limits

_MIB = 2**20
#: A worker process, without the store that it shares.
_WORKER = 64 * _MIB
#: The process that speaks HTTP, idle.
_FRONT = 128 * _MIB
#: A connection: the head of a request, or the part of an answer not yet read.
_CONNECTION = 2 * _MIB
#: A thread that answers: a decoded body, or a page as text, as bytes and gzipped.
_REQUEST = 16 * _MIB
#: A batch of the Reconciliation API; one is answered at a time.
_BATCH = 128 * _MIB
#: The cached PNG figures, and the process that draws one.
_PICTURES = 128 * _MIB
#: While a new release takes over, everything that belongs to a release exists twice.
_RELEASES = 2


@dataclass(frozen=True, slots=True)
class PeakMemory:
    """The most bytes that each part of the service takes."""

    #: The processes that run queries.
    workers: int
    #: The store that they share, and the pages of it that each one copies.
    store: int
    #: Cached answers and responses.
    caches: int
    batches: int
    #: Figures as PNG.
    pictures: int
    #: Requests being answered.
    requests: int
    connections: int
    #: The rest of the process that speaks HTTP.
    front: int

    @classmethod
    def of(
        cls, limits: Limits, store: int, caches: int, threads: int, connections: int
    ) -> PeakMemory:
        """The peak for a server's settings and the size of its store in memory."""
        return cls(
            workers=_RELEASES * limits.processes * (limits.memory_bytes + _WORKER),
            store=_RELEASES * store,
            caches=_RELEASES * caches,
            batches=_RELEASES * _BATCH,
            pictures=_RELEASES * _PICTURES,
            requests=threads * _REQUEST,
            connections=connections * _CONNECTION,
            front=_FRONT,
        )

    @property
    def parts(self) -> Mapping[str, int]:
        """The bytes of each part, by its name."""
        return asdict(self)

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts.values())
