"""Pictures: figures as PNG, made one at a time by a process of their own, and kept."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from ...graph.store.answers import Limits
from ...graph.store.cache import ResultCache
from ..web.deadline import spend
from ..web.turns import Turns

_PROGRAM = Path(__file__).with_name("rasterizer.py")
#: A picture takes less than a second; on a busy machine, some.
_PATIENCE = 60.0
#: Some 200 pictures: they are too large for the cache of responses.
_KEPT_BYTES = 2**25
#: Pictures that may wait for their turn.
_WAITING = 10_000


class Pictures:
    """The pictures of a release. The last ones asked for are at hand."""

    def __init__(self, limits: Limits) -> None:
        self._turns = Turns(limits, _WAITING, _WAITING)
        self._kept: ResultCache[bytes] = ResultCache(_KEPT_BYTES)

    def png(self, drawn: str) -> bytes:
        """A figure as PNG, given as SVG."""
        key = hashlib.sha256(drawn.encode()).digest()
        if picture := self._kept.get(key):
            return picture
        with self._turns.turn():
            picture = self._kept.get(key)  # another may have asked for the same
            if picture is None:
                begin = time.monotonic()
                picture = _made(drawn)
                spend(time.monotonic() - begin)
                self._kept.keep(key, picture)
        return picture


def _made(drawn: str) -> bytes:
    command = [sys.executable, "-I", str(_PROGRAM)]
    done = subprocess.run(
        command, input=drawn.encode(), capture_output=True, timeout=_PATIENCE, check=True
    )
    return done.stdout
