"""Turns: requests handled one at a time, shared fairly between clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...graph.store.admission import FairQueue, NotAdmitted
from ...graph.store.answers import Limits
from ...graph.store.problems import QueryError, not_admitted
from .client_network import client_network, disconnection


class Turns:
    """A fair queue of requests, by client.

    Threads that compute at the same time share the interpreter, so all of them finish late. One
    after the other, nearly all finish sooner.
    """

    def __init__(self, limits: Limits, queue: int, share: int) -> None:
        """Let ``queue`` requests wait, and ``share`` per client while others wait."""
        self._limits = limits
        self._queue: FairQueue[int] = FairQueue(1, queue, share)
        self._queue.put(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it; ``QueryError`` (429, 499, 503) if there is none or the
        client has disconnected.
        """
        try:
            # Long enough for the request that holds the turn to finish.
            patience = 2 * self._limits.seconds
            with self._queue.turn(client_network(), patience, disconnection()):
                yield
        except NotAdmitted as error:
            raise QueryError(not_admitted(error, self._limits)) from error
