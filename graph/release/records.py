"""The records of a release as they stand in its catalogue, and as lists of them are taken along.

One SQLite file, so that a look-up costs the same in any release. A record is kept as the CSL-JSON
item that the catalogue has (``graph/csl.py``): nothing is lost on the way from the one to the
other. Beside it stands its text in each other form that lists are exported in, so that an export
is these texts in a row, and costs no more than to read them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path

from ..csl import from_csl, to_csl
from ..iris import IRIs
from ..model import Record
from ..writers import bibtex, ris
from ..writers.csl_json import written
from .database import Database, SecondsLeft, no_deadline
from .table_rows import line_of
from .works import Works

#: The file's name in a release.
RECORDS = "records.db"
#: The forms that texts are kept in; "csl" is the record itself, "csv" its line in the table.
FORMS = ("csl", "bib", "ris", "csv")
#: Records that are written, or asked for, at once.
_CHUNK = 500
#: ``place`` is that among all ids, ``number`` that of a work in the index of works.
_SCHEMA = "CREATE TABLE record (place INTEGER PRIMARY KEY, id TEXT, number INTEGER);" + "".join(
    f"CREATE TABLE {form} (place INTEGER PRIMARY KEY, text BLOB);" for form in FORMS
)
_INDEXES = """
CREATE UNIQUE INDEX record_by_id ON record (id);
CREATE INDEX record_by_number ON record (number, id);
"""
#: Of what a CROSS JOIN joins, SQLite goes through the first table in its order.
_TOGETHER = """
SELECT CAST(group_concat({column}, ?) AS BLOB) FROM json_each(?) AS asked
CROSS JOIN record ON number = asked.value {join}
"""
_IDS = _TOGETHER.format(column="record.id", join="")
_TEXTS = {
    form: _TOGETHER.format(column="text", join=f"CROSS JOIN {form} USING (place)") for form in FORMS
}


def write_records(works: Iterable[Record], index: Works, path: Path, iris: IRIs) -> None:
    """Put records, sorted by id, in a new file; the same records give the same bytes.

    ``index`` knows what of them is stated and what inferred.
    """
    line = line_of(index.values, iris)
    remaining, places = iter(works), count(1)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_SCHEMA)
        while some := list(islice(remaining, _CHUNK)):
            here, ids = list(islice(places, len(some))), [work.id for work in some]
            numbers, facets = zip(*index.indexed(ids), strict=True)
            rows = zip(here, ids, numbers, strict=True)
            base.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
            texts: dict[str, Iterator[str]] = {
                "csl": map(written, map(to_csl, some)),
                "bib": bibtex.write(some),
                "ris": ris.write(some),
                "csv": map(line, some, facets),
            }
            for form in FORMS:
                encoded = (text.encode("utf-8", "replace") for text in texts[form])
                lines = zip(here, encoded, strict=True)
                base.executemany(f"INSERT INTO {form} VALUES (?, ?)", lines)
        base.executescript(_INDEXES)


class Records:
    """The records of one release, read from its folder when they are asked for."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        """Raises sqlite3.Error where there is no file of them, or one of another version."""
        self._base = Database(folder / RECORDS, seconds_left)
        for form in FORMS:
            list(self.texts(form, (0,)))

    def of(self, id: str) -> Record | None:
        """The record with this id; None where the release has none."""
        query = "SELECT text FROM record JOIN csl USING (place) WHERE id = ?"
        return next((from_csl(json.loads(text)) for (text,) in self._base.rows(query, id)), None)

    def texts(self, form: str, numbers: Sequence[int], between: str = "") -> Iterator[bytes]:
        """Works in a form, by their numbers in the index of works and in the order of these.

        Many of them are one piece, put together by SQLite: threads that fetch row after row hold
        each other up. ``between`` stands between those of a piece.
        """
        return self._together(_TEXTS[form], numbers, between)

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """Their ids, in the order of their numbers."""
        pieces = self._together(_IDS, numbers, "\n")
        return [id for piece in pieces for id in piece.decode().split("\n")]

    def _together(self, query: str, numbers: Sequence[int], between: str) -> Iterator[bytes]:
        for start in range(0, len(numbers), _CHUNK):
            some = json.dumps(numbers[start : start + _CHUNK])
            for (piece,) in self._base.rows(query, between, some):
                if piece is not None:
                    yield piece

    def all_texts(self, form: str) -> Iterator[bytes]:
        """All records in a form, in the order of their ids."""
        return (text for (text,) in self._base.rows(f"SELECT text FROM {form} ORDER BY place"))
