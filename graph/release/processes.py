"""Processes: run independent parts of a build in parallel."""

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
    """An executor with that many processes; with one, tasks run here as they are submitted.

    Raises LostProcess if a process is killed. Any other error ends the processes.
    """
    if processes == 1:
        yield _Here()
        return
    # fork from a server process, which has no threads and none of our files open
    context = get_context("forkserver")
    context.set_forkserver_preload(["oograph.graph.release.build"])
    executor = ProcessPoolExecutor(processes, context, _begin)
    try:
        _start(executor, processes)
        yield executor
    except BrokenExecutor:
        _end(executor)
        raise LostProcess(
            "a worker process of the build was killed, perhaps because memory ran out; build again,"
            " with --processes 1 if memory is short (a script that calls build() also needs"
            " if __name__ == '__main__')"
        ) from None
    except BaseException:
        _end(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _start(executor: ProcessPoolExecutor, processes: int) -> None:
    """Start all processes: one that Ctrl-C interrupts would stay and hold up the others."""
    with _signals_wait():
        while len(executor._processes) < processes:
            executor.submit(os.getpid)  # starts one, if all are busy


def _end(executor: ProcessPoolExecutor) -> None:
    """Kill all processes without waiting for their tasks, for example after Ctrl-C or SIGTERM.

    The rest of a result that one was sending is not waited for either: it would never come.
    """
    with _signals_wait():
        for process in list(executor._processes.values()):
            process.kill()
        executor._result_queue._writer.close()  # type: ignore[attr-defined]


@contextmanager
def _signals_wait() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Here(Executor):
    """Runs each task in this process, as it is submitted."""

    def submit(self, task: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(task(*arguments, **named))
        return future


@contextmanager
def working_on(scheduler: str) -> Iterator[Executor]:
    """An executor on a Dask cluster, whose workers must see the same files at the same paths.

    Raises NoCluster if there is none at that address, and LostProcess if the same task keeps
    losing its worker.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise NoCluster(
            "building on a cluster needs Dask; run pip install '.[cluster]' in a checkout of"
            " oograph, here and on the cluster's workers"
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
                f"the cluster keeps losing workers on the same task: {error}; give its workers more"
                " memory"
            ) from None


class _Cluster(Executor):
    """Runs tasks on a cluster, and releases each result as soon as it has arrived.

    Dask's own executor keeps results. If the cluster lost a worker, it would repeat the tasks
    whose results were there, and rewrite files that others already read.
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
    """Leave Ctrl-C to the parent process, and end on SIGTERM and when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    collect_rarely()  # a task makes millions of objects, and next to no cycles
    parent = parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
