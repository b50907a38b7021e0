"""Processes: where the parts of a build run that do not depend on each other."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

__all__ = ["cores", "working"]


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def working(processes: int) -> Iterator[Executor]:
    """What runs tasks in so many processes; with one, in this process, one after the other."""
    executor: Executor
    if processes == 1:
        executor = ThreadPoolExecutor(1)
    else:
        # forked from a process that has no threads and no files of ours
        context = get_context("forkserver")
        context.set_forkserver_preload(["oograph.graph.release.build"])
        executor = ProcessPoolExecutor(processes, context, _begin)
    try:
        yield executor
    finally:
        # after an error, what has not begun is not wanted any more
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """Ctrl-C is for the parent; a process whose parent was killed ends, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    parent = parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
