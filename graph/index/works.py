"""Works: find works in the index of a release by words and facets, in order."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from ..errors import NoRelease
from ..iris import fold
from .completion import Completions
from .database import Database, SecondsLeft, no_deadline
from .meaning import concepts_of, words_of_names
from .members import Members
from .orders import Orders
from .search_query import Phrase, parse
from .text import Interpretation, Text, ranked, with_most
from .values import Values
from .works_index import WORKS

#: A query of this many words may be a pasted reference; a work must have this share of them.
_MANY_WORDS, _MOST = 6, 2 / 3
#: The facets that a work shows elsewhere than among its facets.
_ELSEWHERE = ("author", "venue", "year", "doi")


@dataclass(frozen=True, slots=True)
class Choice:
    """The works to find: by words and, for each facet, values that a work must all have."""

    words: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    #: "stated" leaves out what is only inferred; "inferred" leaves out what is stated.
    evidence: str = ""
    sort: str = "newest"
    #: Facet and value of what is known but no work has -> its label.
    workless: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """A work as a list shows it."""

    id: str
    title: str
    other_titles: tuple[str, ...]
    #: The BCP 47 tag of the title, if known.
    language: str
    year: int | None
    authors: tuple[str, ...]
    #: The authors' values in their facet.
    author_values: tuple[str, ...]
    venue: str
    #: The venue's value in its facet.
    venue_value: str
    doi: str
    #: (facet, value's label, value, whether it is only inferred).
    facets: tuple[tuple[str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The works that a choice finds; ``numbers`` is unordered."""

    numbers: BitMap
    #: The numbers by how well they match the words, the best first; empty without words.
    ranked: tuple[BitMap, ...] = ()
    #: How the words were taken.
    interpretation: Interpretation = field(default_factory=Interpretation)

    def __len__(self) -> int:
        return len(self.numbers)


