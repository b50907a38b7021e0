"""One deadline for a request: what the work for it may take, whatever the surface.

What counts is the processor time of the thread that answers, and the seconds that the request's
queries run. What a request waits, for its turn or for a processor that others use, does not:
nobody is refused because the machine is busy.
"""

from __future__ import annotations

import math
import time

from flask import Flask, g, has_app_context

from ...graph.errors import OutOfTime
from ...graph.store.waiting import WAITING


def register(app: Flask, seconds: float) -> None:
    """Give each request of an app so many seconds."""

    def begin() -> None:
        # In the server's loop the thread is not the request's, and nothing is asked that is long.
        if not WAITING.get().is_shared:
            g.processor_until = time.thread_time() + seconds

    app.before_request(begin)


def seconds_left() -> float:
    """What is left to the request of this thread; without end where there is none."""
    until = g.get("processor_until") if has_app_context() else None
    return math.inf if until is None else until - time.thread_time()


def spend(seconds: float) -> None:
    """Count what somebody else has worked for the request."""
    if has_app_context() and "processor_until" in g:
        g.processor_until -= seconds


def check() -> None:
    """``OutOfTime`` where nothing is left."""
    if seconds_left() <= 0:
        raise OutOfTime
