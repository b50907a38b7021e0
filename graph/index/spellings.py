"""Spellings: a text as it is searched, whatever its case, accents, apostrophes and English.

British and American words are one by rules for how they differ, which texts and what is asked of
them go through alike: what a word is made into need be no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..iris import fold

#: Keeps the words of two texts from being next to each other: no folded text has it.
_BETWEEN = " ¦ "
_APOSTROPHES = str.maketrans("'’", "  ")
#: What differs, and what stands for both. Nothing before it is so short that it would be in words
#: such as "size", "hour" and "selling", and as much as can stays as it is, so that a word that is
#: begun begins what the whole one is made into.
_DIFFERING = (
    (re.compile(r"(?<=\w\w\w)([iy])z"), r"\1s"),  # organize, analyze
    (re.compile(r"(?<=\w\w\w)our(?=$|s$|[aefhily])"), "or"),  # labour, behavioural
    (re.compile(r"(?<=\w\w\w)tre(?=s?$)"), "ter"),  # centre
    (re.compile(r"(?<=\w\w)ogue(?=s?$)"), "og"),  # catalogue
    (re.compile(r"(?<=gram)me(?=s?$)"), ""),  # programme
    (re.compile(r"(?<=\w\wdg)e(?=ment)"), ""),  # judgement
    # of words of two syllables: labelled, modelling, traveller
    (re.compile(r"(?<=\w[aeiou])([b-df-hj-np-tv-z]+[aeiou])ll(?=ed$|ing|er)"), r"\1l"),
)


@lru_cache(2**16)
def standard(word: str) -> str:
    """What stands for a folded word in all its English spellings.

    >>> standard("labour"), standard("organizations"), standard("modelling"), standard("size")
    ('labor', 'organisations', 'modeling', 'size')
    """
    for differing, common in _DIFFERING:
        word = differing.sub(common, word)
    return word


def in_standard(text: str) -> str:
    """A text folded, with what stands for its words in all spellings.

    >>> in_standard("Labour-market")
    'labor market'
    """
    return " ".join(map(standard, fold(text).split()))


@lru_cache(2**12)
def spellings(text: str) -> tuple[str, ...]:
    """A text folded, once more with the parts of words at an apostrophe apart, and each of these
    with what stands for its words in all spellings.

    >>> spellings("Workers’ rights"), spellings("L'économie du labour")
    (('workers rights',), ('leconomie du labour', 'l economie du labour', \
'leconomie du labor', 'l economie du labor'))
    """
    written = _written(text)
    return tuple(dict.fromkeys((*written, *map(in_standard, written))))


@lru_cache(2**12)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, those in which spellings differ in each of them.

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
    """The words of some texts in every spelling, each text apart."""
    return _BETWEEN.join(spelling for text in texts for spelling in spellings(text))
