"""Serve a release with ``oograph serve`` and its default settings, as a process."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .processes import kill
from .visitors import Request, one

#: Seconds that it may take to answer.
_PATIENCE = 900.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    pid: int
    port: int
    #: Seconds from its start to its first answer.
    seconds: float


@contextmanager
def served(release: Path) -> Iterator[Served]:
    """Serve a release until the end of the block. Raises RuntimeError if it does not start."""
    port = free_port()
    program = Path(sys.executable).parent / "oograph"
    command = [program, "serve", "--release", release, "--port", str(port), "--log", "off"]
    begin = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            _, status, _ = one(port, Request("/", {"Accept": "text/html"}))
            if not status:
                break
            if process.poll() is not None or time.perf_counter() - begin > _PATIENCE:
                raise RuntimeError(f"oograph serve does not answer: {status}")
            time.sleep(0.01)
        yield Served(process.pid, port, time.perf_counter() - begin)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            kill(process.pid)
            process.wait()


def free_port() -> int:
    """A free port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
