"""Text: the works that have some words in their titles, names or labels, and how well they do."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..iris import fold
from .database import Database
from .word_index import SHORT_PREFIX

#: How alike a word of the index must be to stand for one that finds nothing: at most one
#: mistake in five letters, where two letters that have changed places are one mistake.
_ALIKE = 0.8
#: How much more the rarest of some words counts than the most frequent, at most.
_RARE = 4

#: Works by what they count.
Levels = Mapping[int, BitMap]


@dataclass(frozen=True, slots=True)
class Matching:
    """What some words find."""

    #: The works that have all of them.
    works: BitMap
    #: Of each word, its works by how well they match.
    levels: tuple[Levels, ...]
    #: Word as asked -> the word it was taken for.
    corrected: Mapping[str, str]
    #: The words that no work has.
    unknown: tuple[str, ...]


class Text:
    """The words of the index of works."""

    def __init__(self, base: Database) -> None:
        self._base = base

    def matching(self, words: Iterable[str]) -> Matching:
        """The works that have words that begin as all of these."""
        corrected: dict[str, str] = {}
        terms: dict[str, None] = {}
        unknown = []
        for word in words:
            own = fold(word).split()
            if not all(map(self._known, own)):
                nearest = self._nearest(fold(word))
                if nearest:
                    corrected[word] = nearest
                    own = [nearest]
                else:
                    unknown.append(word)
            terms.update(dict.fromkeys(own))
        if unknown or not terms:
            return Matching(BitMap(), (), corrected, tuple(unknown))
        levels = tuple(map(self._levels, terms))
        works = [BitMap.union(*each.values()) for each in levels]
        return Matching(BitMap.intersection(*works), levels, corrected, ())

    def _levels(self, term: str) -> Levels:
        """The works of a word that begins so; a whole word counts twice what a beginning does."""
        whole = self._read("SELECT level, works FROM posting WHERE term = ?", term)
        if len(term) <= SHORT_PREFIX:
            begun = self._read("SELECT level, works FROM begun WHERE prefix = ?", term)
        else:
            begun = self._read(
                "SELECT level, works FROM posting WHERE term >= ? AND term < ?",
                term,
                f"{term}\U0010ffff",
            )
        levels: dict[int, BitMap] = {}
        higher = BitMap()
        by_count = [(2 * level, works) for level, works in whole.items()] + list(begun.items())
        for count, works in sorted(by_count, key=lambda each: -each[0]):
            levels[count] = levels.get(count, BitMap()) | (works - higher)
            higher |= works
        return levels

    def _read(self, query: str, *arguments: str) -> dict[int, BitMap]:
        levels: defaultdict[int, BitMap] = defaultdict(BitMap)
        for level, works in self._base.rows(query, *arguments):
            levels[level] |= BitMap.deserialize(works)
        return levels

    def _known(self, term: str) -> bool:
        """Whether a word of the index begins with the term."""
        rows = self._base.rows(
            "SELECT 1 FROM term WHERE term >= ? AND term < ? LIMIT 1", term, term + "\U0010ffff"
        )
        return next(rows, None) is not None

    def _nearest(self, term: str) -> str:
        """The word of the index that is spelt most nearly like a term; "" where none is near."""
        if len(term) <= 3:
            return ""
        match = process.extractOne(
            term, self._terms, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE
        )
        if match:
            return match[0]
        # another letter makes another word of a short one (Iraq, Iran), the same letters do not
        swapped = (each for each in self._terms if sorted(each) == sorted(term))
        return next((each for each in swapped if OSA.distance(each, term) == 1), "")

    @cached_property
    def _terms(self) -> list[str]:
        return [term for (term,) in self._base.rows("SELECT term FROM term ORDER BY works DESC")]


def ranked(
    among: BitMap, words: Sequence[Levels], first: Sequence[BitMap], size: int
) -> Iterator[BitMap]:
    """Works by how well they match words, the best first; equal ones together.

    A word counts the more, the fewer of ``size`` works have it. ``first`` are works that come
    before others, by how many of these they are in.
    """
    rarities = [math.log(size / (1 + sum(map(len, levels.values()))) + 1) for levels in words]
    weights = [max(1, round(_RARE * each / max(rarities))) for each in rarities]
    if len(words) == 1:
        weights = [1]
    counted = [
        [(weight * level, works) for level, works in levels.items()]
        for weight, levels in zip(weights, words, strict=True)
    ]
    more = 1 + sum(max(count for count, _ in levels) for levels in counted)
    counted += [[(more, works), (0, among - works)] for works in first]
    sums = {0: among}
    for levels in counted:
        after: defaultdict[int, BitMap] = defaultdict(BitMap)
        for count, works in levels:
            for before, members in sums.items():
                if both := members & works:
                    after[before + count] |= both
        sums = after
    return (sums[total] for total in sorted(sums, reverse=True))
