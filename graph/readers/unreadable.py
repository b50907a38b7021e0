"""Unreadable characters in a record: those that XML, and so RDF/XML, does not allow.

Readers replace them in what they read as text. In what they copy unchanged (facets of our own
exports, keys, the file's name) they are replaced here, for all readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from ..model import Entry, Record
from .latex import readable
from .values import problem

_MESSAGE = "a character could not be read"


def with_readable_text(entry: Entry) -> Entry:
    """The entry, with U+FFFD for each unreadable character and a warning that says where."""
    if entry.record is None or _is_sound(entry.record):
        return entry
    record = _readable(entry.record)
    warnings = list(entry.problems)
    if not any(each.message == _MESSAGE for each in warnings) and (damaged := [*_damaged(record)]):
        remedy = "Replace U+FFFD with the original character, and save the file as UTF-8."
        warnings.append(problem(entry.source, "warning", _MESSAGE, remedy, ", ".join(damaged)))
    return replace(entry, record=record, problems=tuple(warnings))


def _is_sound(value: Any) -> bool:
    """Whether all text in the value can be read; for nearly every record this is all that runs."""
    if isinstance(value, str):
        return value.isprintable() and "\ufffd" not in value
    if isinstance(value, tuple):
        return all(map(_is_sound, value))
    return all(_is_sound(each) for name in _names(value) if (each := getattr(value, name)))


def _names(value: object) -> Iterable[str]:
    """The names of a dataclass's fields; none for any other value."""
    return getattr(type(value), "__dataclass_fields__", ())


def _readable(value: Any) -> Any:
    """The value, with all text in it made readable."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, tuple):
        return tuple(map(_readable, value)) if value else value
    old = {name: getattr(value, name) for name in _names(value)}
    new = {name: _readable(each) for name, each in old.items() if each}
    changed = {name: each for name, each in new.items() if each != old[name]}
    return replace(value, **changed) if changed else value


def _damaged(record: Record) -> Iterator[str]:
    """The fields with an unreadable character, except in sources."""
    for part in (record, record.facets):
        for field in fields(part):
            if field.name in ("facets", "sources"):
                continue
            if "\ufffd" in repr(getattr(part, field.name)):
                yield field.name
