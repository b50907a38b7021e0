"""Meaning: the concepts and the years that the words of a question name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..iris import fold
from .completion import Completions
from .text import IDLE
from .values import PROPER, Values
from .works_index import CONCEPTS

#: The most words in a name that people type.
_LONGEST = 8
#: The fewest letters of a word that may stand for a label that begins with it.
_BEGUN = 4
_YEAR = r"((?:1[89]|20)\d\d)"
_SPAN = re.compile(rf"\b(?:(?:from|between)\s+)?{_YEAR}\s*(?:-|–|to|until|and)\s*{_YEAR}\b", re.I)
_FIRST = re.compile(rf"\b(?:since|from|(after|post|(?:later|newer) than))[\s-]+{_YEAR}\b", re.I)
_ONWARDS = re.compile(
    rf"\b(?:(?:since|from)\s+)?{_YEAR}"
    r"(?:\+|\s+onwards?\b|\s*(?:-|–|to|until|till)\s*(?:now|(?:the\s+)?present|today)\b)",
    re.I,
)
_LAST = re.compile(rf"\b(?:until|till|up to|to|(before|(?:earlier|older) than))\s+{_YEAR}\b", re.I)
_ONLY = re.compile(rf"\b(?:in\s+)?{_YEAR}\b", re.I)


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept that some words name."""

    facet: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The concepts and years that a question names, and the words that name nothing."""

    concepts: tuple[Concept, ...]
    first_year: int | None
    last_year: int | None
    rest: tuple[str, ...]


def concepts_of(words: Sequence[str], values: Values) -> tuple[list[Concept], list[str]]:
    """The concepts that consecutive words name, the longest names first, and the words that are
    left, folded.
    """
    concepts, rest = [], []
    for concept, named in _named(words, values):
        if concept:
            concepts.append(concept)
        else:
            rest += named
    return list(dict.fromkeys(concepts)), rest


def words_of_names(words: Sequence[str], values: Values) -> frozenset[str]:
    """The words that name a platform or a country, folded."""
    return frozenset(
        word
        for concept, named in _named(words, values)
        if concept and concept.facet in PROPER
        for word in named
    )


def _named(words: Sequence[str], values: Values) -> Iterator[tuple[Concept | None, list[str]]]:
    """The words in order, folded: each concept with the words that name it, others with None."""
    folded = [part for word in words for part in fold(word).split()]
    place = 0
    while place < len(folded):
        for end in range(min(place + _LONGEST, len(folded)), place, -1):
            if called := values.called(" ".join(folded[place:end])):
                facet, entry = called
                yield Concept(facet, entry.value, entry.label), folded[place:end]
                place = end
                break
        else:
            yield None, [folded[place]]
            place += 1


def meaning_of(text: str, values: Values, completions: Completions) -> Meaning:
    """The meaning of a question such as "qualitative, South Asia, since 2015".

    The first word of a two-word label ("qualitative") stands for the concept with the most works.
    """
    first, last, words = years_in(text)
    concepts, left = concepts_of(words.split(), values)
    rest = []
    for word in left:
        begun = completions.values(word, CONCEPTS) if len(word) >= _BEGUN else []
        labels = ((each, fold(each.entry.label).split()) for each in begun)
        best = next((each for each, own in labels if own[:1] == [word] and len(own) == 2), None)
        if best:
            concepts.append(Concept(best.facet, best.entry.value, best.entry.label))
        elif word not in IDLE:
            rest.append(word)
    return Meaning(tuple(dict.fromkeys(concepts)), first, last, tuple(rest))


def years_in(text: str) -> tuple[int | None, int | None, str]:
    """The first and the last year that a text asks for, and the text without them.

    >>> years_in("gigs since 2015"), years_in("gigs before 2020"), years_in("2015 to 2018")
    ((2015, None, 'gigs '), (None, 2019, 'gigs '), (2015, 2018, ''))
    >>> years_in("newer than 2022"), years_in("older than 2015"), years_in("2018 to present")
    ((2023, None, ''), (None, 2014, ''), (2018, None, ''))
    """
    if span := _SPAN.search(text):
        first, last = sorted(map(int, span.groups()))
        return first, last, _without(text, span)
    if onwards := _ONWARDS.search(text):
        return int(onwards[1]), None, _without(text, onwards)
    start, end = _FIRST.search(text), _LAST.search(text)
    first_year = int(start[2]) + bool(start[1]) if start else None
    last_year = int(end[2]) - bool(end[1]) if end else None
    if start or end:
        for pattern in (_FIRST, _LAST):
            text = pattern.sub("", text)
    elif only := _ONLY.search(text):
        first_year = last_year = int(only[1])
        text = _without(text, only)
    return first_year, last_year, text


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + text[match.end() :]
