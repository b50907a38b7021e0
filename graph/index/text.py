"""Text: the works whose titles, names and labels match a query, and how well."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..iris import SMALL_WORDS
from .database import Database
from .inflection import other_number
from .search_query import Phrase, SearchQuery
from .word_index import SHORT_PREFIX

#: How similar a word of the index must be to replace one that finds nothing: at most one error in
#: five letters, two swapped letters being one error.
_ALIKE = 0.8
#: Words that are ignored if a query has others.
IDLE = SMALL_WORDS | frozenset(
    "about al are be between can did does et has have i its know known many me much my our since"
    " studied that their there these they this those used was we were which".split()
)
#: Letters that can be split off as a word ("e-commerce"), and the fewest letters left by a split.
_LETTERS = frozenset("e")
_LEAST_REST = 3
#: How many words to name, at most, if works have a word only as their beginning.
_BEGUN = 3
#: The weight of the rarest word of a query; the others weigh less, but at least 1.
_RARE = 4

#: Score -> works.
Levels = Mapping[int, BitMap]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How the words of a query were taken."""

    #: The phrases that were searched, each word as it was taken.
    phrases: list[Phrase] = field(default_factory=list)
    #: Word as typed, if it finds nothing -> the word it was taken for.
    corrected: dict[str, str] = field(default_factory=dict)
    #: The words that no work has, as typed.
    unknown: list[str] = field(default_factory=list)
    #: The words that works have only in the other number (singular or plural), as typed.
    in_other_number: list[str] = field(default_factory=list)
    #: The phrases whose words works have, but never next to each other.
    apart: list[str] = field(default_factory=list)
    #: The phrases that were to be left out, but no work has.
    idle: list[str] = field(default_factory=list)
    #: Word that works have only as the beginning of other words -> some of those.
    only_begun: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matching:
    """The works that a query finds."""

    #: The works that have all it asks for; None if it only leaves out.
    works: BitMap | None
    #: The works that have something that it leaves out.
    excluded: BitMap
    #: For each thing it asks for, the works by how well they match.
    levels: tuple[Levels, ...]
    interpretation: Interpretation


