"""Builds in several processes, on a cluster, and with a process that is killed."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from oograph.graph.errors import InvalidVocabulary, NoCluster
from oograph.graph.model import Problem
from oograph.graph.release import Release, conforming, runs
from oograph.graph.release.build import build
from oograph.graph.release.dumps import checksums
from oograph.graph.release.processes import working_on

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
BUILD = """
import sys, time
from pathlib import Path
from oograph.graph.release import build, runs
runs._WORKS = 2
def write_changes(*given):
    time.sleep(60)  # while the test acts on the writing build
if __name__ == "__main__":
    build.write_changes = write_changes
    say = lambda text: print(text, flush=True)
    build.build(Path(sys.argv[1]), Path(sys.argv[2]), processes=2, step=say)
"""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_WORKS", 2)
    monkeypatch.setattr(conforming, "_LINKS", 100)


@pytest.fixture(scope="module")
def sums(small_release: Release) -> dict[str, str]:
    """The checksums of the release from one process, in one chunk, with all links at once."""
    return checksums(small_release.folder / "dumps")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.mark.parametrize("processes", [1, 3])
def test_the_release_is_the_same_in_any_number_of_processes(
    tmp_path: Path, sums: dict[str, str], processes: int
) -> None:
    release = build(SMALL, tmp_path / "out", processes=processes).release
    assert checksums(release.folder / "dumps") == sums


def test_a_cluster_that_loses_a_worker_makes_the_same_release(
    tmp_path: Path, sums: dict[str, str], cluster: LocalCluster
) -> None:
    worker = next(iter(cluster.workers.values())).process.process
    killed = []

    def step(text: str) -> None:
        if text.startswith("writing"):
            os.kill(worker.pid, signal.SIGKILL)
            killed.append(worker.pid)

    release = build(SMALL, tmp_path / "out", step=step, scheduler=cluster.scheduler_address).release
    assert killed
    assert checksums(release.folder / "dumps") == sums


def test_a_cluster_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoCluster, match="no Dask scheduler answers at nowhere://x"):
        build(SMALL, tmp_path / "out", scheduler="nowhere://x")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match=r"pip install '\.\[cluster\]'"):
        build(SMALL, tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    assert not list((tmp_path / "out").glob("*"))


def workers(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """The worker processes of a build, without the one that they are forked from."""
    children = psutil.Process(running.pid).children(recursive=True)
    return [child for child in children if child.ppid() != running.pid]


@pytest.fixture
def running(
    tmp_path: Path, eventually: Callable[[Callable[[], object], str], None]
) -> Iterator[subprocess.Popen[str]]:
    """A build that has begun to write its release."""
    script = tmp_path / "build.py"
    script.write_text(BUILD)
    command = [sys.executable, str(script), str(SMALL), str(tmp_path / "out")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as started:
        assert started.stdout
        while "writing" not in started.stdout.readline():
            assert started.poll() is None
        eventually(lambda: len(workers(started)) == 2, "a process has not begun")
        yield started
        started.kill()


def test_a_process_that_is_killed_ends_the_build(
    tmp_path: Path, running: subprocess.Popen[str]
) -> None:
    for worker in workers(running):
        with suppress(psutil.NoSuchProcess):  # it ended together with the previous one
            worker.kill()
    _, errors = running.communicate()
    assert "LostProcess" in errors and "build again, with --processes 1" in errors
    assert not list((tmp_path / "out").glob("*"))


def test_a_build_that_is_killed_leaves_no_process(
    running: subprocess.Popen[str], eventually: Callable[[Callable[[], object], str], None]
) -> None:
    left = psutil.Process(running.pid).children(recursive=True)
    assert left
    running.kill()
    eventually(lambda: not any(map(psutil.Process.is_running, left)), "a process is left")


def test_ctrl_c_ends_a_build_at_once_however_often(running: subprocess.Popen[str]) -> None:
    for _ in range(2):
        running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors


#: Two processes, one of which has sent only part of its result when Ctrl-C comes.
HALF = """
import sys, time
from pathlib import Path
from oograph.graph.release.processes import working
def send_a_part():
    import os, sys, time
    from multiprocessing.connection import Connection
    def send(self, data):
        os.write(self.fileno(), bytes(data)[:2])
        Path(sys.argv[1]).touch()
        time.sleep(600)
    Connection._send = send
if __name__ == "__main__":
    with working(2) as executor:
        executor.submit(send_a_part)
        while not Path(sys.argv[1]).exists():
            time.sleep(0.01)
        raise KeyboardInterrupt
"""


def test_ctrl_c_waits_for_no_rest_of_a_result(tmp_path: Path, patience: float) -> None:
    script = tmp_path / "half.py"
    script.write_text(HALF)
    command = [sys.executable, str(script), str(tmp_path / "sent")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    assert done.returncode and "KeyboardInterrupt" in done.stderr


#: Two processes, one of which is killed; the other, like one that is just starting, ignores
#: SIGTERM.
STUBBORN = """
import os, signal, sys, time
from pathlib import Path
from oograph.graph.release.processes import working
def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(sys.argv[1]).touch()
    time.sleep(600)
def killed():
    os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    with working(2) as executor:
        executor.submit(stubborn)
        while not Path(sys.argv[1]).exists():
            time.sleep(0.01)
        executor.submit(killed).result()
"""


def test_a_killed_process_takes_the_others_with_it(tmp_path: Path, patience: float) -> None:
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN)
    command = [sys.executable, str(script), str(tmp_path / "begun")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    assert done.returncode and "LostProcess" in done.stderr


def test_what_a_cluster_has_done_is_not_done_again(cluster: LocalCluster) -> None:
    # A lost worker takes its results with it, though others already read the files it wrote.
    with working_on(cluster.scheduler_address) as executor:
        assert executor.submit(str.upper, "done").result() == "DONE"
        with pytest.raises(ValueError):
            executor.submit(int, "done").result()
        until = time.monotonic() + 60
        while cluster.scheduler.tasks and time.monotonic() < until:
            time.sleep(0.01)
        assert not cluster.scheduler.tasks


def test_errors_come_back_from_processes() -> None:
    error = InvalidVocabulary([Problem("violation", "It is wrong.", "Put it right.")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
