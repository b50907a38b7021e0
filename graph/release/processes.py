"""Processes: where the parts of a build run that do not depend on each other."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from ..errors import LostProcess, NoCluster

__all__ = ["cores", "working", "working_on"]

#: How many new objects have Python look for cycles among them: a task makes millions, and next to
#: no cycles.
_YOUNG = 200_000


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
    except BrokenExecutor:
        raise LostProcess(
            "a process that did a part of the build was killed, perhaps for want of memory; build"
            " again, with --processes 1 where memory is short"
        ) from None
    finally:
        # after an error, what has not begun is not wanted any more
        executor.shutdown(cancel_futures=True)


@contextmanager
def working_on(scheduler: str) -> Iterator[Executor]:
    """What runs tasks on the workers of a Dask cluster, which see the same files under the same
    names.

    Raises NoCluster where there is none at that address.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise NoCluster(
            "a build on a cluster needs Dask: pip install 'oograph[cluster]', here and on the"
            " cluster's workers"
        ) from None
    try:
        client = Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"no Dask scheduler answers at {scheduler}: {error}") from error
    with client, client.get_executor(pure=False) as executor:
        try:
            yield executor
        except KilledWorker as error:
            raise LostProcess(
                f"the cluster has lost a worker at the same task again and again: {error}; give its"
                " workers more memory"
            ) from None


def _begin() -> None:
    """Ctrl-C is for the parent; a process whose parent was killed ends, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_YOUNG)
    parent = parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
