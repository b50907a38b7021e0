"""The records of a release, and their text in each format that lists are exported in.

They are in one SQLite file, so a look-up costs the same in a release of any size. Each record is
kept as the CSL-JSON item of the catalogue (``graph/csl.py``), so nothing is lost. Beside it is its
text in every other format, taken from the dumps for RDF: an export joins these texts, and costs no
more than reading them. They are in the order of the index of works, newest first, as most lists.
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
#: The formats of the texts: "csl" is the record itself, "csv" its line in the table of works.
FORMS = ("csl", "bib", "ris", "csv", *BLOCK_FORMS)
#: Records written or read at a time.
_CHUNK = 500
#: At two kilobytes each, one record fits on a page of SQLite's default size, three on this.
_PAGE_BYTES = 8_192
#: ``place`` is the number of a work in its index; records missing there are numbered after it.
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
#: Texts arrive in another order than they are read in.
_FINISH = "".join(
    f"CREATE INDEX scratch.{form}_place ON {form} (place);"
    f"INSERT INTO main.{form} SELECT place, text FROM scratch.{form} ORDER BY place;"
    for form in FORMS
)
#: In a CROSS JOIN, SQLite goes through the first table in its order.
_TOGETHER = """
SELECT CAST(group_concat({column}, ?) AS BLOB) FROM json_each(?) AS asked
CROSS JOIN {table} ON place = asked.value
"""
_IDS = _TOGETHER.format(column="record.id", table="record")
_TEXTS = {form: _TOGETHER.format(column="text", table=form) for form in FORMS}


def write_records(
    works: Iterable[Record], index: Works, dumps: Path, path: Path, iris: IRIs
) -> None:
    """Write records, sorted by id, to a new file; the same records give the same bytes.

    ``index`` tells what is stated and what is inferred; the dumps hold what is published.
    """
    with with_scratch(path) as base:
        base.executescript(_SCHEMA)
        _put_down(works, index, base, line_of(index.values, iris))
        for form in BLOCK_FORMS:
            blocks = ((text, id) for id, text in blocks_of_works(dumps, form, iris))
            base.executemany(_SET_BLOCK_DOWN.format(form=form), blocks)
        base.executescript(_FINISH)


def _put_down(works: Iterable[Record], index: Works, base: sqlite3.Connection, line: Line) -> None:
    """Insert the records, and the texts that writers make of them, into tables."""
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
    """The records of one release, read from its folder on demand."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        """Raises sqlite3.Error if their file is missing or from another version."""
        self._base = Database(folder / RECORDS, seconds_left)
        for form in FORMS:
            list(self.texts(form, (0,)))

    def of(self, id: str) -> Record | None:
        """The record with this id, or None if the release has none."""
        query = "SELECT text FROM record JOIN csl USING (place) WHERE id = ?"
        return next((from_csl(json.loads(text)) for (text,) in self._base.rows(query, id)), None)

    def texts(self, form: str, numbers: Sequence[int], between: str = "") -> Iterator[bytes]:
        """Works in a format, in the order of ``numbers`` (those of the index of works).

        Many works come as one piece, in which SQLite has joined them with ``between``: threads
        that fetch row after row hold each other up.
        """
        return self._together(_TEXTS[form], numbers, between)

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of works, in the order of ``numbers``."""
        pieces = self._together(_IDS, numbers, "\n")
        return [id for piece in pieces for id in piece.decode().split("\n")]

    def _together(self, query: str, numbers: Sequence[int], between: str) -> Iterator[bytes]:
        for start in range(0, len(numbers), _CHUNK):
            some = json.dumps(numbers[start : start + _CHUNK])
            for (piece,) in self._base.rows(query, between, some):
                if piece is not None:
                    yield piece

    def all_texts(self, form: str) -> Iterator[bytes]:
        """All records in a format, in the order of their ids."""
        query = f"SELECT text FROM record CROSS JOIN {form} USING (place) ORDER BY id"
        return (text for (text,) in self._base.rows(query))
