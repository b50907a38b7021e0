"""Processes: where the parts of a build run that do not depend on each other."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from ..collection import collect_rarely
from ..errors import LostProcess, NoCluster

T = TypeVar("T")


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def working(processes: int) -> Iterator[Executor]:
    """What runs tasks in so many processes; with one, in this process, each at once.

    Raises LostProcess where a process is killed. Any other error ends the processes.
    """
    if processes == 1:
        yield _Here()
        return
    # forked from a process that has no threads and no files of ours
    context = get_context("forkserver")
    context.set_forkserver_preload(["oograph.graph.release.build"])
    executor = ProcessPoolExecutor(processes, context, _begin)
    try:
        _start(executor, processes)
        yield executor
    except BrokenExecutor:
        raise LostProcess(
            "a process that did a part of the build has ended: it was killed, perhaps for want of"
            " memory, or a script that calls build() does not say if __name__ == '__main__'; build"
            " again, with --processes 1 where memory is short"
        ) from None
    except BaseException:
        _end(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _start(executor: ProcessPoolExecutor, processes: int) -> None:
    """Start all processes: one that Ctrl-C cut off would be left and hold the others up."""
    with _ctrl_c_waits():
        while len(executor._processes) < processes:
            executor.submit(os.getpid)  # starts one, where all are busy


def _end(executor: ProcessPoolExecutor) -> None:
    """Kill all processes: nobody waits for what they are at, least of all after Ctrl-C.

    Nor for the rest of what one was sending, which would never come.
    """
    with _ctrl_c_waits():
        for process in list(executor._processes.values()):
            process.kill()
        executor._result_queue._writer.close()  # type: ignore[attr-defined]


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Here(Executor):
    """Runs each task as it is given."""

    def submit(self, task: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(task(*arguments, **named))
        return future


@contextmanager
def working_on(scheduler: str) -> Iterator[Executor]:
    """What runs tasks on the workers of a Dask cluster, which see the same files under the same
    names.

    Raises NoCluster where there is none at that address, and LostProcess where it loses a worker
    at the same task again and again.
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
    with client:
        try:
            yield _Cluster(client)
        except KilledWorker as error:
            raise LostProcess(
                f"the cluster has lost a worker at the same task again and again: {error}; give its"
                " workers more memory"
            ) from None


class _Cluster(Executor):
    """Runs tasks on a cluster, and lets go of each result as soon as it is here.

    Dask's own executor holds on to results, and the cluster does a task again whose result was on
    a worker that it loses: files would be written anew that others read already.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, task: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()

        def take(done: Any) -> None:
            try:
                future.set_result(done.result())
            except BaseException as error:  # whatever the task raised
                future.set_exception(error)
            finally:
                done.release()

        self._client.submit(task, *arguments, **named, pure=False).add_done_callback(take)
        return future


def _begin() -> None:
    """Ctrl-C is for the parent; a process whose parent was killed ends, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()  # a task makes millions of objects, and next to no cycles
    parent = parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
