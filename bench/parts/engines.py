"""Engines: stores that run as processes on loopback, oograph among them."""

from __future__ import annotations

import os
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
from .processes import pss, tree
from .served import free_port

_HERE = Path(__file__).parent
#: Seconds that a store may take to load the data.
START_SECONDS = 900.0


def in_memory(release: Release) -> bool:
    """Whether oograph holds a release of this size in memory."""
    return loaded_bytes(release.quads, DEFAULT_LIMITS, default_memory()) is not None


class Engine(ABC):
    """A store that can be started with the data of a release, and stopped."""

    name: str
    #: The path of the endpoint.
    path = "/"

    def __init__(self, release: Release, folder: Path) -> None:
        self.release, self.folder = release, folder
        self.dump = release.folder.resolve() / "dumps" / "oograph.nq"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """The URL of the endpoint."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def missing(self) -> str:
        """Why it cannot be started; "" if it can."""
        return ""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """The command that starts it."""

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
        """Load the data, if it does not have them yet."""
        return

    def wait(self, ready: object) -> None:
        """Wait until ``ready()`` is true. Raises RuntimeError if it never is."""
        until = time.monotonic() + START_SECONDS
        assert self._process and callable(ready)
        while True:
            try:
                if ready():
                    return
            except (OSError, urllib.error.URLError):
                pass
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not start")
            time.sleep(0.1)

    def reset(self) -> None:
        """Stop a query whose client has left."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop it."""
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
        """The proportional set size of its processes in MB, by role."""
        by_role: dict[str, list[float]] = {}
        for pid in tree(self._pid):
            by_role.setdefault(self.role(pid), []).append(pss(pid))
        return by_role

    def role(self, pid: int) -> str:
        """The role of one of its processes."""
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
    """``oograph serve``, with or without cached answers; a query may take a minute."""

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
        """Do nothing: oograph stops such a query itself."""


class Bare(Engine):
    """A server that does nothing."""

    name = "a server that does nothing"

    def command(self) -> Sequence[str]:
        return [sys.executable, str(_HERE / "bare_server.py"), str(self.port)]
