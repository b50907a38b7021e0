"""Execution: run one request in a worker pool until it has an answer or a problem."""

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
    aborted,
    no_room,
    not_admitted,
    out_of_time,
    too_deep,
)
from .worker import Request
from .worker_process import WorkerEnded, WorkerProcess

#: The longest slice of a trial, in seconds.
_TRIAL_SECONDS = 1.0
#: A worker is replaced after a query that ran longer than this. The engine keeps reference counts
#: in the store, so a page that is read is no longer shared, and a long query may read them all.
_WEARING_SECONDS = 1.0
#: How often a query is tried if a signal ends its worker. SIGKILL and SIGTERM may come from outside
#: and do not speak against the query; running out of memory or processor time does.
_TRIES: dict[int, int] = {
    signal.SIGKILL: 3,
    signal.SIGTERM: 3,
    signal.SIGABRT: 1,
    signal.SIGXCPU: 1,
}
_OTHER_TRIES = 2
#: The engine's stack suffices for any shorter query that passes the guard.
_DEEP_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A complete answer."""

    spool: Spool
    #: Solutions or triples; None for an ASK.
    rows: int | None
    #: How long the query ran.
    seconds: float


class _TrialEnded(OographError):
    """The query was not answered within its trial, and others are waiting for one."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One request under limits, whose client may disconnect."""

    pool: WorkerPool
    request: Request
    #: The limits of the pool, except that the time limit may be lower.
    limits: Limits
    is_disconnected: Callable[[], bool]

    def run(self, client: str) -> Whole | ProblemDetails:
        """The answer, or the problem: an error in the query, a limit reached, or a full queue.

        ``client`` identifies the client; "" is the site itself, which has its own lane.
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
                        # The engine also aborts if a file has changed since it was opened.
                        return DAMAGED if self.pool.is_damaged(worker) else self._ended(ended)
                    queue.retry(turn)
        except NotAdmitted as error:
            return NO_WORKER if self.pool.failing else not_admitted(error, self.limits)

    def _patience(self, waited: float) -> float:
        """The remaining seconds that a request may wait for a worker."""
        return self.pool.patience(self.limits.seconds) - waited

    def _ask(self, worker: WorkerProcess, turn: Turn[WorkerProcess]) -> Whole | ProblemDetails:
        """Return the outcome and release the turn; after ``WorkerEnded`` or ``_TrialEnded`` the
        turn may be retried."""
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
        """The worker's last message; None if time is up or the client has disconnected."""
        while turn.on_trial and (until := time.monotonic() + self._trial_seconds()) < deadline:
            end = worker.collect(spool, until, self.is_disconnected)
            if end is not None or time.monotonic() < until:
                return end
            if not self.pool.queue.may_go_on(turn):
                raise _TrialEnded
        return worker.collect(spool, deadline, self.is_disconnected)

    def _trial_seconds(self) -> float:
        """Short enough for every client waiting for a trial to get one within a time limit.

        Half of that time is reserved for replacing workers.
        """
        clients = self.pool.queue.untried + 1
        return min(_TRIAL_SECONDS, self.pool.limits.seconds / 2 / clients)

    def _ended(self, ended: WorkerEnded) -> ProblemDetails:
        """Details for a query whose worker ended, according to the signal."""
        if ended.code >= 0:
            return CRASHED
        is_long = len(self.request.text) >= _DEEP_CHARACTERS
        if ended.signal in (signal.SIGSEGV, signal.SIGBUS) and is_long:  # a stack overflow
            return too_deep(self.limits)
        if ended.signal == signal.SIGABRT:
            return aborted(self.request.text, self.limits)
        return out_of_time(self.limits) if ended.signal == signal.SIGXCPU else KILLED
