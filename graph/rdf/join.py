"""Join: combine the findings on the chunks of a graph into one report.

The report is the same as if the graph had been validated as a whole. The findings go to temporary
files. A document is validated again only if statements in other chunks may change its results:
if two chunks describe it differently, if it is linked to documents in other chunks, or if it
shares a value that must be unique. These documents are validated in batches.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from pathlib import Path
from types import TracebackType

from pyoxigraph import Quad

from ..files import unchanging
from ..resolution.groups import Groups
from .chunks import Checker, Findings, Results, by_triple, links_of
from .result_file import ResultFile
from .results import Report

#: The number of documents in a batch; a larger group of related documents is one batch.
_BATCH = 500
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE described (document TEXT, digest BLOB, common INTEGER);
CREATE TABLE key (property TEXT, value TEXT, document TEXT, binding INTEGER);
CREATE TABLE open (target TEXT, source TEXT);
CREATE TABLE leaning (target TEXT, source TEXT);
"""
#: Queries for when all findings are in: documents described in more than one way, and pairs of
#: documents to validate together.
_INDEX = """
CREATE INDEX by_document ON described (document, digest, common);
CREATE TABLE split AS SELECT document FROM described
    GROUP BY document HAVING COUNT(DISTINCT digest) > 1;
CREATE UNIQUE INDEX by_split ON split (document);
"""
_COUPLED = """
SELECT document, document FROM split
UNION SELECT target, source FROM open WHERE target IN (SELECT document FROM described)
UNION SELECT source, source FROM leaning WHERE target IN (SELECT document FROM split)
"""
_SHARED = """
SELECT MIN(document) OVER same, document FROM key WHERE (property, value) IN (
    SELECT property, value FROM key GROUP BY property, value
    HAVING COUNT(DISTINCT document) > 1
        AND MAX(binding OR document IN (SELECT document FROM split))
) WINDOW same AS (PARTITION BY property, value)
"""
_KNOWN = """
SELECT document FROM described WHERE NOT common
    AND document IN (SELECT value FROM json_each(?))
"""
#: A function that returns the statements on some documents.
Describe = Callable[[Collection[str]], Iterable[Quad]]


class Join:
    """Collects findings, in any order.

    ``checker`` and ``describe`` may be called in other processes. ``describe`` returns every
    statement of the graph on the given documents, both on their IRIs and on IRIs with a fragment;
    it may leave out the common statements. Notes are written to a new file at ``path``.
    """

    def __init__(self, checker: Callable[[], Checker], describe: Describe, path: Path) -> None:
        self._checker = checker
        self._describe = describe
        self._found = ResultFile()
        self._path = path
        path.unlink(missing_ok=True)
        self._notes = sqlite3.connect(path)
        self._notes.executescript(_TABLES)
        self._add(checker().check_common(), common=True)

    def __enter__(self) -> Join:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._notes.close()

    def add(self, findings: Findings) -> None:
        """Add the findings on a chunk."""
        self._add(findings, common=False)

    def report(self, executor: Executor) -> Report:
        """The report on all chunks and the common statements; call this once."""
        self._notes.executescript(_INDEX)
        self._notes.commit()
        groups = self._groups()
        again = {document for group in groups for document in group}
        batches = list(_batches(groups))
        task = partial(_judged_again, self._checker, self._describe, self._path)
        for batch, (results, documents) in zip(batches, executor.map(task, batches), strict=True):
            # a document of another batch may lack here the documents it is related to
            for document in documents - (again - batch):
                self._found.put(document, results.get(document, ()))
        return self._found.report(self._checker().base_iri)

    def _add(self, findings: Findings, common: bool) -> None:
        self._found.add(findings.results)
        described = ((*row, common) for row in findings.described.items())
        self._notes.executemany("INSERT INTO described VALUES (?, ?, ?)", described)
        self._notes.executemany("INSERT INTO key VALUES (?, ?, ?, ?)", findings.keys)
        self._notes.executemany("INSERT INTO open VALUES (?, ?)", findings.open)
        self._notes.executemany("INSERT INTO leaning VALUES (?, ?)", findings.leaning)

    def _groups(self) -> list[list[str]]:
        """The documents to validate again, in groups of related documents."""
        pairs = [*self._notes.execute(_COUPLED), *self._notes.execute(_SHARED)]
        documents = sorted({document for pair in pairs for document in pair})
        place = {document: n for n, document in enumerate(documents)}
        groups = Groups(len(documents))
        for one, other in pairs:
            groups.join(place[one], place[other])
        return [[documents[n] for n in members] for members in groups]


def _judged_again(
    checker: Callable[[], Checker], describe: Describe, notes: Path, batch: Collection[str]
) -> tuple[Results, set[str]]:
    """The results on these documents and all documents they lead to, and the set of both."""
    documents, waiting, quads = set(batch), set(batch), {}
    with closing(sqlite3.connect(unchanging(notes), uri=True)) as base:
        while waiting:
            described = by_triple(describe(waiting))
            quads.update(described)
            others = {link.target for link in links_of(described)} - documents
            # those that some chunk describes
            waiting = {known for (known,) in base.execute(_KNOWN, [json.dumps([*others])])}
            documents |= waiting
    return checker().judge(quads.values()), documents


def _batches(groups: Iterable[Sequence[str]]) -> Iterator[set[str]]:
    """All groups, with small ones combined."""
    batch: set[str] = set()
    for group in groups:
        if batch and len(batch) + len(group) > _BATCH:
            yield batch
            batch = set()
        batch.update(group)
    if batch:
        yield batch
