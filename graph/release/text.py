"""Text: the works that have some words in their titles, names or labels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..iris import fold
from .database import Database

__all__ = ["Text"]

#: How alike a word of the index must be to stand for one that finds nothing: at most one
#: mistake in five letters, where two letters that have changed places are one mistake.
_ALIKE = 0.8


class Text:
    """The words of the index of works."""

    def __init__(self, base: Database) -> None:
        self._base = base

    def matching(
        self, words: Iterable[str]
    ) -> tuple[tuple[int, ...], dict[str, str], tuple[str, ...]]:
        """The numbers of the works with all the words, the best first; what was corrected; the
        words that no work has.
        """
        corrected: dict[str, str] = {}
        terms, unknown = [], []
        for word in words:
            term = fold(word)
            if not self._known(term):
                nearest = self._nearest(term)
                if nearest:
                    corrected[word] = term = nearest
                else:
                    unknown.append(word)
            # a whole word counts beside the same as a beginning: "south" before "southeast"
            terms.append(f'("{term}" OR "{term}"*)')
        rows = self._base.rows(
            "SELECT rowid FROM text WHERE text MATCH ?"
            " ORDER BY bm25(text, 4.0, 2.0, 1.0, 0.5), rowid",
            " AND ".join(terms),
        )
        return tuple(number for (number,) in rows), corrected, tuple(unknown)

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
