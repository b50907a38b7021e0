"""The index of completions, in ``works.db``: the values of facets by the beginnings of their words.

The values of a facet are numbered by how many works they have, the most first. So the first
matches of a prefix are those most likely meant, and reading can stop there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import count, groupby

from ..iris import fold

#: The bits of a value's number below its facet.
FACET_BITS = 32

# few words begin with a prefix that is too long for an index of its own
_SCHEMA = """
CREATE TABLE completed_facet (number INTEGER PRIMARY KEY, facet TEXT);
CREATE TABLE completed (number INTEGER PRIMARY KEY, facet TEXT, value TEXT);
CREATE VIRTUAL TABLE completion USING fts5(
  names, content='', detail=none, columnsize=0, prefix='1 2 3 4 5',
  tokenize='unicode61 remove_diacritics 0');
"""


def write_completions(base: sqlite3.Connection, not_stated: str) -> None:
    """Add the index of the values in ``base``; ``not_stated`` is the one without a name."""
    base.executescript(_SCHEMA)
    rows = base.execute(
        "SELECT facet, value, label, names FROM value WHERE value <> ?"
        " ORDER BY facet, works DESC, value",
        (not_stated,),
    )
    for number, (facet, group) in enumerate(groupby(rows, key=lambda row: row[0])):
        base.execute("INSERT INTO completed_facet VALUES (?, ?)", (number, facet))
        for id, (_, value, label, names) in zip(count(number << FACET_BITS), group, strict=False):
            words = " ".join(_words(label, *json.loads(names)))
            base.execute("INSERT INTO completed VALUES (?, ?, ?)", (id, facet, value))
            base.execute("INSERT INTO completion (rowid, names) VALUES (?, ?)", (id, words))
    base.execute("INSERT INTO completion (completion) VALUES ('optimize')")


def _words(*names: str) -> Iterator[str]:
    return iter(dict.fromkeys(word for name in names for word in fold(name).split()))
