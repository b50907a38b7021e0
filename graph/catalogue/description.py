"""The description of a catalogue: what its dataset is, and who publishes it, in a curator's words.

``dataset.csv`` stands in the catalogue's folder (docs/curation.md): ``property`` and ``value``,
one row a property, and one for each keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..dataset import LICENCES, THEMES, Dataset
from ..errors import BrokenCatalogue, UnreadableTable
from ..model import Problem
from ..vocabulary.tables import Row, check_table, decode_table

COLUMNS = ("property", "value")
#: The properties that are needed, and those that are not.
_NEEDED = ("name", "subject", "description", "creator", "licence")
_OTHERS = ("keyword", "theme")
#: The values that a property may have.
_ALLOWED = {"licence": tuple(LICENCES), "theme": tuple(sorted(THEMES))}


def parse_dataset(data: bytes, path: Path) -> Dataset:
    """The dataset that a file's contents describe.

    Raises BrokenCatalogue with every problem of the file: half a description would credit somebody
    else, or give the data away on other terms.
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
    """What is wrong with a file that describes a dataset."""
    return check_table(path, COLUMNS, lambda table: _problems(table.rows, path))


def _problems(rows: Sequence[Row], path: Path) -> tuple[Problem, ...]:
    return (*_wrong(rows), *_missing(rows, path))


def _wrong(rows: Sequence[Row]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for row in rows:
        name, value = row.get("property"), row.get("value")
        yield from row.unreadable_problems("property")
        if row.surplus:
            remedy = "Put a value with commas in quotation marks."
            yield row.problem("value", "The row has more than two cells.", remedy, "property")
        if name not in (*_NEEDED, *_OTHERS):
            remedy = f"It is one of {', '.join((*_NEEDED, *_OTHERS))}."
            yield row.problem("property", "There is no such property.", remedy, "property")
            continue
        if not value:
            yield row.problem("value", f"The {name} is empty.", "Fill it in.", "property")
        elif name in _ALLOWED and value not in _ALLOWED[name]:
            remedy = f"It is one of {', '.join(_ALLOWED[name])}."
            yield row.problem("value", f"There is no such {name} here.", remedy, "property")
        if name != "keyword" and name in lines:
            message = f"Line {lines[name]} gives the {name}, too."
            yield row.problem("property", message, "Keep one of the two.", "property")
        lines.setdefault(name, row.line)


def _missing(rows: Sequence[Row], path: Path) -> Iterator[Problem]:
    given = {row.get("property") for row in rows}
    for name in _NEEDED:
        if name not in given:
            message = f"The file does not give the {name}."
            yield Problem("violation", message, f"Add a row: {name},…", str(path), property=name)
