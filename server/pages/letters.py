"""Letters: the sections of an alphabetical list, by the first letter of a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from ...graph.iris import fold

T = TypeVar("T")


def heading_of(name: str) -> str:
    """The heading for a name in a list: a Latin letter, or a common heading for all others.

    >>> heading_of("Ávila, M."), heading_of("Łoś, A."), heading_of("25th Conference")
    ('A', 'Ł', '0–9')
    >>> heading_of("Знак"), heading_of("…")
    ('Other scripts', 'Other')
    """
    first = fold(name)[:1]
    if not first:
        return "Other"
    if first.isascii() and first.isdecimal():
        return "0–9"
    return first.upper() if unicodedata.name(first, "").startswith("LATIN") else "Other scripts"


def by_letter(entries: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    """Group named entries by the heading of their name."""
    parts: dict[str, list[T]] = {}
    for name, entry in entries:
        parts.setdefault(heading_of(name), []).append(entry)
    return parts
