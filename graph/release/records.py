"""The records of a release as they stand in its catalogue, by id: what citations are made of.

One SQLite file, so that a look-up costs the same in any release. A record is kept as the CSL-JSON
item that the catalogue has (``graph/csl.py``): nothing is lost on the way from the one to the
other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..csl import from_csl, to_csl
from ..model import Record

__all__ = ["RECORDS", "Records", "write_records"]

#: The file's name in a release.
RECORDS = "records.db"


def write_records(works: Iterable[Record], path: Path) -> None:
    """Put the records in a new file; the same records give the same bytes."""
    rows = ((work.id, json.dumps(to_csl(work), ensure_ascii=False)) for work in works)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, csl TEXT) WITHOUT ROWID")
        connection.executemany("INSERT INTO record VALUES (?, ?)", sorted(rows))
    connection.close()


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one release, read from its folder when they are asked for."""

    folder: Path

    def of(self, id: str) -> Record | None:
        """The record with this id; None where the release has none."""
        # immutable: no lock and no journal, since a release never changes
        uri = f"{(self.folder / RECORDS).resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True)
        try:
            row = connection.execute("SELECT csl FROM record WHERE id = ?", (id,)).fetchone()
        finally:
            connection.close()
        return from_csl(json.loads(row[0])) if row else None
