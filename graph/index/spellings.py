"""Spellings: text for searching, whatever its case, accents, apostrophes and kind of English.

Rules give British and American spellings one common form. Texts and queries both go through these
rules, so the common form need not be a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..iris import fold

#: Stands between two texts, so that their words are not adjacent; no folded text contains it.
_BETWEEN = " ¦ "
_APOSTROPHES = str.maketrans("'’", "  ")
#: Pattern of a difference -> its common form. Each pattern needs enough letters before it not to
#: change words such as "size", "hour" and "selling". As much as possible is left unchanged, so that
#: the beginning of a word is also the beginning of its common form.
_DIFFERING = (
    (re.compile(r"(?<=\w\w\w)([iy])z"), r"\1s"),  # organize, analyze
    (re.compile(r"(?<=\w\w\w)our(?=$|s$|[aefhily])"), "or"),  # labour, behavioural
    (re.compile(r"(?<=\w\w\w)tre(?=s?$)"), "ter"),  # centre
    (re.compile(r"(?<=\w\w)ogue(?=s?$)"), "og"),  # catalogue
    (re.compile(r"(?<=gram)me(?=s?$)"), ""),  # programme
    (re.compile(r"(?<=\w\wdg)e(?=ment)"), ""),  # judgement
    # words of two syllables: labelled, modelling, traveller
    (re.compile(r"(?<=\w[aeiou])([b-df-hj-np-tv-z]+[aeiou])ll(?=ed$|ing|er)"), r"\1l"),
)


@lru_cache(2**16)
def standard(word: str) -> str:
    """The common form of a folded word in all its English spellings.

    >>> standard("labour"), standard("organizations"), standard("modelling"), standard("size")
    ('labor', 'organisations', 'modeling', 'size')
    """
    for differing, common in _DIFFERING:
        word = differing.sub(common, word)
    return word


def in_standard(text: str) -> str:
    """A text folded, with each word in its common form.

    >>> in_standard("Labour-market")
    'labor market'
    """
    return " ".join(map(standard, fold(text).split()))


@lru_cache(2**12)
def spellings(text: str) -> tuple[str, ...]:
    """A folded text, the same with words split at apostrophes, and both with each word in its
    common form.

    >>> spellings("Workers’ rights"), spellings("L'économie du labour")
    (('workers rights',), ('leconomie du labour', 'l economie du labour', \
'leconomie du labor', 'l economie du labor'))
    """
    written = _written(text)
    return tuple(dict.fromkeys((*written, *map(in_standard, written))))


@lru_cache(2**12)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in every spelling that they are found by.

    >>> words_of("The worker's view of labour")
    ('the', 'worker', 's', 'view', 'of', 'labour', 'workers', 'labor')
    """
    *joined, apart = (each.split() for each in _written(text))
    parts = frozenset(apart)
    written = (*apart, *(word for each in joined for word in each if word not in parts))
    return (*written, *(common for word in written if (common := standard(word)) != word))


def _written(text: str) -> tuple[str, ...]:
    joined, parted = fold(text), text.translate(_APOSTROPHES)
    apart = fold(parted) if parted != text else joined
    return (joined,) if joined == apart else (joined, apart)


def spelt(texts: Iterable[str]) -> str:
    """The words of some texts in every spelling, with the texts kept apart."""
    return _BETWEEN.join(spelling for text in texts for spelling in spellings(text))
