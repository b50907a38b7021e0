"""Literals: a set of strings of which every match of a pattern contains at least one.

Looking for a string takes a hundredth of the time of a pattern, so a text without any of the
literals need not be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

#: Python's own parser of patterns, which has no public name. Of the libraries that parse patterns,
#: greenery does not support ``\b``, and interegular's trees are private too. Without this module,
#: reading an abstract takes 2.0 ms instead of 1.1.
_parser: Any = import_module("re._parser")
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT)


def literals_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return strings, ``folded``, of which each match contains one; none if there are no such.

    >>> sorted(literals_of(re.compile(r"\\b(?:online|field) surveys?|Poll(?:ed|s)")))
    [' survey', 'poll']
    """
    return _needed(_parser.parse(pattern.pattern, pattern.flags))


def folded(text: str) -> str:
    """Convert a text to the case of the literals.

    >>> folded("Kılometre")
    'kilometre'
    """
    return text.casefold().replace("ı", "i")  # to re, they are equal when case is ignored


def _needed(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The literals of the item of a sequence that narrows the search most."""
    needs: list[frozenset[str]] = []
    run = ""
    for kind, value in (*items, (None, None)):
        if kind is _parser.LITERAL and value < 0x80:
            run += chr(value).lower()
            continue
        needs.append(frozenset({run} - {""}))
        run = ""
        if kind is _parser.SUBPATTERN:
            needs.append(_needed(value[3]))
        elif kind is _parser.BRANCH:
            ways = [_needed(way) for way in value[1]]
            needs.append(frozenset().union(*ways) if all(ways) else frozenset())
        elif kind in _REPEATS and value[0]:
            needs.append(_needed(value[2]))
    return max(needs, key=lambda texts: min(map(len, texts), default=0))
