"""Spellings: a text as it is searched, whatever its case, accents and apostrophes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..iris import fold

#: Keeps the words of two texts from being next to each other: no folded text has it.
_BETWEEN = " ¦ "
_APOSTROPHES = str.maketrans("'’", "  ")


@lru_cache(2**12)
def spellings(text: str) -> tuple[str, ...]:
    """A text folded, and once more with the parts of words at an apostrophe apart.

    >>> spellings("Workers’ rights"), spellings("L'économie")
    (('workers rights',), ('leconomie', 'l economie'))
    """
    joined, parted = fold(text), text.translate(_APOSTROPHES)
    apart = fold(parted) if parted != text else joined
    return (joined,) if joined == apart else (joined, apart)


@lru_cache(2**12)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, those in which spellings differ in each of them.

    >>> words_of("The worker's view")
    ('the', 'worker', 's', 'view', 'workers')
    """
    joined, *parted = (spelling.split() for spelling in spellings(text))
    if not parted:
        return tuple(joined)
    (apart,) = parted
    parts = frozenset(apart)
    return (*apart, *(word for word in joined if word not in parts))


def spelt(texts: Iterable[str]) -> str:
    """The words of some texts in every spelling, each text apart."""
    return _BETWEEN.join(spelling for text in texts for spelling in spellings(text))
