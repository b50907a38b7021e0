"""Inflection: the other number of an English noun, singular or plural, as it may be spelt.

The result need not be a word: callers look it up among existing words.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Plurals that follow no rule.
_IRREGULAR = {"women": "woman", "men": "man", "children": "child", "crises": "crisis"}
_OTHERS = _IRREGULAR | {one: many for many, one in _IRREGULAR.items()}
#: The end of a word in one number, and in the other; the first match applies.
_ENDS = (
    (re.compile(r"^.*(?:ics|news)$"), ""),  # ethics: not a countable noun
    (re.compile(r"(?<=\w\w)ies$"), "y"),  # countries
    (re.compile(r"(?<=\w)(?<=ch|sh|ss)es$|(?<=\wx)es$"), ""),  # businesses, taxes
    (re.compile(r"(?<=\w\wy|the)ses$"), "sis"),  # analyses, hypotheses
    (re.compile(r"(?<=\w\wy|the)sis$"), "ses"),
    (re.compile(r"(?<=\w)(?<=ch|sh|ss)$|(?<=\wx)$"), "es"),
    (re.compile(r"(?<=\w\w)(?<![suiy])s$|(?<=[aeo]y)s$"), ""),  # workers, surveys
    (re.compile(r"(?<=\w[^\Waeious])y$"), "ies"),
    (re.compile(r"(?<=\w\w)(?<![sxz])$"), "s"),
)


@lru_cache(2**12)
def other_number(word: str) -> str:
    """The singular that a folded word may be the plural of, or the other way round; "" for none.

    >>> other_number("workers"), other_number("country"), other_number("women")
    ('worker', 'countries', 'woman')
    >>> other_number("business"), other_number("ethics"), other_number("status")
    ('businesses', '', '')
    """
    if known := _OTHERS.get(word):
        return known
    for end, instead in _ENDS:
        if end.search(word):
            return end.sub(instead, word, count=1)
    return ""
