"""The stores that oograph is compared with: Oxigraph, rdflib-endpoint, Virtuoso."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from oograph.graph.release import Release

from .engines import START_SECONDS, Engine, in_memory
from .peers import Peer
from .processes import tree
from .served import free_port

_HERE = Path(__file__).parent
#: Bytes of a statement in rdflib's own store, measured with 5.75 million statements.
_RDFLIB_BYTES = 2_200


class PeerEngine(Engine):
    """A store that is installed in an environment of its own."""

    def __init__(self, release: Release, folder: Path, peer: Peer) -> None:
        super().__init__(release, folder)
        self.peer = peer

    @property
    def missing(self) -> str:
        return self.peer.missing


class Oxigraph(PeerEngine):
    """``oxigraph serve`` in memory or ``serve-read-only`` on disk, whichever oograph uses."""

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
            urllib.request.urlopen(request, timeout=START_SECONDS).read()


class RdflibEndpoint(PeerEngine):
    """rdflib-endpoint with rdflib's own store, one uvicorn process, as in its README."""

    name = "rdflib-endpoint"

    @property
    def missing(self) -> str:
        needed = self.release.quads * _RDFLIB_BYTES
        if needed > _available_bytes():
            return f"would need {needed / 2**30:.0f} GB of memory"
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
    """Virtuoso 7 with a new database and 4 GB for the data, loaded with ``ld_dir``."""

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
            timeout=START_SECONDS,
        )

    def reset(self) -> None:
        """Do nothing: Virtuoso has a time limit of its own."""


def _available_bytes() -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    sizes = (line.split() for line in lines)
    return next(1024 * int(size[1]) for size in sizes if size[0] == "MemAvailable:")
