"""Two real SPARQL stores on loopback, each in a folder of its own, and a small release."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oograph.graph.release import Release
from oograph.graph.store.load import load

VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
MaxClientConnections = 20
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
CaseMode = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""


@dataclass
class Running:
    """A store's process, which can be killed and started again at the same address."""

    command: Sequence[str]
    folder: Path
    #: Where ``oograph load`` finds it, credentials and all.
    url: str
    #: Where it is asked.
    query_url: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # A new Virtuoso writes its files first, which a busy disk holds up.
        until = time.monotonic() + 300
        while True:
            try:
                urllib.request.urlopen(f"{self.query_url}?query=ASK%7B%7D", timeout=5).read()
                return
            except (OSError, urllib.error.URLError):
                assert self.process.poll() is None, "the store has ended"
                assert time.monotonic() < until, "the store does not come up"
                time.sleep(0.1)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def found(name: str, remedy: str) -> str:
    """The path of a program; without it the test is skipped, but not where CI is."""
    path = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if path is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed: {remedy}")
    assert path, f"{name} is not installed: {remedy}"
    return path


@pytest.fixture(scope="session")
def new_oxigraph(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Callable[..., Running]]:
    """Starts ``oxigraph serve`` over an empty folder."""
    program = found("oxigraph", "pip install oxigraph")
    started: list[Running] = []

    def start(*options: str) -> Running:
        folder = tmp_path_factory.mktemp("oxigraph")
        port = free_port()
        command = [program, "serve", "--location", f"{folder}/db", "--bind", f"127.0.0.1:{port}"]
        root = f"http://127.0.0.1:{port}"
        running = Running([*command, *options], folder, root, f"{root}/query")
        started.append(running)
        running.start()
        return running

    yield start
    for each in started:
        each.kill()


@pytest.fixture(scope="session")
def new_virtuoso(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Callable[..., Running]]:
    """Starts Virtuoso with an empty database; ``rows`` is its own limit of rows, 0: none."""
    program = found("virtuoso-t", "apt-get install virtuoso-opensource-7")
    started: list[Running] = []

    def start(rows: int = 0) -> Running:
        folder = tmp_path_factory.mktemp("virtuoso")
        port = free_port()
        settings = VIRTUOSO.format(folder=folder, sql=free_port(), http=port, rows=rows)
        (folder / "virtuoso.ini").write_text(settings)
        at = f"127.0.0.1:{port}"
        command = [program, "-f", "-c", "virtuoso.ini"]
        running = Running(command, folder, f"http://dba:dba@{at}/", f"http://{at}/sparql")
        started.append(running)
        running.start()
        return running

    yield start
    for each in started:
        each.kill()


@pytest.fixture(scope="session")
def filled(request: pytest.FixtureRequest, small_release: Release) -> Callable[[str], Running]:
    """A store of a kind that holds the small release, started when first asked for."""
    kept: dict[str, Running] = {}

    def get(kind: str) -> Running:
        if kind not in kept:
            running: Running = request.getfixturevalue(f"new_{kind}")()
            load(running.url, small_release)
            kept[kind] = running
        return kept[kind]

    return get
