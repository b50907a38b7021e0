"""/health says what is wrong as soon as it is, and is well again once it is put right."""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder(release_at, tmp_path: Path) -> Path:
    return release_at(tmp_path / "2026-01-01-0123456789ab")


@pytest.fixture
def running(start_server, folder: Path) -> Iterator:
    server = start_server(folder)
    assert server("/health").json["status"] == "ok"
    yield server
    server.stop()


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def assert_failing(reply, says: str, store: bool = True) -> None:
    assert reply.status == 503
    assert reply.json["status"] == "failing" and reply.json["store"] is store
    assert says in str(reply.json["detail"])
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_release_that_went_away(running, folder: Path) -> None:
    away = folder.rename(folder.parent / "away")
    assert_failing(running("/health"), "release.json")
    away.rename(folder)
    assert running("/health").status == 200


@pytest.mark.parametrize("name", ["dumps", "names.db", "works.db", "records.db", "report.html"])
def test_a_part_of_a_release_that_went_away(running, folder: Path, name: str) -> None:
    shutil.move(folder / name, folder.parent)
    assert_failing(running("/health"), name)


def test_a_full_disk(running) -> None:
    before = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (2**19, before[1]))
    assert_failing(running("/health"), "room")
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, before)
    assert running("/health").status == 200


def test_a_dead_pool(running, folder: Path, eventually) -> None:
    """Nobody can take the place of the workers, since what they load is not there."""
    nquads = folder / "dumps" / "oograph.nq"
    nquads.rename(folder / "dumps" / "away")
    for worker in children(running.process.pid):
        os.kill(worker, signal.SIGKILL)
    eventually(lambda: running("/health").status == 503, "a pool without workers is well")
    assert_failing(running("/health"), "", store=False)
