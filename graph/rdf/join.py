"""Join: one report of what the chunks of a graph came to, as if it had been validated whole.

What is noted of each chunk goes to a temporary file. Only documents whose results may change with
what other chunks say are judged again, in batches: those that two chunks describe in different
ways, those linked to documents of other chunks, and those with a value that no two may share.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from types import TracebackType

from pyoxigraph import Quad

from ..catalogue.groups import Groups
from .chunks import Checker, Findings, Results, by_triple, links_of
from .results import Report, Result, report_of

#: So many documents at a time are judged again, or as many as hang together.
_BATCH = 2000
_TABLES = """
CREATE TABLE described (document TEXT, digest BLOB, common INTEGER);
CREATE TABLE key (property TEXT, value TEXT, document TEXT, binding INTEGER);
CREATE TABLE open (target TEXT, source TEXT);
CREATE TABLE leaning (target TEXT, source TEXT);
"""
#: What is asked once all is known: documents that are described in two ways, and pairs of
#: documents to judge together.
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


class Join:
    """Collects findings, in any order.

    ``describe`` gives every statement of the graph on these documents: on their IRIs, and on those
    with a fragment; what is common need not be among them.
    """

    def __init__(
        self, checker: Checker, describe: Callable[[Collection[str]], Iterable[Quad]]
    ) -> None:
        self._checker = checker
        self._describe = describe
        self._results: dict[str, tuple[Result, ...]] = {}
        # a file without a name, which goes with its connection
        self._notes = sqlite3.connect("")
        self._notes.executescript(_TABLES)
        self._add(checker.check_common(), common=True)

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
        """Take what a chunk came to."""
        self._add(findings, common=False)

    def report(self) -> Report:
        """The report on the graph that the chunks are, with what is common to them; once."""
        self._notes.executescript(_INDEX)
        groups = self._groups()
        again = {document for group in groups for document in group}
        for batch in _batches(groups):
            results, documents = self._judged_again(batch)
            # what another batch judges again may lack here those that it hangs together with
            for document in documents - (again - batch):
                self._results[document] = results.get(document, ())
        every = (result for each in self._results.values() for result in each)
        return report_of(every, self._checker.base_iri)

    def _add(self, findings: Findings, common: bool) -> None:
        for document, results in findings.results.items():
            self._results.setdefault(document, results)
        described = ((*row, common) for row in findings.described.items())
        self._notes.executemany("INSERT INTO described VALUES (?, ?, ?)", described)
        self._notes.executemany("INSERT INTO key VALUES (?, ?, ?, ?)", findings.keys)
        self._notes.executemany("INSERT INTO open VALUES (?, ?)", findings.open)
        self._notes.executemany("INSERT INTO leaning VALUES (?, ?)", findings.leaning)

    def _groups(self) -> list[list[str]]:
        """The documents to judge again, those together that hang together."""
        pairs = [*self._notes.execute(_COUPLED), *self._notes.execute(_SHARED)]
        documents = sorted({document for pair in pairs for document in pair})
        place = {document: n for n, document in enumerate(documents)}
        groups = Groups(len(documents))
        for one, other in pairs:
            groups.join(place[one], place[other])
        return [[documents[n] for n in members] for members in groups.members if members]

    def _judged_again(self, batch: Collection[str]) -> tuple[Results, set[str]]:
        """The results on these documents and all they lead to, and which documents these are."""
        documents, waiting, quads = set(batch), set(batch), {}
        while waiting:
            described = by_triple(self._describe(waiting))
            quads.update(described)
            waiting = self._known({e.target for e in links_of(described)} - documents)
            documents |= waiting
        return self._checker.judge(quads.values()), documents

    def _known(self, documents: Iterable[str]) -> set[str]:
        """Those that a chunk says something of."""
        rows = self._notes.execute(_KNOWN, [json.dumps([*documents])])
        return {document for (document,) in rows}


def _batches(groups: Iterable[Sequence[str]]) -> Iterator[set[str]]:
    """All groups, several at a time where they are small."""
    batch: set[str] = set()
    for group in groups:
        if batch and len(batch) + len(group) > _BATCH:
            yield batch
            batch = set()
        batch.update(group)
    if batch:
        yield batch
