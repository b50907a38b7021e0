"""Python's search for unreachable cycles, kept out of steps that make millions of objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: After so many new objects Python looks for cycles where it looks rarely.
_MANY = 200_000


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python from looking for cycles: of millions of objects next to none are in one.

    At 100,000 records it saves half of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_young() -> None:
    """Let go of the cycles among what was made since Python last looked: older objects, which may
    be millions, are not looked at."""
    gc.collect(0)


def collect_rarely() -> None:
    """Have Python look for cycles after 200,000 new objects, in this process from now on."""
    gc.set_threshold(_MANY, *gc.get_threshold()[1:])


@contextmanager
def rare_collection() -> Iterator[None]:
    """Have Python look for cycles after 200,000 new objects: parsers leave cycles, among millions
    of objects that stay."""
    thresholds = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
