"""Pictures: figures as PNG, made one at a time in a separate process and cached."""

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
#: Timeout in seconds: a picture takes less than one, or a few on a busy machine.
_PATIENCE = 60.0
#: Room for some 200 pictures, which are too large for the response cache.
_KEPT_BYTES = 2**25
#: The most pictures that may wait for their turn.
_WAITING = 10_000


class Pictures:
    """The pictures of a release, with the most recently used ones cached."""

    def __init__(self, limits: Limits) -> None:
        self._turns = Turns(limits, _WAITING, _WAITING)
        self._kept: ResultCache[bytes] = ResultCache(_KEPT_BYTES)

    def png(self, drawn: str) -> bytes:
        """Convert a figure from SVG to PNG."""
        key = hashlib.sha256(drawn.encode()).digest()
        if picture := self._kept.get(key):
            return picture
        with self._turns.turn():
            picture = self._kept.get(key)  # another request may have made it meanwhile
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
