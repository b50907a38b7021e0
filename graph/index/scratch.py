"""Scratch tables: they sort and group on disk what an index is made of, beside its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# nobody reads the file before it is whole
_PRAGMAS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA scratch.synchronous = OFF;
"""


@contextmanager
def with_scratch(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file at a path, and in its folder another, ``scratch``, gone at the end."""
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
