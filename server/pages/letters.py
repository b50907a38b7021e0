"""Letters: the parts of an alphabetical list, by how its names begin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from ...graph.iris import fold

T = TypeVar("T")


def heading_of(name: str) -> str:
    """What a name in a list stands under: a Latin letter, or what all others have in common.

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
    """What has names, by the heading that each name stands under."""
    parts: dict[str, list[T]] = {}
    for name, entry in entries:
        parts.setdefault(heading_of(name), []).append(entry)
    return parts
