"""Spool: works in a scratch file, so that a build does not hold a large catalogue in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, overload

from ..files import unchanging
from ..model import Record
from ..shelf import packed, unpacked

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE work (place INTEGER PRIMARY KEY, id TEXT, version_of TEXT, record BLOB);
"""
_UNSORTED = """
SELECT 1 FROM work one JOIN work other ON other.place = one.place + 1 AND other.id < one.id
"""
_SORT = """
ALTER TABLE work RENAME TO unsorted;
CREATE TABLE work (place INTEGER PRIMARY KEY, id TEXT, version_of TEXT, record BLOB);
INSERT INTO work (id, version_of, record)
  SELECT id, version_of, record FROM unsorted ORDER BY id;
DROP TABLE unsorted;
"""


class Version(NamedTuple):
    """A work with its links to other versions (a ``Lineage``)."""

    id: str
    version_of: tuple[str, ...]


class Spool(Sequence[Record]):
    """Works in a file, sorted by id; a slice is another view of the same file.

    When sent to another process, only the name of the file is sent.
    """

    def __init__(self, path: Path, places: range) -> None:
        self._path, self._places = path, places

    @classmethod
    def of(cls, works: Iterable[Record], path: Path) -> Spool:
        """Put works, each with an id of its own, in a new file."""
        rows = ((work.id, "\n".join(work.version_of), packed(work)) for work in works)
        with closing(sqlite3.connect(path)) as base:
            base.executescript(_SCHEMA)
            base.executemany("INSERT INTO work (id, version_of, record) VALUES (?, ?, ?)", rows)
            if base.execute(_UNSORTED).fetchone():
                base.executescript(_SORT)
            base.execute("CREATE UNIQUE INDEX by_id ON work (id)")
            base.commit()
            ((number,),) = base.execute("SELECT COUNT(*) FROM work")
        return cls(path, range(1, number + 1))

    def __del__(self) -> None:
        # a connection and its statements form a cycle, so it would stay open for a while
        if base := vars(self).get("_base"):
            base.close()

    def __reduce__(self) -> tuple[type[Spool], tuple[Path, range]]:
        return Spool, (self._path, self._places)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> Spool: ...
    def __getitem__(self, index: int | slice) -> Record | Spool:
        """A work by its place, or the works of a range of places."""
        if isinstance(index, slice):
            return Spool(self._path, self._places[index])
        query = "SELECT record FROM work WHERE place = ?"
        ((record,),) = self._base.execute(query, (self._places[index],))
        return _work(record)

    def __iter__(self) -> Iterator[Record]:
        return (_work(record) for (record,) in self._rows("record"))

    def versions(self) -> Iterator[Version]:
        """Yield the works that are versions of others."""
        for id, version_of in self._rows("id, version_of", "version_of <> ''"):
            yield Version(id, tuple(version_of.split("\n")))

    @property
    def ids(self) -> Container[str]:
        """The ids of the works, looked up in the file."""
        return _Ids(self)

    def has(self, id: object) -> bool:
        """Whether one of the works has this id."""
        row = self._base.execute("SELECT place FROM work WHERE id = ?", (id,)).fetchone()
        return row is not None and row[0] in self._places

    def _rows(self, columns: str, which: str = "TRUE") -> Iterator[tuple[Any, ...]]:
        places = self._places.start, self._places.stop
        query = f"SELECT {columns} FROM work WHERE place >= ? AND place < ? AND {which}"
        yield from self._base.execute(f"{query} ORDER BY place", places)

    @cached_property
    def _base(self) -> sqlite3.Connection:
        return sqlite3.connect(unchanging(self._path), uri=True, check_same_thread=False)


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids of the works of a spool."""

    spool: Spool

    def __contains__(self, id: object) -> bool:
        return self.spool.has(id)


def _work(record: bytes) -> Record:
    work: Record = unpacked(record)  # from a file that this build wrote
    return work
