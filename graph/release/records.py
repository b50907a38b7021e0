"""The records of a release as they stand in its catalogue, and as lists of them are taken along.

One SQLite file, so that a look-up costs the same in any release. A record is kept as the CSL-JSON
item that the catalogue has (``graph/csl.py``): nothing is lost on the way from the one to the
other. Beside it stands its text in each other form that lists are exported in, and what the dumps
say of it, so that an export is these texts in a row, and costs no more than to read them. They lie
in the order of the index of works, newest first, which is that of most lists.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from ..csl import from_csl, to_csl
from ..index.database import Database, SecondsLeft, no_deadline
from ..index.scratch import with_scratch
from ..index.works import Works
from ..iris import IRIs
from ..model import Record
from ..writers import bibtex, ris
from ..writers.csl_json import written
from .table_rows import Line, line_of
from .work_blocks import BLOCK_FORMS, blocks_of_works

#: The file's name in a release.
RECORDS = "records.db"
#: The forms that texts are kept in: "csl" is the record itself, "csv" its line in the table.
FORMS = ("csl", "bib", "ris", "csv", *BLOCK_FORMS)
#: Records that are written, or asked for, at once.
_CHUNK = 500
#: Of two kilobytes each there is one on a page of the usual size, and three on one of these.
_PAGE_BYTES = 8_192
#: ``place`` is the number of a work in its index; a record that is not in it has one after these.
_SCHEMA = f"""
PRAGMA page_size = {_PAGE_BYTES};
CREATE TABLE record (place INTEGER PRIMARY KEY, id TEXT);
CREATE UNIQUE INDEX record_by_id ON record (id);
""" + "".join(
    f"CREATE TABLE {form} (place INTEGER PRIMARY KEY, text BLOB);"
    f"CREATE TABLE scratch.{form} (place INTEGER, text BLOB);"
    for form in FORMS
)
_SET_BLOCK_DOWN = "INSERT INTO scratch.{form} SELECT place, ? FROM record WHERE id = ?"
#: Texts come in another order than they are read in.
_FINISH = "".join(
    f"CREATE INDEX scratch.{form}_place ON {form} (place);"
    f"INSERT INTO main.{form} SELECT place, text FROM scratch.{form} ORDER BY place;"
    for form in FORMS
)
#: Of what a CROSS JOIN joins, SQLite goes through the first table in its order.
_TOGETHER = """
SELECT CAST(group_concat({column}, ?) AS BLOB) FROM json_each(?) AS asked
CROSS JOIN {table} ON place = asked.value
"""
_IDS = _TOGETHER.format(column="record.id", table="record")
_TEXTS = {form: _TOGETHER.format(column="text", table=form) for form in FORMS}


def write_records(
    works: Iterable[Record], index: Works, dumps: Path, path: Path, iris: IRIs
) -> None:
    """Put records, sorted by id, in a new file; the same records give the same bytes.

    ``index`` knows what of them is stated and what inferred, and the dumps what of it is published.
    """
    with with_scratch(path) as base:
        base.executescript(_SCHEMA)
        _put_down(works, index, base, line_of(index.values, iris))
        for form in BLOCK_FORMS:
            blocks = ((text, id) for id, text in blocks_of_works(dumps, form, iris))
            base.executemany(_SET_BLOCK_DOWN.format(form=form), blocks)
        base.executescript(_FINISH)


def _put_down(works: Iterable[Record], index: Works, base: sqlite3.Connection, line: Line) -> None:
    """Put the records, and what writers make of them, into tables."""
    remaining, others = iter(works), count(index.size)
    while some := list(islice(remaining, _CHUNK)):
        ids = [work.id for work in some]
        numbers, facets = zip(*index.indexed(ids), strict=True)
        places = [next(others) if number is None else number for number in numbers]
        base.executemany("INSERT INTO record VALUES (?, ?)", zip(places, ids, strict=True))
        texts: dict[str, Iterator[str]] = {
            "csl": map(written, map(to_csl, some)),
            "bib": bibtex.write(some),
            "ris": ris.write(some),
            "csv": map(line, some, facets),
        }
        for form, of_form in texts.items():
            encoded = (text.encode("utf-8", "replace") for text in of_form)
            lines = zip(places, encoded, strict=True)
            base.executemany(f"INSERT INTO scratch.{form} VALUES (?, ?)", lines)


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
        query = f"SELECT text FROM record CROSS JOIN {form} USING (place) ORDER BY id"
        return (text for (text,) in self._base.rows(query))
