"""Mistakes: common errors in a query that does not parse, and the corrected query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .idioms import Change, idioms
from .passages import blanked

_SELECT = re.compile(r"\bSELECT\b(?:\s+(?:DISTINCT|REDUCED)\b)?", re.IGNORECASE)
_BODY = re.compile(r"\bWHERE\b|\bFROM\b|\{", re.IGNORECASE)
_AGGREGATE = re.compile(
    r"(?<![\w?$:])(COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE
)
_NAMED = re.compile(r"\s+AS\s+([?$]\w+)", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$]\w+")
_COMMA = "Leave out the commas between the columns of a SELECT."
_GROUPED = "List the columns beside an aggregate in GROUP BY."
_BRACKETS = "Put a computed column in brackets and name it, as in (COUNT(?x) AS ?count)."


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a query, and the corrected query."""

    hint: str
    #: The line and column of the first mistake, 1-based.
    line: int
    column: int
    corrected: str


def mistake(query: str) -> Mistake | None:
    """Return the mistakes of a query that does not parse; None if none is recognised.

    >>> mistake("SELECT ?a, COUNT(?b) { ?a ?p ?b } GROUP BY ?a").corrected
    'SELECT ?a (COUNT(?b) AS ?count) { ?a ?p ?b } GROUP BY ?a'
    """
    plain = blanked(query)
    changes: list[Change] = []
    # of changes that overlap, take the one that begins first, or else the longest
    every = (*_of_columns(query, plain), *idioms(query, plain))
    for change in sorted(every, key=lambda each: (each.start, -each.end)):
        if not changes or change.start >= changes[-1].end:
            changes.append(change)
    if not changes:
        return None
    parts: list[str] = []
    at = 0
    for change in changes:
        parts += (query[at : change.start], change.text)
        at = change.end
    corrected = "".join((*parts, query[at:]))
    before = query[: changes[0].start].split("\n")
    hint = " ".join(dict.fromkeys(change.hint for change in changes))
    return Mistake(hint, len(before), len(before[-1]) + 1, corrected)


def _of_columns(query: str, plain: str) -> Iterator[Change]:
    """Yield the changes to the columns of the first SELECT, or because of them."""
    span = columns_in(plain)
    if not span:
        return
    columns = plain[: span.stop]
    yield from _changes(query, columns, span.start, set(_VARIABLE.findall(plain)))
    beside = _beside(columns, span.start)
    if beside and not re.search(r"\bGROUP\s+BY\b", plain, re.IGNORECASE):
        end = closing(plain, plain.find("{", span.stop), "{", "}")
        if end > 0:
            yield Change(end, end, f"\nGROUP BY {' '.join(beside)}", _GROUPED)


def columns_in(plain: str) -> range:
    """Return the range of the first SELECT's columns; empty if there is no SELECT or no body."""
    select = _SELECT.search(plain)
    body = _BODY.search(plain, select.end()) if select else None
    return range(select.end(), body.start()) if select and body else range(0)


def _changes(query: str, columns: str, at: int, names: set[str]) -> Iterator[Change]:
    """Yield the changes to the columns, which begin at ``at``, in order."""
    while at < len(columns):
        if aggregate := _AGGREGATE.match(columns, at):
            closed = closing(columns, aggregate.end() - 1)
            if not closed:
                return
            given = _NAMED.match(columns, closed)
            name = given[1] if given else _new_name(aggregate[1].lower(), names)
            end = given.end() if given else closed
            yield Change(at, end, f"({query[at:closed]} AS {name})", _BRACKETS)
        elif columns[at] == "(":
            end = closing(columns, at)
            if not end:
                return
            if nameless := _aggregate_alone(columns, at + 1, end - 1):
                name = _new_name(nameless.lower(), names)
                yield Change(end - 1, end, f" AS {name})", _BRACKETS)
        else:
            end = at + 1
            if columns[at] == ",":
                yield Change(at, end, "", _COMMA)
        at = end


def _aggregate_alone(columns: str, start: int, end: int) -> str:
    """Return the name of the aggregate that is all of a column; "" for any other column."""
    column = columns[start:end]
    aggregate = _AGGREGATE.match(column, len(column) - len(column.lstrip()))
    closed = closing(column, aggregate.end() - 1) if aggregate else 0
    return aggregate[1] if aggregate and closed and not column[closed:].strip() else ""


def _beside(columns: str, at: int) -> list[str]:
    """Return the variables that are columns beside an aggregate."""
    variables, has_aggregate = [], False
    while at < len(columns):
        aggregate = _AGGREGATE.match(columns, at)
        if aggregate or columns[at] == "(":
            end = closing(columns, aggregate.end() - 1 if aggregate else at)
            if not end:
                return []
            has_aggregate |= bool(_AGGREGATE.search(columns, at, end))
            named = _NAMED.match(columns, end) if aggregate else None
            at = named.end() if named else end
        elif variable := _VARIABLE.match(columns, at):
            variables.append(variable[0])
            at = variable.end()
        else:
            at += 1
    return list(dict.fromkeys(variables)) if has_aggregate else []


def closing(text: str, at: int, opening: str = "(", closing: str = ")") -> int:
    """Return the position after the bracket that closes the one at ``at``; 0 if none does."""
    depth = 0
    for place in range(at, len(text)):
        depth += {opening: 1, closing: -1}.get(text[place], 0)
        if not depth:
            return place + 1
    return 0


def _new_name(word: str, names: set[str]) -> str:
    name, number = f"?{word}", 1
    while name in names:
        number += 1
        name = f"?{word}{number}"
    names.add(name)
    return name
