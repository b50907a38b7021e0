"""Confinement: what the process of a query may have, which the kernel holds it to.

POSIX only.
"""

from __future__ import annotations

import math
import os
import resource
import select
import time
from contextlib import suppress
from pathlib import Path

from .answers import Limits

#: The descriptors that are open.
_OPEN = "/dev/fd"
#: What a query may open that asks other services: connections, and what the system's look-up of
#: names and certificates reads.
_SERVICE_DESCRIPTORS = 64


def confine(limits: Limits, store: Path | None, may_connect: bool) -> int:
    """Take from this process what no query needs: core files, more memory, new files, sockets.

    ``store`` is the one on disk that it reads. Returns the number that descriptors of queries stay
    below.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[0])
        bound = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    # Nothing but the rest of the store can be opened; what is open stays usable.
    descriptors = _lowest_free_descriptor()
    if store:
        descriptors += _unopened(store)
    most = descriptors + (_SERVICE_DESCRIPTORS if may_connect else 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, most))
    return descriptors


def _lowest_free_descriptor() -> int:
    """The lowest descriptor that is free, once all below the highest open one are taken."""
    highest = max(map(int, os.listdir(_OPEN)))
    while (descriptor := os.open(os.devnull, os.O_RDONLY)) <= highest:
        pass
    os.close(descriptor)
    return descriptor


def _unopened(store: Path) -> int:
    """How many files of a store on disk the engine has not opened yet.

    It opens the first sixteen at once and each other when a query needs it; where it may not, it
    tries again without end.
    """
    opened = set()
    for descriptor in os.listdir(_OPEN):
        with suppress(OSError):  # the one that lists them is closed by now
            opened.add(os.readlink(f"{_OPEN}/{descriptor}"))
    return sum(str(file.resolve()) not in opened for file in store.glob("*.sst"))


def allow_connections(allowed: bool, descriptors: int) -> None:
    """Sockets for a query that asks services it may ask, and for no other."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if allowed else descriptors, most))


def allow_processor_time(limits: Limits) -> None:
    """Should the parent be unable to stop this query, the kernel does."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = math.ceil(time.process_time() + limits.seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def leave_with_parent(descriptor: int) -> None:
    """End this process, even in the midst of a query, when the parent's end closes."""
    poll = select.poll()
    poll.register(descriptor, 0)  # Only hang-up, which is always reported.
    poll.poll()
    os._exit(1)
