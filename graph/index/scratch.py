"""Scratch tables: sort and group on disk, beside its file, what an index is made of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# nobody reads the file before it is complete
_PRAGMAS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA scratch.synchronous = OFF;
"""


@contextmanager
def with_scratch(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file at a path, with a temporary file beside it attached as ``scratch``."""
    scratch = path.with_name(f"{path.name}-scratch")
    for each in (path, scratch):
        each.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as base:
            base.execute("ATTACH ? AS scratch", (str(scratch),))
            base.executescript(_PRAGMAS)
            yield base
            base.commit()
    finally:
        scratch.unlink(missing_ok=True)
