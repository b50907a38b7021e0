"""The records of a release as they stand in its catalogue, by id: what citations are made of.

One SQLite file, so that a look-up costs the same in any release. A record is kept as the CSL-JSON
item that the catalogue has (``graph/csl.py``): nothing is lost on the way from the one to the
other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..csl import Item, from_csl, to_csl, without_sources
from ..model import Record
from .database import Database, SecondsLeft, no_deadline

#: The file's name in a release.
RECORDS = "records.db"
#: Records that are asked for at once.
_CHUNK = 500


def write_records(works: Iterable[Record], path: Path) -> None:
    """Put records, sorted by id, in a new file; the same records give the same bytes."""
    rows = ((work.id, json.dumps(to_csl(work), ensure_ascii=False)) for work in works)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, csl TEXT) WITHOUT ROWID")
        connection.executemany("INSERT INTO record VALUES (?, ?)", rows)
    connection.close()


class Records:
    """The records of one release, read from its folder when they are asked for."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        self._base = Database(folder / RECORDS, seconds_left)

    def of(self, id: str) -> Record | None:
        """The record with this id; None where the release has none."""
        return next(self.each((id,)), None)

    def each(self, ids: Sequence[str]) -> Iterator[Record]:
        """The records with these ids, in their order; ids that the release lacks are left out."""
        return map(from_csl, self.items(ids))

    def cited(self, ids: Sequence[str]) -> Iterator[Record]:
        """The same without their sources, half of what a record says, which no citation names."""
        return (from_csl(without_sources(item)) for item in self.items(ids))

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """The same as CSL-JSON items."""
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            records = dict(
                self._base.rows(f"SELECT id, csl FROM record WHERE id IN ({marks})", *chunk)
            )
            yield from (json.loads(records[id]) for id in chunk if id in records)
