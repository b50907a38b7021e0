"""Execution: one request, run in workers of a pool until it has its answer, or its problem."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ..errors import OographError
from .admission import NotAdmitted, Turn
from .answers import Done, Limits, NoRoom, Spool
from .pool import WorkerPool
from .problems import (
    CRASHED,
    DAMAGED,
    DISCONNECTED,
    KILLED,
    NO_WORKER,
    ProblemDetails,
    no_room,
    not_admitted,
    out_of_memory,
    out_of_time,
    too_deep,
)
from .worker import Request
from .worker_process import WorkerEnded, WorkerProcess

#: How long a query runs at least that is tried while all places are taken.
_TRIAL_SECONDS = 1.0
#: After a query that ran longer, a worker is forked anew. The engine counts, in the store, who
#: reads a quad: a page that is read is shared no longer, and a long query may read them all.
_WEARING_SECONDS = 1.0
#: How often a query is tried whose worker is ended by a signal. One that anybody may send is no
#: word against the query; a full memory and spent processor time are the query's own doing.
_TRIES: dict[int, int] = {
    signal.SIGKILL: 3,
    signal.SIGTERM: 3,
    signal.SIGABRT: 1,
    signal.SIGXCPU: 1,
}
_OTHER_TRIES = 2
#: The engine's stack holds any query with less text that the guard lets through.
_DEEP_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that is all there."""

    spool: Spool
    #: Solutions or triples; None for an ASK.
    rows: int | None
    #: How long the query ran.
    seconds: float


class _TrialEnded(OographError):
    """The query was not answered within its trial, and others want one."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One request, under limits; who asks may disconnect meanwhile."""

    pool: WorkerPool
    request: Request
    #: Those of the pool, but for the time, which may be less.
    limits: Limits
    is_disconnected: Callable[[], bool]

    def run(self, client: str) -> Whole | ProblemDetails:
        """The answer, or the problem: of the query, of the limit it reached, or of a full house.

        ``client`` is who asks ("": the site itself, which has a lane of its own).
        """
        queue = self.pool.queue
        tries = 0
        waited = 0.0
        try:
            turn = queue.enter(client)
            while True:
                begin, left = time.monotonic(), partial(self._patience, waited)
                worker = queue.wait(turn, left, self.is_disconnected)
                waited += time.monotonic() - begin
                try:
                    return self._ask(worker, turn)
                except _TrialEnded:
                    queue.retry(turn)
                except WorkerEnded as ended:
                    tries += 1
                    if self.pool.closed or tries >= _TRIES.get(ended.signal, _OTHER_TRIES):
                        queue.release(turn, None)
                        # Where a file is not as the engine knows it, the engine aborts, too.
                        return DAMAGED if self.pool.is_damaged(worker) else self._ended(ended)
                    queue.retry(turn)
        except NotAdmitted as error:
            return NO_WORKER if self.pool.failing else not_admitted(error, self.limits)

    def _patience(self, waited: float) -> float:
        """The time in which a worker must become free, for a request that has waited before."""
        return self.pool.patience(self.limits.seconds) - waited

    def _ask(self, worker: WorkerProcess, turn: Turn[WorkerProcess]) -> Whole | ProblemDetails:
        """The outcome, and the turn is released; or ``WorkerEnded`` or ``_TrialEnded``, and the
        turn may be had again."""
        spool = Spool()
        outcome: Whole | ProblemDetails | None = None
        reusable: WorkerProcess | None = None
        may_be_retried = False
        try:
            begin = time.monotonic()
            worker.send(self.request)
            end = self._collect(worker, turn, spool, begin + self.limits.seconds)
            if end is None:
                outcome = DISCONNECTED if self.is_disconnected() else out_of_time(self.limits)
            else:
                reusable = worker
                seconds = time.monotonic() - begin
                outcome = Whole(spool, end.rows, seconds) if isinstance(end, Done) else end
        except NoRoom as error:
            outcome = no_room(error)
        except (WorkerEnded, _TrialEnded):
            may_be_retried = True
            raise
        finally:
            if not isinstance(outcome, Whole):
                spool.close()
            if reusable is None:
                self.pool.replace(worker)
            elif time.monotonic() - begin > _WEARING_SECONDS:
                self.pool.dismiss(worker)
                reusable = None
            if not may_be_retried:
                self.pool.queue.release(turn, reusable)
        return outcome

    def _collect(
        self, worker: WorkerProcess, turn: Turn[WorkerProcess], spool: Spool, deadline: float
    ) -> Done | ProblemDetails | None:
        """What the worker ends with; None once time is up or the client has disconnected."""
        while turn.on_trial and (until := time.monotonic() + self._trial_seconds()) < deadline:
            end = worker.collect(spool, until, self.is_disconnected)
            if end is not None or time.monotonic() < until:
                return end
            if not self.pool.queue.may_go_on(turn):
                raise _TrialEnded
        return worker.collect(spool, deadline, self.is_disconnected)

    def _trial_seconds(self) -> float:
        """So long that all clients who wait for a trial have one within a time limit.

        Half of it goes to replacing workers.
        """
        clients = self.pool.queue.untried + 1
        return min(_TRIAL_SECONDS, self.pool.limits.seconds / 2 / clients)

    def _ended(self, ended: WorkerEnded) -> ProblemDetails:
        """Details for a query whose worker ended, as the signal has it."""
        if ended.code >= 0:
            return CRASHED
        is_long = len(self.request.text) >= _DEEP_CHARACTERS
        if ended.signal in (signal.SIGSEGV, signal.SIGBUS) and is_long:  # The stack overflows so.
            return too_deep(self.limits)
        by_limit = _BY_SIGNAL.get(ended.signal)
        return by_limit(self.limits) if by_limit else KILLED


#: The limits that the kernel and the engine keep.
_BY_SIGNAL: dict[int, Callable[[Limits], ProblemDetails]] = {
    signal.SIGABRT: out_of_memory,
    signal.SIGXCPU: out_of_time,
}
