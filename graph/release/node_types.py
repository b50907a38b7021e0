"""Node types: the classes of every node of a stream of statements, in little memory.

What has a page of its own is pointed to from everywhere: its classes are in an SQLite file. Its
parts (``publication/x#author-1``), which are many, are pointed to from their own surroundings, and
else their statements say it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from .counts import Types, types_of
from .statements import Statements


def write_node_types(types: Iterable[Types], path: Path) -> None:
    """Write the classes of nodes as a new file: those of the things, not of their parts."""
    path.unlink(missing_ok=True)
    rows = ((node, "\n".join(names)) for each in types for node, names in each.items())
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE type (node TEXT PRIMARY KEY, classes TEXT) WITHOUT ROWID")
        base.executemany("INSERT INTO type VALUES (?, ?)", rows)
    base.close()


class NodeTypes:
    """The classes of the nodes of some statements, whose things are in a file of node types."""

    def __init__(self, path: Path, statements: Statements, known: Mapping[str, tuple[str, ...]]):
        self._base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        self._statements = statements
        self._known = dict(known)

    def __call__(self, node: str) -> tuple[str, ...]:
        """The IRIs of the classes of a node, as N-Quads writes it, sorted; none of a literal."""
        classes = self._known.get(node)
        if classes is None:
            classes = self._known[node] = self._looked_up(node)
        return classes

    def _looked_up(self, node: str) -> tuple[str, ...]:
        if "#" in node:
            return types_of(self._statements.with_prefix(f"{node[1:]} ")).get(node, ())
        row = self._base.execute("SELECT classes FROM type WHERE node = ?", (node,)).fetchone()
        return tuple(row[0].split("\n")) if row else ()