class Text:
    """The words of the index of works; ``labelled`` gives the works that have a concept whose name
    contains a phrase.
    """

    def __init__(self, base: Database, labelled: Callable[[Phrase], BitMap]) -> None:
        self._base = base
        self._labelled = labelled

    def matching(self, query: SearchQuery, as_written: Collection[str] = ()) -> Matching:
        """The works that a query finds; ``as_written`` are words to take literally."""
        taken = Interpretation()
        levels = tuple(
            self._of_either(either, as_written, taken)
            for either in _telling(list(self._compounded(query.all_of)))
        )
        taken.phrases[:] = dict.fromkeys(taken.phrases)
        excluded = {phrase: self._having(phrase) for phrase in query.none_of}
        taken.idle.extend(phrase.text for phrase, having in excluded.items() if not having)
        asked = [BitMap.union(BitMap(), *having.values()) for having in levels]
        return Matching(
            BitMap.intersection(*asked) if asked else None,
            BitMap.union(BitMap(), *excluded.values()),
            levels,
            taken,
        )

    def _of_either(
        self, either: Iterable[Phrase], as_written: Collection[str], taken: Interpretation
    ) -> Levels:
        """The works that have one of some phrases; notes in ``taken`` how these were taken."""
        meant = [self._meant(phrase, as_written, taken) for phrase in either]
        counted: list[tuple[int, BitMap]] = []
        for given in dict.fromkeys(phrase for phrase in meant if phrase):
            phrase = self._in_both_numbers(given, as_written)
            works = self._having(phrase)
            # the parts of a word with a hyphen may be anywhere
            if not works and phrase.is_begun and (works := self._anywhere(phrase)):
                taken.corrected[phrase.text] = " ".join(phrase.words)
                taken.phrases.extend(phrase.parts)
            else:
                taken.phrases.append(phrase)
            if self._is_only_begun(phrase):
                taken.only_begun[phrase.text] = self._begun_by(phrase.words[0])
            if not works:
                taken.apart.append(phrase.text)
            counted += self._levels(phrase, works).items()
        return _highest(counted)

    def _meant(
        self, phrase: Phrase, as_written: Collection[str], taken: Interpretation
    ) -> Phrase | None:
        """A phrase with the nearest word for each that no work has; None if there is none."""
        if phrase.otherwise:
            return phrase
        words = []
        for place, word in enumerate(phrase.words, 1):
            is_begun = phrase.is_begun and place == len(phrase.words)
            if not self._is_known(word, is_begun):
                asked = phrase.text if len(phrase.words) == 1 else word
                if is_begun and word not in as_written and self._other_number(word):
                    taken.in_other_number.append(asked)
                elif nearest := "" if word in as_written else self._nearest(word):
                    taken.corrected[asked] = word = nearest
                else:
                    taken.unknown.append(asked)
                    return None
            words.append(word)
        return replace(phrase, words=tuple(words))

    def _in_both_numbers(self, phrase: Phrase, as_written: Collection[str]) -> Phrase:
        """A phrase whose last word may be incomplete, also with that word in the other number:
        "freelancers" finds "freelancer", too.
        """
        if not phrase.is_begun or not frozenset(as_written).isdisjoint(phrase.words):
            return phrase
        others: list[Phrase] = []
        for *before, last in (each.words for each in (phrase, *phrase.otherwise)):
            if other := self._other_number(last):
                words = (*before, other)
                inflected = Phrase(" ".join(words), words, is_inflected=True)
                others += inflected, *self._divided(inflected)
        otherwise = tuple(dict.fromkeys((*phrase.otherwise, *others)))
        return replace(phrase, otherwise=otherwise)

    def _other_number(self, word: str) -> str:
        """A word in its other number, if works have both, and not only in names: "Woods" is not
        the plural of "wood".
        """
        other = other_number(word)
        is_noun = other and self._is_noun(other)
        return other if is_noun and (self._is_noun(word) or not self._is_known(word, False)) else ""

    def _is_noun(self, word: str) -> bool:
        """Whether a word is in titles or in names of concepts."""
        query = "SELECT 1 FROM text WHERE text MATCH ? LIMIT 1"
        whole = Phrase(word, (word,))
        titled = (next(self._base.rows(query, f'"{each}"'), None) for (each,) in whole.sought)
        return any(titled) or bool(self._labelled(whole))

    def _compounded(self, all_of: Sequence[Sequence[Phrase]]) -> Iterator[list[Phrase]]:
        """The phrases asked for, with other ways to divide each word that may be incomplete:
        "crowdsourcing", "crowd-sourcing" and "crowd sourcing".
        """
        plain = [either[0] if len(either) == 1 else None for either in all_of]
        joined = [self._joined(*pair) for pair in zip((None, *plain), (*plain, None), strict=True)]
        for place, either in enumerate(all_of):
            beside = joined[place] + joined[place + 1]
            yield [
                replace(phrase, otherwise=(*self._divided(phrase), *beside))
                if phrase.is_begun
                else phrase
                for phrase in either
            ]

    def _joined(self, one: Phrase | None, other: Phrase | None) -> tuple[Phrase, ...]:
        """Two words that were typed next to each other as one, if the index has it."""
        parts = [part for part in (one, other) if part and part.is_begun and len(part.words) == 1]
        words = [part.words[0] for part in parts]
        whole = "".join(words)
        if len(parts) < 2 or not SMALL_WORDS.isdisjoint(words) or not self._is_known(whole, False):
            return ()
        return (Phrase(whole, (whole,), is_begun=True),)

    def _divided(self, phrase: Phrase) -> Iterator[Phrase]:
        """A hyphenated word as one, and a word as two next to each other, if works have them."""
        if len(phrase.words) == 2:
            whole = "".join(phrase.words)
            if self._is_known(whole, phrase.is_begun):
                yield Phrase(whole, (whole,), phrase.is_begun, phrase.is_inflected)
        if len(phrase.words) > 1:
            return
        (word,) = phrase.words
        for end in range(1, len(word) - _LEAST_REST + 1):
            parts = first, rest = word[:end], word[end:]
            if (end > 1 or first in _LETTERS) and first not in SMALL_WORDS:
                divided = Phrase(" ".join(parts), parts, phrase.is_begun, phrase.is_inflected)
                are_known = self._is_known(first, False) and self._is_known(rest, phrase.is_begun)
                if are_known and self._having(divided):
                    yield divided

    def _levels(self, phrase: Phrase, works: BitMap) -> Levels:
        """Works of a phrase by how well they match the rarest of its words."""
        of_parts = map(self._of_word, phrase.parts)
        rarest = min(of_parts, key=lambda levels: sum(map(len, levels.values())))
        others = (self._of_other(other, works) for other in phrase.otherwise)
        every = _highest(chain(rarest.items(), *others))
        return {level: both for level, some in every.items() if (both := some & works)}

    def _of_other(self, other: Phrase, works: BitMap) -> Iterator[tuple[int, BitMap]]:
        """Works of an alternative to a phrase. In the other number, it counts as much as an
        incomplete word.
        """
        for level, having in self._levels(other, works).items():
            yield max(1, level // 2) if other.is_inflected else level, having

    def _of_word(self, phrase: Phrase) -> Levels:
        """The works of a phrase of one word."""
        words = (word for (word,) in phrase.sought)
        read = self._beginning if phrase.is_begun else self._whole
        levels = _highest(chain.from_iterable(read(word).items() for word in words))
        if not phrase.is_inflected:
            return levels
        named = self._in_names(phrase)
        return {level: works - named for level, works in levels.items()}

    def _in_names(self, phrase: Phrase) -> BitMap:
        """The works that have the single word of a phrase only in names."""
        query = (
            "SELECT rowid FROM named WHERE named MATCH ?1"
            " EXCEPT SELECT rowid FROM text WHERE text MATCH ?1"
        )
        sought = " OR ".join(f'"{word}"' for (word,) in phrase.sought)
        named = BitMap([number for (number,) in self._base.rows(query, sought)])
        return named - self._labelled(phrase) if named else named

    def _having(self, phrase: Phrase) -> BitMap:
        """The works that have the words of a phrase next to each other."""
        others = map(self._having, phrase.otherwise)
        if len(phrase.words) == 1:
            return BitMap.union(BitMap(), *self._of_word(phrase).values(), *others)
        works = BitMap.union(self._labelled(phrase), *others)
        end = "*" if phrase.is_begun else ""
        sought = " OR ".join(f'"{" ".join(words)}"{end}' for words in phrase.sought)
        for table in ("text",) if phrase.is_inflected else ("text", "named"):
            rows = self._base.rows(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", sought)
            works |= BitMap([number for (number,) in rows])
        return works

    def _anywhere(self, phrase: Phrase) -> BitMap:
        """The works that have all words of a phrase."""
        return BitMap.intersection(*map(self._having, phrase.parts))

    def _whole(self, term: str) -> Levels:
        """The works that have a whole word, which counts twice as much as a beginning."""
        whole = self._read("SELECT level, works FROM posting WHERE term = ?", term)
        return {2 * level: works for level, works in whole.items()}

    def _beginning(self, term: str) -> Levels:
        """The works that have a word that begins with a term."""
        if len(term) <= SHORT_PREFIX:
            begun = self._read("SELECT level, works FROM begun WHERE prefix = ?", term)
        else:
            begun = self._read(
                "SELECT level, works FROM posting WHERE term >= ? AND term < ?",
                term,
                f"{term}\U0010ffff",
            )
        return _highest([*self._whole(term).items(), *begun.items()])

    def _read(self, query: str, *arguments: str) -> dict[int, BitMap]:
        levels: defaultdict[int, BitMap] = defaultdict(BitMap)
        for level, works in self._base.rows(query, *arguments):
            levels[level] |= BitMap.deserialize(works)
        return levels

    def _is_known(self, term: str, is_begun: bool) -> bool:
        """Whether a word of the index is the term, or begins with it."""
        phrase = Phrase(term, (term,), is_begun)
        query = "SELECT 1 FROM term WHERE term >= ? AND term <= ? LIMIT 1"
        ends = [(word, f"{word}\U0010ffff" if is_begun else word) for (word,) in phrase.sought]
        return any(next(self._base.rows(query, *each), None) for each in ends)

    def _is_only_begun(self, phrase: Phrase) -> bool:
        """Whether works have the single word of a phrase only as the beginning of others."""
        is_word = phrase.is_begun and len(phrase.words) == 1 and not phrase.otherwise
        return is_word and not self._is_known(phrase.words[0], False)

    def _begun_by(self, word: str) -> tuple[str, ...]:
        """The words that begin with a word, those with the most works first."""
        rows = self._base.rows(
            "SELECT term FROM term WHERE term >= ? AND term < ? ORDER BY works DESC, term LIMIT ?",
            word,
            f"{word}\U0010ffff",
            _BEGUN,
        )
        return tuple(term for (term,) in rows)

    def _nearest(self, term: str) -> str:
        """The word of the index whose spelling is nearest to a term; "" if none is near."""
        if len(term) <= 3 or term.isdigit():
            return ""  # of a year, another digit makes another year
        match = process.extractOne(
            term, self._terms, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE
        )
        if match:
            return match[0]
        # changing a letter makes a short word another one (Iraq, Iran); swapping two does not
        swapped = (each for each in self._terms if sorted(each) == sorted(term))
        return next((each for each in swapped if OSA.distance(each, term) == 1), "")

    @cached_property
    def _terms(self) -> list[str]:
        # common forms that may not be words ("citisen") come after the words they stand for
        rows = self._base.rows("SELECT term FROM term ORDER BY works DESC, term DESC")
        return [term for (term,) in rows]


def _telling(all_of: list[list[Phrase]]) -> list[list[Phrase]]:
    """The phrases asked for, without words such as "of" and "how" if others are left."""
    telling = [
        either
        for either in all_of
        if len(either) > 1 or not either[0].is_begun or not IDLE.issuperset(either[0].words)
    ]
    return telling or all_of


def _highest(by_count: Iterable[tuple[int, BitMap]]) -> Levels:
    """Works by score, each only under its highest."""
    levels: dict[int, BitMap] = {}
    higher = BitMap()
    for count, works in sorted(by_count, key=lambda each: -each[0]):
        levels[count] = levels.get(count, BitMap()) | (works - higher)
        higher |= works
    return levels


def ranked(
    among: BitMap, words: Sequence[Levels], first: Sequence[BitMap], size: int
) -> Iterator[BitMap]:
    """Works by how well they match words, the best first; equal ones together.

    The fewer of ``size`` works have a word, the more it counts. Works in ``first`` come before all
    others, those in most of these sets first.
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


def with_most(among: BitMap, words: Sequence[BitMap], least: int) -> BitMap:
    """Those of some works that have the most words, if these are at least ``least``."""
    counted: Mapping[int, BitMap] = {0: among}
    for left, works in enumerate(sorted(words, key=len), 1 - len(words)):
        after: defaultdict[int, BitMap] = defaultdict(BitMap)
        for count, members in counted.items():
            for more, some in ((1, members & works), (0, members - works)):
                if some and count + more - left >= least:
                    after[count + more] |= some
        counted = after
    return counted[max(counted)] if counted else BitMap()
