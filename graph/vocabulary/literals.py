"""Literals: texts one of which is in all that a pattern matches.

To look for a few letters takes a hundredth of what a pattern takes: a text without any of them
need not be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

#: Python's own parser of patterns, which has no public name: of libraries that parse them, greenery
#: knows no ``\b``, and interegular's trees are as private. Without it an abstract takes 2.0 ms
#: to read in place of 1.1.
_parser: Any = import_module("re._parser")
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT)


def literals_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """Texts one of which is in each match, ``folded``; none where there are no such texts.

    >>> sorted(literals_of(re.compile(r"\\b(?:online|field) surveys?|Poll(?:ed|s)")))
    [' survey', 'poll']
    """
    return _needed(_parser.parse(pattern.pattern, pattern.flags))


def folded(text: str) -> str:
    """The text in the case of the literals.

    >>> folded("Kılometre")
    'kilometre'
    """
    return text.casefold().replace("ı", "i")  # to re the two are one where case is ignored


def _needed(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The most telling of what the items of a sequence need."""
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
