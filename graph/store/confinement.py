"""Confinement: resource limits on the process of a query, enforced by the kernel.

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

#: Lists the open descriptors.
_OPEN = "/dev/fd"
#: Descriptors that a query with SERVICE may open: connections, and the files that the system reads
#: to resolve names and check certificates.
_SERVICE_DESCRIPTORS = 64


def confine(limits: Limits, store: Path | None, may_connect: bool) -> int:
    """Deny this process what no query needs: core files, more memory, new files, sockets.

    ``store`` is the store on disk, if it reads one. Return the limit on descriptors for queries.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[0])
        bound = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    # Only the remaining files of the store can be opened; open files stay usable.
    descriptors = _lowest_free_descriptor()
    if store:
        descriptors += _unopened(store)
    most = descriptors + (_SERVICE_DESCRIPTORS if may_connect else 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, most))
    return descriptors


def _lowest_free_descriptor() -> int:
    """Fill all gaps below the highest open descriptor; return the lowest one then free."""
    highest = max(map(int, os.listdir(_OPEN)))
    while (descriptor := os.open(os.devnull, os.O_RDONLY)) <= highest:
        pass
    os.close(descriptor)
    return descriptor


def _unopened(store: Path) -> int:
    """The number of files of a store on disk that the engine has not opened yet.

    It opens the first sixteen at once and the others when a query needs them. If it cannot open
    one, it retries forever.
    """
    opened = set()
    for descriptor in os.listdir(_OPEN):
        with suppress(OSError):  # the descriptor used for the listing is closed by now
            opened.add(os.readlink(f"{_OPEN}/{descriptor}"))
    return sum(str(file.resolve()) not in opened for file in store.glob("*.sst"))


def allow_connections(allowed: bool, descriptors: int) -> None:
    """Allow sockets for a query with permitted SERVICE clauses; deny them for all others."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if allowed else descriptors, most))


def allow_processor_time(limits: Limits) -> None:
    """Limit processor time, so that the kernel stops the query if the parent cannot."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = math.ceil(time.process_time() + limits.seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def leave_with_parent(descriptor: int) -> None:
    """End this process, even during a query, when the parent closes its end."""
    poll = select.poll()
    poll.register(descriptor, 0)  # no events: a hang-up is always reported
    poll.poll()
    os._exit(1)
