"""The reader of tables saved as JSON, as pandas writes them: a list of objects, or JSON lines.

The names of an object's members are the table's headers, and their values its cells. A member that
holds an object without a name becomes a column for each member of that object, and a list of typed
values a column for each of them: Mendeley's "identifiers" with "doi" become "identifiers doi".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model import Entry
from .json_answers import is_json, items_of, text_of
from .rows import Row
from .source import SourceFile
from .table import entries_of_rows, is_bibliography

_PATHS = (("item",), ("data", "item"), ())
#: The list in a Lens response, after its counts.
_WRAPPED = re.compile(r"\s*\{(?:\s*\"\w+\"\s*:\s*[\w.\"]+\s*,){0,5}\s*\"data\"\s*:\s*\[\s*\{")
#: Members beyond this number are not read; no bibliography has as many.
_MOST_MEMBERS = 500
_ONLY_CSL = ("container-title", "citation-key", "event-title", "publisher-place")
#: Fields that only tables have; CSL also has members with the two names in ``_EITHER``.
_NOT_CSL = frozenset({"year", "journal", "date"})
_EITHER = ("issued", "source")
_NO_MAPPING: Mapping[str, str] = {}
#: Members that hold the name of a person or thing, or an object that does.
_NAMES = tuple(
    "name display_name literal full_name author editor value collective_name collectiveName".split()
)
#: Members that hold the two parts of a name.
_PARTS = (("family", "given"), ("last_name", "first_name"), ("lastName", "firstName"))
_OF_NAMES = frozenset({*_NAMES, *(name for parts in _PARTS for name in parts)})


def looks_like(head: str) -> bool:
    """True for a JSON list, or JSON lines, whose first object has a title but is not CSL-JSON.

    CSL-JSON has its dates in objects, and no year or journal.
    """
    wrapped = _WRAPPED.match(head)
    start = wrapped.end() - 1 if wrapped else head.find("{")
    if not is_json(head) or start < 0:
        return False
    try:
        first, end = json.JSONDecoder().raw_decode(head, start)
    except (ValueError, RecursionError):
        return False
    # a single object may be anything: a data package has a title, too
    is_list = wrapped or head.lstrip()[0] == "[" or head[end:].lstrip()[:1] == "{"
    is_csl = not first.keys().isdisjoint(_ONLY_CSL) or isinstance(first.get("issued"), dict | list)
    header = [name for name in first if name not in _EITHER]
    return bool(is_list) and not is_csl and is_bibliography(header, _NOT_CSL)


def read(source: SourceFile, mapping: Mapping[str, str] = _NO_MAPPING) -> Iterator[Entry]:
    """Yield one Entry for each object of the list, read as ``table`` reads a row.

    Raises UnreadableFile, before the first entry, if no member is called title.
    """
    members: dict[str, None] = {}
    for item in items_of(source, _PATHS):
        if isinstance(item.value, Mapping) and len(members) < _MOST_MEMBERS:
            members |= dict.fromkeys(_columns(item.value))
    header = list(members)[:_MOST_MEMBERS]
    return entries_of_rows(_rows(source, header), header, source.name, "member", mapping, False)


def _rows(source: SourceFile, header: list[str]) -> Iterator[Row]:
    for item in items_of(source, _PATHS):
        value = _columns(item.value) if isinstance(item.value, Mapping) else {}
        fault = item.fault or ("" if value else "this is not an object with members")
        yield Row([_cell(value.get(name)) for name in header], item.text, item.line, fault)


def _columns(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of an object by column.

    >>> _columns({"title": "A", "identifiers": {"doi": "10.1"}, "source": {"name": "B"}})
    {'title': 'A', 'identifiers doi': '10.1', 'source': {'name': 'B'}}
    >>> _columns({"ids": [{"type": "doi", "value": "10.1"}, {"type": "pmid", "value": "7"}]})
    {'ids doi': '10.1', 'ids pmid': '7'}
    """
    return {
        column: cell
        for name, value in item.items()
        for column, cell in (
            [(f"{name} {inner}", part) for inner, part in _inside(value)] or [(name, value)]
        )
    }


def _inside(value: Any) -> Sequence[tuple[str, Any]]:
    """The columns that a member is spread over; none if it is a single column."""
    if isinstance(value, Mapping) and _OF_NAMES.isdisjoint(value):
        return list(value.items())
    if isinstance(value, list) and value and all(map(_is_typed, value)):
        return [(each["type"], each["value"]) for each in value]
    return ()


def _is_typed(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("type"), str) and "value" in value


def _cell(value: Any) -> str:
    """A member's value as a cell: values are separated by ";", and a person is "Family, Given".

    >>> _cell([{"family": "Low", "given": "Ada"}, {"name": "ILO"}]), _cell(12.0), _cell(None)
    ('Low, Ada; ILO', '12.0', '')
    >>> _cell([{"author": "Ada Low", "institutions": []}, {"author": {"display_name": "Bo Ek"}}])
    'Ada Low; Bo Ek'
    """
    if isinstance(value, list):
        return "; ".join(filter(None, map(_cell, value)))
    if isinstance(value, Mapping):
        names = [*(_inverted(value, *parts) for parts in _PARTS), *(value.get(n) for n in _NAMES)]
        return next(filter(None, map(_cell, names)), "")
    return text_of(value)


def _inverted(person: Mapping[str, Any], family: str, given: str) -> str:
    """A person as "Family, Given"; "" for one without a family name."""
    parts = _cell(person.get(family)), _cell(person.get(given))
    return ", ".join(filter(None, parts)) if parts[0] else ""
