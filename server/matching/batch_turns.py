"""One batch at a time: matching works in the server's own process, which must stay free."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...graph.store.admission import FairQueue, NotAdmitted, never_disconnected
from ...graph.store.answers import Limits
from ...graph.store.problems import QueryError, not_admitted
from ..web.client_network import client_network

__all__ = [
    "BatchQueue",
]


class BatchQueue:
    """A fair queue of batches, by client, under the limits of queries."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turns: FairQueue[int] = FairQueue(1, limits.queue, limits.client_queries)
        self._turns.put(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it; ``QueryError`` (429, 503) where there is none to be had."""
        try:
            with self._turns.turn(client_network(), self._limits.seconds, never_disconnected):
                yield
        except NotAdmitted as error:
            raise QueryError(not_admitted(error, self._limits)) from error
