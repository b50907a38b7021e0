"""Names: find the things of a release by name, in any spelling, in constant memory."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import Any

from ..iris import fold
from .database import Database, SecondsLeft, beginning_with, no_deadline
from .likeness import one_edit, score_of
from .names_index import CLASS_BITS, KINDS, TRIGRAM_CHARACTERS

#: A search text is cut to this many characters and words.
_CHARACTERS, _WORDS = 500, 40
#: How many entries of the index one search may read for its words (or trigrams).
_READ = 600
#: How many names are compared with the text in full.
_COMPARED = 40
#: How many hits of ``search`` are sorted; the others are only counted.
ORDERED = 2000
#: How many names of a class ``suggest`` compares.
_SUGGESTED = 60
#: How many names of all classes it reads at a time.
_TOGETHER = 240
#: The lowest score of a match.
_LEAST = 60.0
#: The lengths of texts that are also looked up with each possible typing error.
_EDITED = range(3, 13)


@dataclass(frozen=True, slots=True)
class Match:
    """A thing found by name."""

    iri: str
    #: The first segment of its path: "platform".
    kind_of_thing: str
    #: Its label.
    label: str
    year: int | None
    #: How many publications refer to it.
    mentions: int
    #: The name that was found, as written, and which of ``KINDS`` it is.
    matched: str
    kind: str
    #: 0–100; see ``Names.find``.
    score: float


class Names:
    """The index of names of a release, usable from any number of threads."""

    def __init__(self, path: Path, seconds_left: SecondsLeft = no_deadline) -> None:
        """Raises sqlite3.OperationalError if there is no index."""
        self._base = Database(path, seconds_left)
        self._classes = dict(self._rows("SELECT path, number FROM class"))
        self._paths = {number: path for path, number in self._classes.items()}

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that have names, by path."""
        return tuple(self._classes)

    def find(self, text: str, classes: Sequence[str] = (), limit: int = 10) -> list[Match]:
        """The things whose names are most similar to a text, best first; ``classes`` are paths.

        A name that is equal, except for case, accents and punctuation, scores 100. Otherwise the
        score is the similarity of the best name, at most 99:

        - 100 × the share of characters that both have in the same order, × 0.97 if the words had
          to be sorted first;
        - or 45 + 50 × shorter length / longer length, if one has all words of the other;
        - × 0.85 if numbers differ ("Part 1", "Part 2").

        Short forms score × 0.92; codes (KR) must be equal. Matches below 60 are dropped. Ties go
        to the better kind of name, then to what more publications refer to, then by IRI.
        """
        asked = _asked(text)
        if not asked:
            return []
        ranges = self._ranges(classes)
        numbers = set(self._equal(asked, ranges))
        matches = self._best(asked, numbers | self._by_words(asked, ranges), limit)
        if not matches or matches[0].score < 90:
            near = self._by_trigrams(asked, ranges) | self._one_edit_away(asked, ranges)
            if near:
                more = self._best(asked, near, limit)
                known = {match.iri for match in matches}
                matches += [match for match in more if match.iri not in known]
                matches.sort(key=_rank)
        return matches[:limit]

    def called(self, text: str, classes: Sequence[str] = (), limit: int = 10) -> list[Match]:
        """The things with a name that equals a text, except for case, accents and punctuation."""
        asked = _asked(text)
        return self._best(asked, set(self._equal(asked, self._ranges(classes))), limit)

    def search(
        self, text: str, classes: Sequence[str] = (), limit: int = 50, offset: int = 0
    ) -> tuple[list[Match], int]:
        """The things with a name that has all words of a text, in any order, then those with a
        similar name; and how many there are.

        The last word may be incomplete. Only the first two thousand names are sorted; the others
        are counted.
        """
        asked = _asked(text)
        if not asked:
            return [], 0
        query = beginning_with(asked.split())
        ids: list[int] = []
        total = 0
        for low, high in self._ranges(classes):
            arguments = (query, low, high)
            ids += self._column(f"{_WORDS_MATCH} LIMIT {ORDERED - len(ids)}", *arguments)
            total += self._column(_COUNT, *arguments)[0]
        matches = self._best(asked, set(ids), ORDERED, least=0)
        near = self._near(text, classes, limit, matches)
        return [*matches, *near][offset : offset + limit], total + len(near)

    def suggest(
        self, text: str, classes: Sequence[str] = (), limit: int = 10, offset: int = 0
    ) -> list[Match]:
        """As ``search``, among the shortest names of each class: fast, however many there are."""
        asked = _asked(text)
        if not asked:
            return []
        ids = set(self._shortest(beginning_with(asked.split()), self._ranges(classes)))
        matches = self._best(asked, ids, len(ids), least=0)
        near = self._near(text, classes, limit, matches)
        return [*matches, *near][offset : offset + limit]

    def _shortest(self, query: str, ranges: Sequence[tuple[int, int]]) -> Iterator[int]:
        """The first names of each range, in few queries, as SQLite first gathers all that a prefix
        finds for each of them.
        """
        starts = [low for low, _ in ranges]
        taken: Counter[int] = Counter()
        place = 0
        low = starts[0] if starts else 0
        while place < len(ranges):
            ids = self._column(f"{_WORDS_MATCH} LIMIT {_TOGETHER}", query, low, ranges[-1][1])
            for id in ids:
                place = bisect(starts, id) - 1
                if id < ranges[place][1] and taken[place] < _SUGGESTED:
                    taken[place] += 1
                    yield id
            if len(ids) < _TOGETHER:
                return
            low = ids[-1] + 1
            if low >= ranges[place][1] or taken[place] == _SUGGESTED:
                place += 1
                low = starts[place] if place < len(ranges) else low

    def _near(
        self, text: str, classes: Sequence[str], limit: int, matches: Sequence[Match]
    ) -> list[Match]:
        """Things with a similar name, if few have the words."""
        if len(matches) > limit:
            return []
        known = {match.iri for match in matches}
        return [match for match in self.find(text, classes, limit) if match.iri not in known]

    def named(self, iris: Sequence[str]) -> dict[str, Match]:
        """Things by their IRI, each as a match of its own label."""
        query = "SELECT iri, label, year, mentions FROM thing WHERE iri IN"
        matches = {}
        for iri, label, year, mentions in self._base.rows_among(query, iris):
            path = iri.rsplit("/", 2)[1]
            matches[iri] = Match(iri, path, label, year, mentions, label, "preferred", 100.0)
        return matches

    def _ranges(self, classes: Sequence[str]) -> list[tuple[int, int]]:
        """The ranges of numbers of the names of some classes, or of all if none is given."""
        if not classes:
            return [(0, len(self._classes) << CLASS_BITS)]
        numbers = [self._classes[path] for path in set(classes) if path in self._classes]
        return [(n << CLASS_BITS, (n + 1) << CLASS_BITS) for n in sorted(numbers)]

    def _equal(self, asked: str, ranges: Sequence[tuple[int, int]]) -> Iterator[int]:
        for low, high in ranges:
            yield from self._column(
                "SELECT id FROM name WHERE folded = ? AND id >= ? AND id < ? LIMIT 200",
                asked,
                low,
                high,
            )

    def _by_words(self, asked: str, ranges: Sequence[tuple[int, int]]) -> set[int]:
        """The names that have all known words, or all but one; and those that have the rarest.

        A misspelt word usually occurs in no name; sometimes it is another word.
        """
        counts = self._counts("word", dict.fromkeys(asked.split()))
        words = [word for word, _ in counts if len(word) > 2] or [word for word, _ in counts]
        numbers = self._having(words, ranges)
        for left_out in words[:4] if not numbers else ():
            numbers |= self._having([word for word in words if word != left_out], ranges)
        return numbers | self._sharing(_WORDS_MATCH, counts, ranges)

    def _having(self, words: Sequence[str], ranges: Sequence[tuple[int, int]]) -> set[int]:
        """Some of the names that have all these words, the shortest of each class."""
        query = " AND ".join(f'"{word}"' for word in words)
        numbers: set[int] = set()
        for low, high in ranges if words else ():
            numbers.update(self._column(f"{_WORDS_MATCH} LIMIT {_COMPARED}", query, low, high))
        return numbers

    def _by_trigrams(self, asked: str, ranges: Sequence[tuple[int, int]]) -> set[int]:
        """The short names that share the rarest trigrams."""
        if len(asked) > TRIGRAM_CHARACTERS + 10:
            return set()
        terms = dict.fromkeys(asked[i : i + 3] for i in range(len(asked) - 2))
        return self._sharing(_TRIGRAMS_MATCH, self._counts("trigram", terms), ranges)

    def _one_edit_away(self, asked: str, ranges: Sequence[tuple[int, int]]) -> set[int]:
        """The names that differ from a short text by one character, or by two that are swapped.

        A short text has few trigrams, and all may be common ("upork" shares "ork" with every
        "work"). So it is looked up in each form that differs by one typing error.
        """
        ids: list[int] = []
        forms = one_edit(asked) if len(asked) in _EDITED else []
        for start in range(0, len(forms), 500):
            part = forms[start : start + 500]
            marks = ", ".join("?" * len(part))
            ids += self._column(f"{_FOLDED_AMONG} ({marks}) LIMIT {_READ}", *part)
        return {id for id in ids if any(low <= id < high for low, high in ranges)}

    def _counts(self, table: str, terms: Iterable[str]) -> list[tuple[str, int]]:
        """The words or trigrams that occur in names, each with how many names; rarest first."""
        wanted = tuple(terms)
        marks = ", ".join("?" * len(wanted))
        return self._rows(
            f"SELECT term, names FROM {table} WHERE term IN ({marks}) ORDER BY names, term", *wanted
        )

    def _sharing(
        self, query: str, counts: Sequence[tuple[str, int]], ranges: Sequence[tuple[int, int]]
    ) -> set[int]:
        """The names that share most of the rarest terms; rarer ones count more."""
        weights: dict[int, float] = {}
        left = _READ
        for term, names in counts:
            weight = 1 / (10 + names)
            for low, high in ranges:
                ids = self._column(f"{query} LIMIT {left}", f'"{term}"', low, high)
                left -= len(ids)
                for id in ids:
                    weights[id] = weights.get(id, 0.0) + weight
            if left <= 0:
                break
        return set(nlargest(_COMPARED, weights, key=weights.__getitem__))

    def _best(self, asked: str, ids: set[int], limit: int, least: float = _LEAST) -> list[Match]:
        """The things that have the names with these numbers, each with its best name."""
        best: dict[int, Match] = {}
        query = (
            "SELECT name.id, thing.id, kind, text, folded, iri, label, year, mentions"
            " FROM name JOIN thing ON thing.id = name.thing WHERE name.id IN"
        )
        rows = self._base.rows_among(query, sorted(ids))
        for id, thing, kind, text, folded, iri, label, year, mentions in rows:
            name_kind, path = KINDS[kind], self._paths[id >> CLASS_BITS]
            score = score_of(asked, folded, name_kind, begun=not least)
            if score < least:
                continue
            match = Match(iri, path, label, year, mentions, text, name_kind, score)
            if thing not in best or _rank(match) < _rank(best[thing]):
                best[thing] = match
        return sorted(best.values(), key=_rank)[:limit]

    def _rows(self, query: str, *arguments: object) -> list[Any]:
        return list(self._base.rows(query, *arguments))

    def _column(self, query: str, *arguments: object) -> list[int]:
        return [row[0] for row in self._rows(query, *arguments)]


_FOLDED_AMONG = "SELECT id FROM name WHERE folded IN"
_WORDS_MATCH = "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ?"
_TRIGRAMS_MATCH = "SELECT rowid FROM trigrams WHERE trigrams MATCH ? AND rowid >= ? AND rowid < ?"
_COUNT = f"SELECT count(DISTINCT thing) FROM name WHERE id IN ({_WORDS_MATCH})"


def _asked(text: str) -> str:
    return " ".join(fold(text[:_CHARACTERS]).split()[:_WORDS])


def _rank(match: Match) -> tuple[float, int, int, str]:
    return -match.score, KINDS.index(match.kind), -match.mentions, match.iri
