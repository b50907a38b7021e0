"""Turns: work that many may ask for and that goes one at a time, fairly by client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...graph.store.admission import FairQueue, NotAdmitted
from ...graph.store.answers import Limits
from ...graph.store.problems import QueryError, not_admitted
from .client_network import client_network, disconnection


class Turns:
    """A fair queue of requests, by client.

    Threads that compute at the same time take turns at the interpreter every few microseconds, so
    that all of them come to their end late; one after the other is sooner for nearly all.
    """

    def __init__(self, limits: Limits, queue: int, share: int) -> None:
        """``queue`` requests may wait, and ``share`` of one client while others wait."""
        self._limits = limits
        self._queue: FairQueue[int] = FairQueue(1, queue, share)
        self._queue.put(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it; ``QueryError`` (429, 499, 503) where none is to be had
        or the client has left.
        """
        try:
            # Long enough for the request that has the turn to come to its end.
            patience = 2 * self._limits.seconds
            with self._queue.turn(client_network(), patience, disconnection()):
                yield
        except NotAdmitted as error:
            raise QueryError(not_admitted(error, self._limits)) from error
