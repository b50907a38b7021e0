"""The most memory that the service takes, part by part, from its settings.

The estimates are of what hostile traffic was measured to take, rounded up; a test holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ...graph.store.answers import Limits

_MIB = 2**20
#: A worker, beside the store that it shares.
_WORKER = 64 * _MIB
#: The process that speaks HTTP, idle.
_FRONT = 128 * _MIB
#: A connection: a request's head, or as much of an answer that is not yet read.
_CONNECTION = 2 * _MIB
#: A thread that answers: a body, decoded, or a page, beside it in bytes and gzipped.
_REQUEST = 16 * _MIB
#: A batch of the Reconciliation API; one is answered at a time.
_BATCH = 128 * _MIB
#: The figures as PNG that are kept, and the process that draws one.
_PICTURES = 128 * _MIB
#: While a new release takes over, there are two of what belongs to a release.
_RELEASES = 2


@dataclass(frozen=True, slots=True)
class PeakMemory:
    """Bytes that each part of the service takes at most."""

    #: The processes that run queries.
    workers: int
    #: The store that they share, and what each of them copies of it.
    store: int
    #: Answers, and whole responses, that are given again.
    caches: int
    batches: int
    #: Figures as PNG.
    pictures: int
    #: Requests that are being answered.
    requests: int
    connections: int
    #: The rest of the process that speaks HTTP.
    front: int

    @classmethod
    def of(
        cls, limits: Limits, store: int, caches: int, threads: int, connections: int
    ) -> PeakMemory:
        """The peak for the settings of a server and what its store takes in memory."""
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
        """Each part by its name."""
        return asdict(self)

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts.values())
