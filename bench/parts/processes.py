"""Processes: measure the time and memory of a command, or of a process with its children."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at the memory.
_PULSE = 0.1
_TICK = os.sysconf("SC_CLK_TCK")


class CommandFailed(Exception):
    """A command failed; the message has its last lines of output."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The time and memory that a command used."""

    seconds: float
    #: On all processors, including children.
    processor_seconds: float
    #: Peak memory, including children (proportional set size).
    peak_mb: float
    output: str


def spend(
    command: Sequence[str | Path],
    cwd: Path | None = None,
    most_seconds: float = math.inf,
    good: Container[int] = (0,),
) -> Spent:
    """Run a command to its end.

    Raises CommandFailed if its exit code is not a ``good`` one. If it takes more than
    ``most_seconds``, kills it with its children and raises TimeoutError.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    over, peak = threading.Event(), [0.0]

    def watch() -> None:
        while not over.wait(_PULSE):
            peak[0] = max(peak[0], sum(map(pss, tree(process.pid))))
            if time.perf_counter() - begin > most_seconds:
                kill(process.pid)

    watcher = threading.Thread(target=watch)
    errors: list[str] = []
    assert process.stdout and process.stderr
    reader = threading.Thread(target=lambda: errors.extend(process.stderr or ()))
    watcher.start()
    reader.start()
    try:
        output = process.stdout.read()
        reader.join()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        kill(process.pid)
        raise
    finally:
        over.set()
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    watcher.join()
    if seconds > most_seconds:
        raise TimeoutError(f"more than {most_seconds:g} s")
    if process.returncode not in good:
        raise CommandFailed(f"{' '.join(map(str, command))}: {''.join(errors[-5:]).strip()}")
    # A command may end before the first look at its memory; then its own peak is known.
    most = max(peak[0], usage.ru_maxrss / 1024)
    return Spent(seconds, usage.ru_utime + usage.ru_stime, most, output)


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    pids = [pid]
    for each in pids:
        tasks: list[Path] = []
        with suppress(OSError):  # a process may end while its threads are listed
            tasks += Path(f"/proc/{each}/task").glob("*/children")
        for task in tasks:
            with suppress(OSError):
                pids += map(int, task.read_text().split())
    return pids


def kill(pid: int) -> None:
    """Kill the process and all its descendants."""
    for each in tree(pid):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def pss(pid: int) -> float:
    """The proportional set size of a process, in MB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def processor_seconds(pid: int) -> float:
    """The processor time of a process and all its descendants, including ended ones."""
    ticks = 0
    for each in tree(pid):
        with suppress(OSError):
            # the name, in brackets, may contain anything
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / _TICK
