"""The description of a catalogue: what its dataset is and who publishes it, as a curator gives it.

It is in ``dataset.csv`` in the catalogue's folder (docs/curation.md), with the columns ``property``
and ``value``: one row for each property, and one for each keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..dataset import LICENCES, THEMES, Dataset
from ..errors import BrokenCatalogue, UnreadableTable
from ..model import Problem
from ..vocabulary.tables import Row, check_table, decode_table

COLUMNS = ("property", "value")
#: The required properties, and the optional ones.
_NEEDED = ("name", "subject", "description", "creator", "licence")
_OTHERS = ("keyword", "theme")
#: The allowed values, for properties that have a fixed list.
_ALLOWED = {"licence": tuple(LICENCES), "theme": tuple(sorted(THEMES))}


def parse_dataset(data: bytes, path: Path) -> Dataset:
    """Parse the description of a dataset.

    Raises BrokenCatalogue with every problem of the file: an incomplete description could credit
    somebody else, or license the data on different terms.
    """
    try:
        rows = decode_table(data, path, COLUMNS).rows
    except UnreadableTable as error:
        raise BrokenCatalogue(error.problems) from None
    if problems := _problems(rows, path):
        raise BrokenCatalogue(problems)
    values = {row.get("property"): row.get("value") for row in rows}
    return Dataset(
        name=values["name"],
        subject=values["subject"],
        description=values["description"],
        creator=values["creator"],
        licence_id=values["licence"],
        keywords=tuple(row.get("value") for row in rows if row.get("property") == "keyword"),
        theme=values.get("theme", ""),
    )


def check_dataset(path: Path) -> tuple[Problem, ...]:
    """Return the problems of a file that describes a dataset."""
    return check_table(path, COLUMNS, lambda table: _problems(table.rows, path))


def _problems(rows: Sequence[Row], path: Path) -> tuple[Problem, ...]:
    return (*_wrong(rows), *_missing(rows, path))


def _wrong(rows: Sequence[Row]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for row in rows:
        name, value = row.get("property"), row.get("value")
        yield from row.unreadable_problems("property")
        if row.surplus:
            remedy = "Put quotation marks around a value that contains commas."
            yield row.problem("value", "The row has more than two cells.", remedy, "property")
        if name not in (*_NEEDED, *_OTHERS):
            remedy = f"Use one of {', '.join((*_NEEDED, *_OTHERS))}."
            yield row.problem("property", "There is no such property.", remedy, "property")
            continue
        if not value:
            yield row.problem("value", f"The {name} is empty.", "Fill it in.", "property")
        elif name in _ALLOWED and value not in _ALLOWED[name]:
            remedy = f"Use one of {', '.join(_ALLOWED[name])}."
            yield row.problem("value", f"This is not a known {name}.", remedy, "property")
        if name != "keyword" and name in lines:
            message = f"The {name} is already given on line {lines[name]}."
            yield row.problem("property", message, "Keep one of the two.", "property")
        lines.setdefault(name, row.line)


def _missing(rows: Sequence[Row], path: Path) -> Iterator[Problem]:
    given = {row.get("property") for row in rows}
    for name in _NEEDED:
        if name not in given:
            message = f"The {name} is missing."
            yield Problem("violation", message, f"Add a row: {name},…", str(path), property=name)
