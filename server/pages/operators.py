"""Operators: what other search boxes read as OR, NOT, a phrase or a field, and ours does not."""

from __future__ import annotations

import re

_OPERATOR = re.compile(
    r"(?<!\S)(?:AND|OR|NOT|NEAR)(?!\S)|(?<!\S)[-+](?=\w)|\b[A-Za-z]+:(?=\w)|\"[^\"\s]+\s[^\"]*\""
)
#: Those that do not ask for all of the words.
OTHERWISE = frozenset(("OR", "NOT", "-"))


def operators(words: str) -> list[str]:
    """The operators among the words of a search, as they are written there.

    >>> operators('"gig work" india -uber')
    ['"gig work"', '-']
    """
    if words == words.upper():  # a title in capitals
        return []
    return list(dict.fromkeys(_OPERATOR.findall(words)))
