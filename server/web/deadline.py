"""One time limit for a request, whatever part of the site it goes to.

It counts the processor time of the thread that answers and the run time of the request's queries.
Waiting for a turn or for a busy processor does not count, so a busy machine refuses nobody.
"""

from __future__ import annotations

import math
import time

from flask import Flask, g, has_app_context

from ...graph.errors import OutOfTime
from ...graph.store.waiting import WAITING


def register(app: Flask, seconds: float) -> None:
    """Limit each request of an app to so many seconds."""

    def begin() -> None:
        # The server's loop thread serves many requests, and only short ones: no limit there.
        if not WAITING.get().is_shared:
            g.processor_until = time.thread_time() + seconds

    app.before_request(begin)


def seconds_left() -> float:
    """The seconds left for this thread's request; infinity without a limit."""
    until = g.get("processor_until") if has_app_context() else None
    return math.inf if until is None else until - time.thread_time()


def spend(seconds: float) -> None:
    """Count seconds that another process worked for the request."""
    if has_app_context() and "processor_until" in g:
        g.processor_until -= seconds


def check() -> None:
    """Raise ``OutOfTime`` if no time is left."""
    if seconds_left() <= 0:
        raise OutOfTime
