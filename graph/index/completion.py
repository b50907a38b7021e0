"""Completions: the values of facets and the titles of works that match a text being typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..iris import fold
from .completion_index import FACET_BITS
from .database import Database, beginning_with
from .values import COLUMNS, Entry, entry_of

#: A search text is cut to this many characters and words.
_CHARACTERS, _WORDS = 200, 12
#: The fewest letters of an incomplete word that is looked up.
_LEAST = 2
#: How many values of a facet are compared with the text.
_COMPARED = 30
#: How many values of a facet with exactly this name are compared in addition.
_EQUAL = 4
#: How many works, the newest with the words in their titles, are compared.
_TITLES = 20
#: The longest prefix that has an index in the index of works.
_INDEXED = 3
#: How many words of the index an incomplete word may stand for, the most frequent first.
_FORMS = 20

#: The rank of a name that lacks some of the words.
_NOT = 3
#: What each work counts by the rank of the name, except 0. A word in a name that many works have
#: is more likely meant than the beginning of a name that few have ("turk").
_WEIGHTS = {1: 4.0, 2: 1.0, 1 + _NOT: 1.0, 2 + _NOT: 0.25}


@dataclass(frozen=True, slots=True)
class Completion:
    """A value of a facet whose name has all words of a text; the last may be incomplete."""

    facet: str
    entry: Entry
    #: The name that has them, if the label has not; else "".
    name: str
    #: 0: a name equals the text; 1: the label begins with it; 2: the label has its words; then the
    #: same for other names.
    rank: int


class Completions:
    """The index of completions of a release."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._numbers = {
            facet: number
            for number, facet in base.rows("SELECT number, facet FROM completed_facet")
        }

    def values(self, text: str, facets: Sequence[str]) -> list[Completion]:
        """The values of some facets that a text names exactly, then others by how many works they
        have; a work counts more if the label begins with the text than if it only has its words.

        In each facet, only the exact names and the values with the most works are compared, so the
        cost does not grow with the release.
        """
        words = _words(text)
        if len("".join(words)) < _LEAST:
            return []
        asked, query = " ".join(words), beginning_with(words)
        completions = (
            completion
            for facet in facets
            if facet in self._numbers
            for entry in self._entries(facet, asked, query)
            if (completion := _completion(facet, entry, asked, words))
        )
        return sorted(completions, key=_place)

    def titles(self, text: str, limit: int) -> list[int]:
        """The numbers of the newest works whose title has the words; those whose title begins with
        the text come first.
        """
        words = _words(text)
        query = self._title_query(words) if len("".join(words)) >= _LEAST else ""
        if not query:
            return []
        rows = self._base.rows(
            "SELECT number, title FROM work WHERE number IN"
            " (SELECT rowid FROM text WHERE text MATCH ? ORDER BY rowid LIMIT ?) ORDER BY number",
            query,
            _TITLES,
        )
        asked = " ".join(words)
        ranked = [(_rank(title, asked, words), number) for number, title in rows]
        return [number for rank, number in sorted(ranked) if rank < _NOT][:limit]

    def _title_query(self, words: Sequence[str]) -> str:
        """The query for titles with some words; "" if there can be none."""
        *whole, last = words
        terms = [f'"{word}"' for word in whole]
        if len(last) > _INDEXED:
            forms = [f'"{form}"' for form in self._forms(last)]
            if not forms:
                return ""
            terms.append(f"({' OR '.join(forms)})")
        elif len(last) >= _LEAST:
            terms.append(f'"{last}"*')
        # too many words begin with a single letter: search for the other words only
        return " AND ".join(terms)

    def _entries(self, facet: str, asked: str, query: str) -> Iterator[Entry]:
        low = self._numbers[facet] << FACET_BITS
        rows = self._base.rows(
            f"SELECT {COLUMNS} FROM completed JOIN value USING (facet, value) WHERE number IN"
            " (SELECT rowid FROM completion WHERE completion MATCH ? AND rowid >= ? AND rowid < ?"
            f" LIMIT {_COMPARED}) UNION "
            f"SELECT * FROM (SELECT {COLUMNS} FROM value INDEXED BY value_sort"
            f" WHERE facet = ? AND sort = ? LIMIT {_EQUAL})",
            query,
            low,
            low + (1 << FACET_BITS),
            facet,
            asked,
        )
        return map(entry_of, rows)

    def _forms(self, begun: str) -> list[str]:
        rows = self._base.rows(
            "SELECT term FROM term WHERE term >= ? AND term < ?"
            " ORDER BY term = ? DESC, works DESC, term LIMIT ?",
            begun,
            f"{begun}\U0010ffff",
            begun,
            _FORMS,
        )
        return [term for (term,) in rows]


def _words(text: str) -> list[str]:
    return fold(text[:_CHARACTERS]).split()[:_WORDS]


def _completion(facet: str, entry: Entry, asked: str, words: Sequence[str]) -> Completion | None:
    """The best name of a value; None if no single name has all the words."""
    own = min(_rank(entry.label, asked, words), _rank(entry.listed, asked, words))
    others = [(_rank(name, asked, words), len(name), name) for name in entry.names]
    rank, _, name = min(others, default=(_NOT, 0, ""))
    if own == rank == _NOT:
        return None
    if own < _NOT and own <= rank:
        return Completion(facet, entry, "", own)
    return Completion(facet, entry, name, rank + _NOT if rank else rank)


def _place(each: Completion) -> tuple[bool, float, int]:
    works = each.entry.works
    return each.rank > 0, -works * _WEIGHTS.get(each.rank, 1.0), each.rank


def _rank(name: str, asked: str, words: Sequence[str]) -> int:
    folded = fold(name)
    if folded == asked:
        return 0
    if folded.startswith(asked):
        return 1
    *whole, last = words
    own = folded.split()
    has = set(whole) <= set(own) and any(word.startswith(last) for word in own)
    return 2 if has else _NOT
