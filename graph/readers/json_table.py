"""The reader of tables saved as JSON, as pandas writes them: a list of objects, or one a line.

The names of an object's members are the headers of a table, and what they hold are its cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..model import Entry
from .json_answers import is_json, items_of, text_of
from .source import SourceFile
from .table import Row, entries_of_rows, is_bibliography

_PATHS = (("item",), ())
#: A table with more is of another kind.
_MOST_MEMBERS = 500
_ONLY_CSL = ("container-title", "citation-key", "event-title", "publisher-place")
#: Fields that only members of a table have, but for two names that CSL has, too.
_NOT_CSL = frozenset({"year", "journal", "date"})
_EITHER = ("issued", "source")
_NO_MAPPING: Mapping[str, str] = {}
#: The members that hold the name of a person or thing, or another object that does.
_NAMES = ("name", "display_name", "literal", "full_name", "author", "editor")


def looks_like(head: str) -> bool:
    """True for a list of JSON, or lines of it, whose first object has a title and what is no CSL.

    CSL-JSON has its dates in objects, and names no year or journal.
    """
    start = head.find("{")
    if not is_json(head) or start < 0:
        return False
    try:
        first, end = json.JSONDecoder().raw_decode(head, start)
    except (ValueError, RecursionError):
        return False
    # one object alone may be anything: a data package has a title, too
    is_list = head.lstrip()[0] == "[" or head[end:].lstrip()[:1] == "{"
    is_csl = not first.keys().isdisjoint(_ONLY_CSL) or isinstance(first.get("issued"), dict | list)
    header = [name for name in first if name not in _EITHER]
    return is_list and not is_csl and is_bibliography(header, _NOT_CSL)


def read(source: SourceFile, mapping: Mapping[str, str] = _NO_MAPPING) -> Iterator[Entry]:
    """One Entry for each object of the list, read as ``table`` reads a row.

    Raises UnreadableFile, before the first, where no member is called title.
    """
    members: dict[str, None] = {}
    for item in items_of(source, _PATHS):
        if isinstance(item.value, Mapping) and len(members) < _MOST_MEMBERS:
            members |= dict.fromkeys(item.value)
    header = list(members)[:_MOST_MEMBERS]
    return entries_of_rows(_rows(source, header), header, source.name, "member", mapping)


def _rows(source: SourceFile, header: list[str]) -> Iterator[Row]:
    for item in items_of(source, _PATHS):
        value = item.value if isinstance(item.value, Mapping) else {}
        fault = item.fault or ("" if value else "this is no object with members")
        yield Row([_cell(value.get(name)) for name in header], item.text, item.line, fault)


def _cell(value: Any) -> str:
    """What a member holds, as a cell: values are divided by ";", and a person is "Family, Given".

    >>> _cell([{"family": "Low", "given": "Ada"}, {"name": "ILO"}]), _cell(12.0), _cell(None)
    ('Low, Ada; ILO', '12.0', '')
    >>> _cell([{"author": "Ada Low", "institutions": []}, {"author": {"display_name": "Bo Ek"}}])
    'Ada Low; Bo Ek'
    """
    if isinstance(value, list):
        return "; ".join(filter(None, map(_cell, value)))
    if isinstance(value, Mapping):
        family, given = _cell(value.get("family")), _cell(value.get("given"))
        if family and given:
            return f"{family}, {given}"
        names = (value.get(name) for name in _NAMES)
        return family or next(filter(None, map(_cell, names)), "")
    return text_of(value)
