"""Findings: what validation found in a release, in a file that pages read a part at a time.

``report.db`` is an SQLite file made of ``report.ttl``, so that no page reads a report whole,
however long it is. It has the three lists of the report (see ``report.py``).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import astuple, dataclass, fields, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from ...ontology import PREFIXES
from ..rdf.nodes import Properties, nodes
from .database import Database, SecondsLeft, no_deadline

#: The file in a release's folder.
FINDINGS = "report.db"
_SH = PREFIXES["sh"]
#: Worst first.
_SEVERITIES = ("Violation", "Warning", "Info")
#: The lists of a report: on the graph, by shape; why works were left out, by work; on the
#: catalogue.
_GRAPH, _LEFT_OUT, _CATALOGUE = "", "left-out", "catalogue"


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that validation found."""

    iri: str
    focus: str
    #: The property, or the name of a file's field.
    path: str
    value: str
    message: str
    remedy: str
    severity: str
    shape: str
    #: The file and the line, where the result is on a file of the catalogue; "" where not.
    file: str
    line: str
    #: The ids of works that were left out, or what the record is called in the file.
    keys: tuple[str, ...]


_COLUMNS = [field.name for field in fields(Result)]
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE report (conforms INTEGER, catalogue INTEGER);
CREATE TABLE shape (place INTEGER PRIMARY KEY, iri TEXT UNIQUE, results INTEGER);
CREATE TABLE severity (place INTEGER PRIMARY KEY, name TEXT, results INTEGER);
CREATE TABLE result (
  list TEXT, of TEXT, place INTEGER, thing TEXT, {", ".join(f"{name} TEXT" for name in _COLUMNS)},
  PRIMARY KEY (list, of, place)
) WITHOUT ROWID;
CREATE INDEX result_thing ON result (list, thing);
"""
_SELECT = f"SELECT {', '.join(f'result.{name}' for name in _COLUMNS)} FROM result"


def write_findings(report: Path, path: Path) -> None:
    """Write the file of a report in Turtle; where there is none, of one that found nothing."""
    said = nodes(report)
    listed = sorted(_listed(said), key=lambda each: (*each[:2], _order(each[2])))
    by_shape = {
        of: [result for *_, result in group]
        for (name, of), group in groupby(listed, key=lambda each: each[:2])
        if name == _GRAPH
    }
    shapes = sorted(by_shape, key=lambda shape: (_rank(by_shape[shape]), shape))
    severities = Counter(result.severity for results in by_shape.values() for result in results)
    conforms = all(
        _first(of_node, "conforms") != "false" for iri, of_node in said.items() if "#" not in iri
    )
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(_SCHEMA)
        catalogue = sum(name == _CATALOGUE for name, *_ in listed)
        base.execute("INSERT INTO report VALUES (?, ?)", (conforms, catalogue))
        base.executemany(
            "INSERT INTO shape VALUES (?, ?, ?)",
            ((place, iri, len(by_shape[iri])) for place, iri in enumerate(shapes)),
        )
        base.executemany(
            "INSERT INTO severity VALUES (?, ?, ?)",
            ((place, name, severities[name]) for place, name in enumerate(_SEVERITIES)),
        )
        marks = ", ".join("?" * (4 + len(_COLUMNS)))
        base.executemany(f"INSERT INTO result VALUES ({marks})", _rows(listed))
        base.commit()


def _listed(said: dict[str, Properties]) -> Iterator[tuple[str, str, Result]]:
    """Each result with the list it is in, and what it stands under there."""
    for iri, of_node in said.items():
        name = iri.partition("#")[2]
        for node in of_node.get(f"{_SH}result", ()):
            result = _result(node.value, said.get(node.value, {}))
            if name == _LEFT_OUT:
                yield from ((_LEFT_OUT, key, result) for key in result.keys)
            elif name == _CATALOGUE:
                yield _CATALOGUE, "", result
            else:
                yield _GRAPH, result.shape, result


def _rows(listed: Iterable[tuple[str, str, Result]]) -> Iterator[tuple[object, ...]]:
    for (name, of), group in groupby(listed, key=lambda each: each[:2]):
        for place, (*_, result) in enumerate(group):
            *columns, keys = astuple(result)
            thing = result.focus.partition("#")[0]
            yield name, of, place, thing, *columns, json.dumps(keys)


def _order(result: Result) -> tuple[str, int, str, str, str]:
    return result.file, int(result.line or 0), result.focus, result.path, result.value


def _rank(results: list[Result]) -> tuple[int, int]:
    """The worst and most frequent first."""
    known = {name: rank for rank, name in enumerate(_SEVERITIES)}
    return known.get(results[0].severity, len(known)), -len(results)


def _result(iri: str, said: Properties) -> Result:
    return Result(
        iri=iri,
        focus=_first(said, "focusNode"),
        path=_first(said, "resultPath") or next(_own(said, "ontology#fieldName"), ""),
        value=_first(said, "value"),
        message=_first(said, "resultMessage"),
        remedy=next(_own(said, "shapes#fix"), ""),
        severity=_first(said, "resultSeverity").removeprefix(_SH),
        shape=_first(said, "sourceShape"),
        file=next(_own(said, "ontology#file"), ""),
        line=next(_own(said, "ontology#line"), ""),
        keys=tuple(sorted(_own(said, "ontology#key"))),
    )


def _own(said: Properties, name: str) -> Iterator[str]:
    """The values of a property of our ontology or shapes, whatever its base."""
    for property, values in said.items():
        if property.endswith(f"/{name}"):
            yield from (value.value for value in values)


def _first(said: Properties, name: str) -> str:
    values = said.get(f"{_SH}{name}")
    return values[0].value if values else ""


class Findings:
    """What validation found in one release, for any number of threads."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        """Raises sqlite3.OperationalError where there is no file of findings."""
        self._base = Database(folder / FINDINGS, seconds_left)
        ((conforms, self.of_catalogue),) = self._base.rows("SELECT conforms, catalogue FROM report")
        #: Whether the graph conforms to its shapes.
        self.conforms = bool(conforms)
        #: How many results there are of each severity, worst first.
        self.severities: dict[str, int] = dict(
            self._base.rows("SELECT name, results FROM severity ORDER BY place")
        )
        #: How many results each shape has that has any; the worst and most frequent first.
        self.shapes: dict[str, int] = dict(
            self._base.rows("SELECT iri, results FROM shape ORDER BY place")
        )

    def results(self, shape: str, offset: int, limit: int) -> list[Result]:
        """Some of the results of a shape."""
        return self._listed(_GRAPH, shape, offset, limit)

    def left_out(self, id: str) -> list[Result]:
        """Why a work is not in the release."""
        return self._listed(_LEFT_OUT, id, 0, -1)

    def catalogue(self, limit: int) -> list[Result]:
        """What is wrong with the catalogue's links, versions and tombstones."""
        return self._listed(_CATALOGUE, "", 0, limit)

    def of(self, iri: str) -> list[Result]:
        """What is said of a thing and its parts, the worst first."""
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
