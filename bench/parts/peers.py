"""Peers: the programs that oograph is measured beside, each in a virtual environment of its own.

So none of them is a dependency of oograph, and none has to agree with another on versions.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: What each environment holds.
PEERS = {
    "bib-dedupe": ("bib-dedupe>=0.11",),
    "morph-kgc": ("morph-kgc>=2.10",),
    "oxigraph": ("oxigraph>=0.5.13",),
    "rdflib-endpoint": ("rdflib-endpoint>=0.6", "uvicorn>=0.30"),
}


class MissingPeer(Exception):
    """A peer that cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One of ``PEERS``."""

    name: str
    #: Where the environments are.
    root: Path
    #: Whether one that is not there may be installed.
    may_install: bool

    @property
    def folder(self) -> Path:
        """Its environment, which is made where it is not there. Raises MissingPeer."""
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
        """Why it cannot be had; "" where it can."""
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
        """Which one it is."""
        program = f"from importlib.metadata import version; print(version({self.name!r}))"
        return self._run(str(self.python), "-c", program).strip()

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
            raise MissingPeer(f"{self.name} cannot be set up: {said}")
        return done.stdout
