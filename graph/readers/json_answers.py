"""Responses of bibliographic APIs, saved as files: one JSON document, or JSON lines.

Each API has a module with its own mapping. This module has what they share: finding the items in a
response, and reading the values of an item in whatever form they come.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..model import Entry, Source
from .decoding import BLOCK
from .json_items import Item, check, items
from .plain_work import PlainWork, plain_entry
from .source import LONGEST, SourceFile, not_empty
from .values import reject, words

#: An item of a response.
Answer = Mapping[str, Any]
_REMEDY = "Request it from the API again, or remove the item."


def is_json(head: str) -> bool:
    """True for text that begins like JSON."""
    return head.lstrip()[:1] in ("{", "[")


def read_answers(
    source: SourceFile,
    paths: Sequence[Sequence[str]],
    work_of: Callable[[Answer], PlainWork],
    key_of: Callable[[Answer], str],
    is_work: Callable[[Answer], bool] = lambda item: True,
) -> Iterator[Entry]:
    """Yield one Entry for each item at the first of the paths that has any.

    In JSON lines each line is an item or a whole response. ``null`` (a paper that the API does not
    know) and items that are no works are skipped. Raises UnreadableFile if there is nothing
    but ``null``.
    """
    places = " or ".join(".".join(path) or "the document itself" for path in paths)
    message = f"{source.name}: the response has no items at {places}"
    known = (item for item in items_of(source, paths) if item.fault or item.value is not None)
    for item in not_empty(known, message):
        if not isinstance(item.value, Mapping) or is_work(item.value):
            yield _entry(item, source.name, work_of, key_of)


def _entry(
    item: Item, file: str, work_of: Callable[[Answer], PlainWork], key_of: Callable[[Answer], str]
) -> Entry:
    value = item.value
    is_item = isinstance(value, Mapping)
    key = words(key_of(value))[:200] if is_item else ""
    where = Source(file, key or str(item.number), item.line)
    if not is_item:
        fault = item.fault or f"expected an object, found {type(value).__name__}"
        return reject(where, item.text, f"item {item.number}: {fault}", _REMEDY)
    return plain_entry(work_of(value), where, item.text)


def items_of(source: SourceFile, paths: Sequence[Sequence[str]]) -> Iterator[Item]:
    """The items at the first of the paths that has any, or those of each line."""
    if _is_lines(source):
        yield from _of_lines(source, paths)
        return
    is_array = check(source) == "array"
    for path in paths:
        if path and (path[0] == "item") != is_array:
            continue  # it cannot match, and trying would mean reading the whole file
        if next(items(source, path), None):
            yield from items(source, path)
            return


def _is_lines(source: SourceFile) -> bool:
    """True if the first line is an object and the next begins another."""
    with source.open() as file:
        first = file.readline(LONGEST)
        while first.isspace():
            first = file.readline(LONGEST)
        rest = file.read(BLOCK)
    return first[:1] == "{" and first.rstrip()[-1:] == "}" and rest.lstrip()[:1] == "{"


def _of_lines(source: SourceFile, paths: Sequence[Sequence[str]]) -> Iterator[Item]:
    number = 0
    for line, text in enumerate(source.lines(), 1):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            number += 1
            yield Item(number, line, None, f"this line is not JSON ({str(error)[:80]})")
            continue
        inside = (list(_inside(value, path)) for path in paths)
        for each in next(filter(None, inside), [value]):
            number += 1
            yield Item(number, line, each)


def _inside(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "item" and isinstance(value, list):
        for each in value:
            yield from _inside(each, path[1:])
    elif path[0] == "*" and isinstance(value, Mapping):
        for each in value.values():
            yield from _inside(each, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _inside(value[path[0]], path[1:])


def at(value: Any, *path: str) -> Any:
    """The value at a path of objects; None if there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def text_of(value: Any, *path: str) -> str:
    """The text or number at a path, or the first of a list; "" for anything else."""
    value = at(value, *path)
    if isinstance(value, list):
        value = value[0] if value else None
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if is_text else ""


def many(value: Any, *path: str) -> list[Any]:
    """The values at a path as a list; a single value becomes a list of one."""
    value = at(value, *path)
    return value if isinstance(value, list) else [] if value is None else [value]


def one(value: Any, *path: str) -> Answer:
    """The object at a path, or the first of a list; empty if there is none."""
    return next((each for each in many(value, *path) if isinstance(each, Mapping)), {})
