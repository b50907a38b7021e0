"""Things: what works refer to, looked up by IRI in a scratch table."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache

from .works_graph import Part, Thing

#: Things kept in a cache: works name the same concepts again and again.
_REMEMBERED = 2**12

_SCHEMA = """
CREATE TABLE scratch.thing (
  iri TEXT PRIMARY KEY, label TEXT, listed TEXT, others TEXT, broader TEXT) WITHOUT ROWID;
CREATE TABLE scratch.part (agent TEXT, name TEXT);
"""


class Things:
    """The things of a graph, in scratch tables of ``base``: add all of them, then look up."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        base.executescript(_SCHEMA)
        self.get = lru_cache(_REMEMBERED)(self._read)
        self.above = lru_cache(_REMEMBERED)(self._above)

    def add(self, each: Thing | Part) -> None:
        """Add a thing, or how a work writes the name of one."""
        if isinstance(each, Thing):
            others = json.dumps(each.others) if each.others else None
            thing = (each.iri, each.label, each.listed, others, " ".join(each.broader))
            self._base.execute("INSERT INTO scratch.thing VALUES (?, ?, ?, ?, ?)", thing)
        elif each.agent and each.name:
            part = (each.agent, each.name)
            self._base.execute("INSERT INTO scratch.part VALUES (?, ?)", part)

    def complete(self) -> None:
        """Prepare the look-up of names, once everything is added."""
        self._base.execute("CREATE INDEX scratch.part_name ON part (agent, name)")

    def _read(self, iri: str) -> Thing:
        row = self._base.execute("SELECT * FROM scratch.thing WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            return Thing(iri, None, iri, {}, frozenset())
        _, label, listed, others, broader = row
        return Thing(
            iri, label, listed, json.loads(others) if others else {}, frozenset(broader.split())
        )

    def _above(self, iri: str) -> frozenset[str]:
        """All broader things of one, at any distance."""
        all_above: set[str] = set()
        waiting = [iri]
        while waiting:
            for wider in self.get(waiting.pop()).broader - all_above:
                all_above.add(wider)
                waiting.append(wider)
        return frozenset(all_above)

    def names(self, iri: str) -> dict[str, str]:
        """The other names of a thing, from sources and works, each with its language or ""."""
        written = self._base.execute("SELECT name FROM scratch.part WHERE agent = ?", (iri,))
        return {**{name: "" for (name,) in written}, **self.get(iri).others}
