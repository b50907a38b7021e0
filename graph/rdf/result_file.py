"""Result file: the results on the documents of a large graph, in an unnamed scratch file.

The file lives as long as its object, or the report made from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..shelf import Scratch, packed, unpacked
from .results import Report, Result, in_order, named

_SCHEMA = """
CREATE TABLE found (
  document TEXT,
  rank INTEGER, record TEXT, property TEXT, message TEXT, value TEXT, said TEXT,
  result BLOB
);
CREATE INDEX by_document ON found (document);
CREATE TABLE result (place INTEGER PRIMARY KEY, result BLOB);
"""
_FOUND = "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SORTED = "SELECT result FROM found ORDER BY rank, record, property, message, value, said"


class ResultFile:
    """Collects results on documents for a report."""

    def __init__(self) -> None:
        self._base = Scratch(_SCHEMA)

    def add(self, results: Mapping[str, Collection[Result]]) -> None:
        """Add results on documents, except documents that already have some."""
        known = "SELECT 1 FROM found WHERE document = ?"
        for document, each in results.items():
            if not self._base.execute(known, (document,)).fetchone():
                self._insert(document, each)

    def put(self, document: str, results: Collection[Result]) -> None:
        """Replace the results on a document."""
        self._base.execute("DELETE FROM found WHERE document = ?", (document,))
        self._insert(document, results)

    def report(self, base_iri: str) -> Report:
        """The report of all results; nothing can be added afterwards."""
        results = (unpacked(row) for (row,) in self._base.execute(_SORTED))
        rows = ((packed(result),) for result in named(results, base_iri))
        self._base.executemany("INSERT INTO result (result) VALUES (?)", rows)
        self._base.execute("DROP TABLE found")
        return Report(base_iri, _InFile(self._base))

    def _insert(self, document: str, results: Collection[Result]) -> None:
        rows = ((document, *in_order(each), packed(each)) for each in results)
        self._base.executemany(_FOUND, rows)


@dataclass(frozen=True, slots=True)
class _InFile(Collection[Result]):
    """The results of a report, in order."""

    base: Scratch

    def __len__(self) -> int:
        ((number,),) = self.base.execute("SELECT COUNT(*) FROM result")
        return int(number)

    def __iter__(self) -> Iterator[Result]:
        for (row,) in self.base.execute("SELECT result FROM result ORDER BY place"):
            yield unpacked(row)

    def __contains__(self, result: object) -> bool:
        return any(each == result for each in self)
