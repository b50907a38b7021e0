"""Findings: what validation found in a release, in a file that pages can read in parts.

``report.db`` is an SQLite file made from ``report.ttl``, so that no page has to read a long report
whole. It holds the three lists of the report (see ``report.py``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, dataclass, fields, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..index.database import Database, SecondsLeft, no_deadline
from ..model import Severity
from ..rdf.nodes import Properties, by_node, first, own_values
from ..rdf.report import SEVERITIES

#: The file in a release's folder.
FINDINGS = "report.db"
_SH = PREFIXES["sh"]
#: Worst first.
_SEVERITIES = ("Violation", "Warning", "Info")
#: The lists of a report: on the graph, by shape; on works left out, by work; on the catalogue.
_GRAPH, _LEFT_OUT, _CATALOGUE = "", "left-out", "catalogue"


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result."""

    iri: str
    focus: str
    #: The property, or the name of a field in a file.
    path: str
    value: str
    message: str
    remedy: str
    severity: str
    shape: str
    #: The file and the line, if the result is on a file of the catalogue; else "".
    file: str
    line: str
    #: The ids of works that were left out, or the key of the record in the file.
    keys: tuple[str, ...]


_COLUMNS = [field.name for field in fields(Result)]
_NAMES = ", ".join(_COLUMNS)
_TEXTS = ", ".join(f"{name} TEXT" for name in _COLUMNS)
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE report (conforms INTEGER, catalogue INTEGER);
CREATE TABLE shape (place INTEGER PRIMARY KEY, iri TEXT UNIQUE, results INTEGER);
CREATE TABLE severity (place INTEGER PRIMARY KEY, name TEXT, results INTEGER);
CREATE TABLE result (
  list TEXT, of TEXT, place INTEGER, thing TEXT, {_TEXTS},
  PRIMARY KEY (list, of, place)
) WITHOUT ROWID;
CREATE TEMP TABLE member (number INTEGER PRIMARY KEY, result TEXT, list TEXT);
CREATE TEMP TABLE found ({_TEXTS});
"""
_MEMBER = "INSERT INTO member (result, list) VALUES (?, ?)"
_FOUND = f"INSERT INTO found VALUES ({', '.join('?' * len(_COLUMNS))})"
#: Sorts all results, at the end: under a shape or a work left out, by file, line and thing.
_ARRANGE = f"""
CREATE INDEX temp.by_iri ON found (iri);
CREATE TEMP TABLE listed AS
  SELECT list, shape AS of, number, found.* FROM member JOIN found ON iri = result
    WHERE list NOT IN ('{_LEFT_OUT}', '{_CATALOGUE}')
  UNION ALL SELECT list, key.value, number, found.* FROM member JOIN found ON iri = result,
    json_each(keys) AS key WHERE list = '{_LEFT_OUT}'
  UNION ALL SELECT list, '', number, found.* FROM member JOIN found ON iri = result
    WHERE list = '{_CATALOGUE}';
INSERT INTO result SELECT list, of,
    ROW_NUMBER() OVER (
      PARTITION BY list, of ORDER BY file, CAST(line AS INTEGER), focus, path, value, number
    ) - 1,
    substr(focus, 1, instr(focus || '#', '#') - 1), {_NAMES}
  FROM listed ORDER BY 1, 2, 3;
CREATE INDEX result_thing ON result (list, thing);
WITH rank (place, name) AS (VALUES {", ".join(map(str, enumerate(_SEVERITIES)))})
INSERT INTO severity SELECT rank.place, name, COUNT(iri) FROM rank
  LEFT JOIN result ON severity = name AND list = '{_GRAPH}' GROUP BY rank.place;
INSERT INTO shape SELECT ROW_NUMBER() OVER (ORDER BY MIN(severity.place), COUNT(*) DESC, of) - 1,
    of, COUNT(*) FROM result LEFT JOIN severity ON name = severity
  WHERE list = '{_GRAPH}' GROUP BY of;
