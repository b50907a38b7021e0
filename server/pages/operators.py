"""Operators: how a search was read, and operators of other search engines in it."""

from __future__ import annotations

import re

from ...graph.index.search_query import Phrase, SearchQuery

_OPERATOR = re.compile(r"(?<!\S)NEAR(?!\S)|(?<!\S)\+(?=\w)|\b[A-Za-z]+:(?=[\w\"])")


def operators(words: str) -> list[str]:
    """The operators of other search engines among the words of a search, as written.

    >>> operators('"gig work" author:heeks -uber')
    ['author:']
    """
    if words == words.upper():  # a title in capitals
        return []
    return list(dict.fromkeys(_OPERATOR.findall(words)))


def reading(query: SearchQuery) -> str:
    """How a query was read, in words; "" if it is plain words.

    >>> from oograph.graph.index.search_query import parse
    >>> reading(parse('"gig economy" india OR pakistan -uber'))
    '“gig economy” and (india or pakistan), without uber'
    """
    if query.is_plain:
        return ""
    groups = [" or ".join(map(_shown, either)) for either in query.all_of]
    if len(groups) > 1:
        groups = [
            f"({group})" if len(either) > 1 else group
            for group, either in zip(groups, query.all_of, strict=True)
        ]
    without = " or ".join(map(_shown, query.none_of))
    parts = (" and ".join(groups) or "all works", f"without {without}" if without else "")
    return ", ".join(filter(None, parts))


def _shown(phrase: Phrase) -> str:
    is_word = phrase.is_begun or len(phrase.words) == 1
    return phrase.text if is_word else f"“{phrase.text}”"
