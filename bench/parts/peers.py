"""Peers: the programs that oograph is compared with, each in its own virtual environment.

So no peer is a dependency of oograph, and peers may need different versions of a package.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: The packages in each environment.
PEERS = {
    "bib-dedupe": ("bib-dedupe>=0.11",),
    "morph-kgc": ("morph-kgc>=2.10",),
    "oxigraph": ("oxigraph>=0.5.13",),
    "rdflib-endpoint": ("rdflib-endpoint>=0.6", "uvicorn>=0.30"),
}


class MissingPeer(Exception):
    """A peer is not available here; the message says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One of ``PEERS``."""

    name: str
    #: The folder of the environments.
    root: Path
    #: Whether a missing peer may be installed.
    may_install: bool

    @property
    def folder(self) -> Path:
        """Its environment, created if needed. Raises MissingPeer."""
        folder = self.root / self.name
        if not (folder / "ready").exists():
            if not self.may_install:
                raise MissingPeer(f"{self.name} is not installed")
            print(f"setting up {self.name} (once) …", file=sys.stderr, flush=True)
            self._run(sys.executable, "-m", "venv", "--clear", str(folder))
            quiet = ("--quiet", "--disable-pip-version-check")
            self._run(str(folder / "bin" / "pip"), "install", *quiet, *PEERS[self.name])
            (folder / "ready").touch()
        return folder

    @property
    def missing(self) -> str:
        """Why it is not available; "" if it is."""
        try:
            self.folder  # noqa: B018
        except MissingPeer as missing:
            return str(missing)
        return ""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def version(self) -> str:
        """Its installed version."""
        program = f"from importlib.metadata import version; print(version({self.name!r}))"
        return self._run(str(self.python), "-c", program).strip()

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
            raise MissingPeer(f"{self.name} could not be installed: {said}")
        return done.stdout