"""
_SELECT = f"SELECT {', '.join(f'result.{name}' for name in _COLUMNS)} FROM result"


def write_findings(report: Path, path: Path) -> None:
    """Write the findings of a report in Turtle; if there is no report, of an empty one."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_SCHEMA)
        conforms = True
        for iri, said in _nodes(report):
            if "#" not in iri:
                conforms = conforms and first(said, f"{_SH}conforms") != "false"
            part = iri.partition("#")[2]
            members = ((value.value, part) for value in said.get(f"{_SH}result", ()))
            base.executemany(_MEMBER, members)
            *columns, keys = astuple(_result(iri, said))
            base.execute(_FOUND, (*columns, json.dumps(keys)))
        base.executescript(_ARRANGE)
        base.execute(
            "INSERT INTO report SELECT ?, COUNT(*) FROM result WHERE list = ?",
            (conforms, _CATALOGUE),
        )


def _nodes(report: Path) -> Iterator[tuple[str, Properties]]:
    """Each node of a Turtle file that keeps its triples together, with its properties."""
    if report.exists():
        triples = ox.parse(path=report, format=ox.RdfFormat.TURTLE)
        for _, group in groupby(triples, key=lambda triple: triple.subject):
            yield from by_node(group).items()


def _result(iri: str, said: Properties) -> Result:
    return Result(
        iri=iri,
        focus=first(said, f"{_SH}focusNode"),
        path=first(said, f"{_SH}resultPath") or next(own_values(said, "ontology#fieldName"), ""),
        value=first(said, f"{_SH}value"),
        message=first(said, f"{_SH}resultMessage"),
        remedy=next(own_values(said, "shapes#fix"), ""),
        severity=first(said, f"{_SH}resultSeverity").removeprefix(_SH),
        shape=first(said, f"{_SH}sourceShape"),
        file=next(own_values(said, "ontology#file"), ""),
        line=next(own_values(said, "ontology#line"), ""),
        keys=tuple(sorted(own_values(said, "ontology#key"))),
    )


class Findings:
    """What validation found in one release; usable from any number of threads."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        """Raises sqlite3.OperationalError if there is no file of findings."""
        self._base = Database(folder / FINDINGS, seconds_left)
        ((conforms, self.of_catalogue),) = self._base.rows("SELECT conforms, catalogue FROM report")
        #: Whether the graph conforms to its shapes.
        self.conforms = bool(conforms)
        #: How many results there are of each severity, worst first.
        self.severities: dict[str, int] = dict(
            self._base.rows("SELECT name, results FROM severity ORDER BY place")
        )
        #: How many results each shape has, if any; the worst and most frequent first.
        self.shapes: dict[str, int] = dict(
            self._base.rows("SELECT iri, results FROM shape ORDER BY place")
        )

    def problems(self) -> dict[Severity, int]:
        """The number of distinct problems of each severity, over all three lists."""
        rows = self._base.rows(
            "SELECT severity, COUNT(*) FROM (SELECT DISTINCT severity, focus, path, value, message,"
            " file, line FROM result) GROUP BY severity"
        )
        return {SEVERITIES[f"{_SH}{name}"]: number for name, number in rows}

    def results(self, shape: str, offset: int, limit: int) -> list[Result]:
        """Some of the results of a shape."""
        return self._listed(_GRAPH, shape, offset, limit)

    def left_out(self, id: str) -> list[Result]:
        """Why a work is not in the release."""
        return self._listed(_LEFT_OUT, id, 0, -1)

    def catalogue(self, limit: int) -> list[Result]:
        """The problems of the catalogue's links, versions and tombstones."""
        return self._listed(_CATALOGUE, "", 0, limit)

    def of(self, iri: str) -> list[Result]:
        """The results on a thing and its parts, the worst first."""
        rows = self._base.rows(
            f"{_SELECT} INDEXED BY result_thing CROSS JOIN shape ON shape.iri = result.of"
            " WHERE list = ? AND thing = ? ORDER BY shape.place, result.place",
            _GRAPH,
            iri,
        )
        return [_read(row) for row in rows]

    def _listed(self, name: str, of: str, offset: int, limit: int) -> list[Result]:
        rows = self._base.rows(
            f"{_SELECT} WHERE list = ? AND of = ? AND place >= ? ORDER BY place LIMIT ?",
            name,
            of,
            offset,
            limit,
        )
        return [_read(row) for row in rows]


def _read(row: tuple[Any, ...]) -> Result:
    return replace(Result(*row), keys=tuple(json.loads(row[-1])))