class Works:
    """The index of one release, open for reading from any thread."""

    def __init__(self, folder: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        path = folder / WORKS
        self._base = Database(path, seconds_left)
        try:
            ((self.size,),) = self._base.rows("SELECT COUNT(*) FROM work")
            # an index from an older version of oograph has other columns
            list(
                self._base.rows(
                    "SELECT itself, iri, spelt FROM block JOIN begun USING (works), graph, value,"
                    " named, read_beyond_title LIMIT 0"
                )
            )
            self.completions = Completions(self._base)
        except sqlite3.Error as error:
            raise NoRelease(
                f"{path} cannot be read ({error}); rebuild the release with `oograph build`"
            ) from None
        self.values = Values(self._base)
        self.members = Members(self._base, self.values, self.size)
        self._text = Text(self._base, self._labelled)
        self._orders = Orders(self._base)

    @property
    def everything(self) -> Answer:
        """All works."""
        return Answer(BitMap(range(self.size)))

    def find(self, choice: Choice, as_written: Collection[str] = ()) -> Answer:
        """The works that have everything in a choice; ``as_written`` are folded words to take
        literally.
        """
        numbers = self._chosen(choice)
        query = parse(choice.words)
        if not query:
            return Answer(BitMap() if choice.words else numbers)
        names = words_of_names(query.words, self.values)
        match = self._text.matching(query, names.union(as_written))
        numbers -= match.excluded
        order: Iterable[BitMap] = ()
        if match.works is not None:
            numbers &= match.works
            # works with a concept of that name come first: "South Asia" before "South-eastern"
            taken = {fold(word): other for word, other in match.interpretation.corrected.items()}
            meant = [taken.get(word, word) for word in query.words]
            concepts, _ = concepts_of(meant, self.values)
            having = [self.members.having(each.facet, each.value) for each in concepts]
            order = ranked(numbers, match.levels, having, self.size) if numbers else ()
        return Answer(numbers, tuple(order), match.interpretation)

    def nearly(self, choice: Choice) -> Answer:
        """The works with most of the words, if there are many: a pasted reference has some that
        the index lacks, such as its pages or another year.
        """
        query = parse(choice.words)
        if not query.is_plain or len(query.all_of) < _MANY_WORDS:
            return Answer(BitMap())
        match = self._text.matching(query)
        having = [BitMap.union(BitMap(), *levels.values()) for levels in match.levels]
        works = with_most(self._chosen(choice), having, math.ceil(len(having) * _MOST))
        return Answer(works, (works,), match.interpretation)

    def _chosen(self, choice: Choice) -> BitMap:
        """The works that have the facets and years of a choice."""
        numbers = self.everything.numbers
        for facet, values in choice.facets.items():
            for value in values:
                numbers &= self.members.having(facet, value, choice.evidence)
        if choice.first_year is not None or choice.last_year is not None:
            numbers &= self.members.between(choice.first_year, choice.last_year)
        return numbers

    def _labelled(self, phrase: Phrase) -> BitMap:
        """The works that have a concept whose name contains a phrase, or a narrower one."""
        concepts = self.values.naming(phrase)
        return BitMap.union(BitMap(), *(self.members.having(*each) for each in concepts))

    def page(self, answer: Answer, choice: Choice, offset: int, limit: int) -> list[Work]:
        """A page of the works, in the order of the choice."""
        order = self._orders.page(answer.numbers, answer.ranked, choice.sort, offset, limit)
        return self.numbered(list(order))

    def numbered(self, numbers: Sequence[int]) -> list[Work]:
        """The works with some numbers, in their order."""
        query = (
            "SELECT number, id, title, other_titles, language, year, authors, venue, doi, facets"
            " FROM work WHERE number IN"
        )
        works = {row[0]: self._work(row[1:]) for row in self._base.rows_among(query, numbers)}
        return [works[number] for number in numbers]

    def order(self, answer: Answer, choice: Choice, limit: int) -> list[int]:
        """The numbers of the first works, in the order of the choice."""
        return list(self._orders.page(answer.numbers, answer.ranked, choice.sort, 0, limit))

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of the works with some numbers, in their order."""
        ids = dict(self._base.rows_among("SELECT number, id FROM work WHERE number IN", numbers))
        return [ids[number] for number in numbers]

    def numbers(self, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of the works with some ids; unknown ids are left out."""
        return dict(self._base.rows_among("SELECT id, number FROM work WHERE id IN", ids))

    def having_itself(
        self, facet: str, value: str, offset: int, limit: int
    ) -> tuple[int, list[str]]:
        """The number of works that have a value itself, not only a narrower one, and a page of
        their ids, newest first; the facet is one of ``OWN``.
        """
        query = "SELECT itself FROM value WHERE facet = ? AND value = ?"
        row = next(self._base.rows(query, facet, value), None)
        numbers = BitMap.deserialize(row[0]) if row else BitMap()
        return len(numbers), self.ids(list(numbers[offset : offset + limit]))

    def languages(self, ids: Sequence[str]) -> dict[str, str]:
        """The BCP 47 tags of the titles of works, by id, if known."""
        query = "SELECT id, language FROM work WHERE language <> '' AND id IN"
        return dict(self._base.rows_among(query, ids))

    def language(self, id: str) -> str:
        """The same for one work; "" if unknown."""
        return self.languages([id]).get(id, "")

    def indexed(self, ids: Sequence[str]) -> list[tuple[int | None, list[tuple[str, str, bool]]]]:
        """The numbers of works, and their values: facet, value, whether it is only inferred.

        They are in the order of the ids. None and nothing for a work that is not in the index.
        """
        rows = self._base.rows_among("SELECT id, number, facets FROM work WHERE id IN", ids)
        found = {id: (number, json.loads(facets)) for id, number, facets in rows}
        return [found.get(id, (None, [])) for id in ids]

    @property
    def graph_sizes(self) -> dict[str, int]:
        """The number of statements in each named graph, by its IRI."""
        return dict(self._base.rows("SELECT iri, statements FROM graph"))

    @property
    def read_beyond_title(self) -> BitMap:
        """The works for which more than the title was read."""
        rows = self._base.rows("SELECT works FROM read_beyond_title")
        return BitMap.union(BitMap(), *(BitMap.deserialize(works) for (works,) in rows))

    def _work(self, row: tuple[Any, ...]) -> Work:
        id, title, other_titles, language, year, authors, venue, doi, facets = row
        every = json.loads(facets)
        shown = (
            (facet, self.values.label(facet, value), value, only)
            for facet, value, only in every
            if facet not in _ELSEWHERE
        )
        return Work(
            id,
            title,
            tuple(json.loads(other_titles)),
            language,
            year,
            tuple(json.loads(authors)),
            tuple(value for facet, value, _ in every if facet == "author"),
            venue,
            next((value for facet, value, _ in every if facet == "venue"), ""),
            doi,
            tuple(shown),
        )
