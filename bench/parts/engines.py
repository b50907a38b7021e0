"""The stores that are measured, each a process of its own on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from oograph.graph.release import Release
from oograph.graph.store.answers import DEFAULT_LIMITS
from oograph.graph.store.embedded import default_memory, loaded_bytes

from .clients import PATIENCE
from .peers import Peer
from .processes import pss, tree
from .served import free_port

__all__ = ["Bare", "Engine", "Oograph", "Oxigraph", "RdflibEndpoint", "Virtuoso", "in_memory"]

_HERE = Path(__file__).parent
#: What a statement takes in rdflib's own store, as measured with 5.75 million.
_RDFLIB_BYTES = 2_200
#: How long a store may take to hold the data.
_START_SECONDS = 900.0


def in_memory(release: Release) -> bool:
    """Whether oograph holds a release of this size in memory."""
    return loaded_bytes(release.quads, DEFAULT_LIMITS, default_memory()) is not None


class Engine(ABC):
    """A store that can be started over a release, and stopped."""

    name: str
    #: What the query string is put behind.
    path = "/"

    def __init__(self, release: Release, folder: Path) -> None:
        self.release, self.folder = release, folder
        self.dump = release.folder.resolve() / "dumps" / "oograph.nq"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def missing(self) -> str:
        """Why it cannot be started; "" where it can."""
        return ""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it."""

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self.command(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait(self.fetch)
        self.load()

    def fetch(self) -> bool:
        """Whether it answers."""
        urllib.request.urlopen(f"{self.url}?query=ASK%7B%7D", timeout=5).read()
        return True

    def load(self) -> None:
        """Give it the data, where it has not got them yet."""
        return

    def wait(self, ready: object) -> None:
        """Until ``ready()`` is true."""
        until = time.monotonic() + _START_SECONDS
        assert self._process and callable(ready)
        while True:
            try:
                if ready():
                    return
            except (OSError, urllib.error.URLError):
                pass
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not come up")
            time.sleep(0.1)

    def reset(self) -> None:
        """End the query that nobody waits for any more."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def memory(self) -> dict[str, list[float]]:
        """The proportional set size of its processes in MB, by what each is."""
        by_role: dict[str, list[float]] = {}
        for pid in tree(self._pid):
            by_role.setdefault(self.role(pid), []).append(pss(pid))
        return by_role

    def role(self, pid: int) -> str:
        """What a process of it is."""
        return "server"

    @property
    def _pid(self) -> int:
        assert self._process
        return self._process.pid


_OOGRAPH = """
import sys
from pathlib import Path
from oograph.graph.store.answers import Limits
from oograph.server import serve
folder, port, seconds, kept = sys.argv[1:]
limits = Limits(seconds=float(seconds))
serve(Path(folder), port=int(port), limits=limits, cache_bytes=int(kept))
"""


class Oograph(Engine):
    """``oograph serve``, with and without answers kept; a query has a minute, not ten seconds."""

    path = "/sparql"

    def __init__(self, release: Release, folder: Path, cache_bytes: int) -> None:
        super().__init__(release, folder)
        self.name = "oograph, answers kept" if cache_bytes else "oograph"
        self._cache_bytes = cache_bytes

    def command(self) -> Sequence[str]:
        facts = (str(self.release.folder.resolve()), str(self.port), str(PATIENCE))
        return [sys.executable, "-c", _OOGRAPH, *facts, str(self._cache_bytes)]

    def load(self) -> None:
        self.wait(self._is_whole)

    def _is_whole(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/metrics"
        lines = urllib.request.urlopen(url, timeout=5).read().decode().splitlines()
        numbers = dict(line.split(" ") for line in lines if not line.startswith("#"))
        is_loaded = float(numbers["oograph_in_memory"]) == in_memory(self.release)
        return is_loaded and bool(numbers["oograph_ready"] == numbers["oograph_wanted"])

    def role(self, pid: int) -> str:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return "worker" if b"graph.store.fork_server" in command else "server"

    def reset(self) -> None:
        """Nothing: oograph ends such a query itself."""


class PeerEngine(Engine):
    """A store whose program has an environment of its own."""

    def __init__(self, release: Release, folder: Path, peer: Peer) -> None:
        super().__init__(release, folder)
        self.peer = peer

    @property
    def missing(self) -> str:
        return self.peer.missing


class Oxigraph(PeerEngine):
    """``oxigraph serve`` in memory, or ``serve-read-only`` on disk, as oograph holds the data."""

    name = "oxigraph serve"
    path = "/query"

    def command(self) -> Sequence[str]:
        program = str(self.peer.folder / "bin" / "oxigraph")
        bind = ["--bind", f"127.0.0.1:{self.port}", "--union-default-graph"]
        if in_memory(self.release):
            return [program, "serve", *bind]
        store = self.release.folder.resolve() / "store"
        return [program, "serve-read-only", "--location", str(store), *bind]

    def load(self) -> None:
        if in_memory(self.release):
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}/store?no_transaction",
                self.dump.read_bytes(),
                {"Content-Type": "application/n-quads"},
                method="POST",
            )
            urllib.request.urlopen(request, timeout=_START_SECONDS).read()


class RdflibEndpoint(PeerEngine):
    """rdflib-endpoint over rdflib's own store, one uvicorn process, as its README says."""

    name = "rdflib-endpoint"

    @property
    def missing(self) -> str:
        needed = self.release.quads * _RDFLIB_BYTES
        if needed > _available_bytes():
            return f"would take {needed / 2**30:.0f} GB of memory"
        return super().missing

    def command(self) -> Sequence[str]:
        return [str(self.peer.python), str(_HERE / "rdflib_app.py"), str(self.dump), str(self.port)]

    def reset(self) -> None:
        for pid in tree(self._pid)[1:]:
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        self.wait(self.fetch)

    def stop(self) -> None:
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
        super().stop()


class Bare(Engine):
    """A server that does nothing."""

    name = "a server that does nothing"

    def command(self) -> Sequence[str]:
        return [sys.executable, str(_HERE / "bare_server.py"), str(self.port)]


_VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
MaxClientConnections = 20
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
DirsAllowed = {dumps}
CaseMode = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 60
"""


class Virtuoso(Engine):
    """Virtuoso 7 with an empty database and memory for the data (4 GB), loaded by ``ld_dir``."""

    name = "Virtuoso"
    path = "/sparql"

    def __init__(self, release: Release, folder: Path) -> None:
        super().__init__(release, folder)
        self._sql = free_port()

    @property
    def missing(self) -> str:
        is_installed = all(map(shutil.which, ("virtuoso-t", "isql-vt")))
        return "" if is_installed else "not installed (apt-get install virtuoso-opensource-7)"

    def command(self) -> Sequence[str]:
        settings = _VIRTUOSO.format(
            sql=self._sql, http=self.port, folder=self.folder, dumps=self.dump.parent
        )
        (self.folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
        return ["virtuoso-t", "-f", "-c", "virtuoso.ini"]

    def load(self) -> None:
        subprocess.run(
            [
                "isql-vt",
                f"127.0.0.1:{self._sql}",
                "dba",
                "dba",
                f"exec=ld_dir('{self.dump.parent}', '{self.dump.name}', 'urn:none');"
                "rdf_loader_run(); checkpoint;",
            ],
            check=True,
            capture_output=True,
            timeout=_START_SECONDS,
        )

    def reset(self) -> None:
        """Nothing: Virtuoso has a limit of its own."""


def _available_bytes() -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    sizes = (line.split() for line in lines)
    return next(1024 * int(size[1]) for size in sizes if size[0] == "MemAvailable:")
