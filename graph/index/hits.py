"""Hits: why the index found a work, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .search_query import Phrase
from .spellings import spelt
from .values import Values
from .works import Work


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a work has a word of the query, if not in its title."""

    #: "other title", "author", "likely author", "venue", or a facet of the index.
    place: str
    #: The name that has the word.
    name: str
    #: The concept of the work that has this name, or is narrower than the one that has it.
    concept: str = ""
    #: Whether the work has the concept by inference only.
    inferred: bool = False
    #: The BCP 47 tag of the name, if known.
    language: str = ""


def reasons(work: Work, phrases: Sequence[Phrase], values: Values) -> list[Reason]:
    """Where a work has those of the phrases that are not in its title."""
    missing = [phrase for phrase in phrases if not phrase.is_among(_spelt(work.title))]
    places = list(_places(work, values)) if missing else []
    first = [_first(places, phrase) for phrase in missing]
    if not all(first):
        persons = list(_each("likely author", _likely_authors(work, values)))
        first = [
            found or _first(persons, phrase) for found, phrase in zip(first, missing, strict=True)
        ]
    return list(dict.fromkeys(reason for reason in first if reason))


def marked(text: str, phrases: Sequence[Phrase]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it matches one of the phrases.

    >>> marked("Platform workers", [Phrase("work", ("work",), is_begun=True)])
    [('Platform ', False), ('workers', True)]
    """
    pieces, end = [], 0
    for start, after in sorted({span for phrase in phrases for span in phrase.spans(text)}):
        if after > end:
            start = max(start, end)
            pieces += [(text[end:start], False), (text[start:after], True)]
            end = after
    return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]


@lru_cache(2**12)
def _spelt(text: str) -> str:
    return spelt((text,))


def _places(work: Work, values: Values) -> Iterator[Reason]:
    """Every name by which the index finds a work, except its title."""
    yield from _each("other title", work.other_titles)
    yield from _each("author", work.authors)
    yield from _each("venue", filter(None, [work.venue]))
    # an abbreviation, or the series of an edition
    own = values.entry("venue", work.venue_value)
    for entry in (*filter(None, [own]), *values.above("venue", work.venue_value)):
        yield from _each("venue", (entry.label, *entry.names))
    for narrower_too in (False, True):
        for facet, label, value, inferred in work.facets:
            own = values.entry(facet, value)
            entries = values.above(facet, value) if narrower_too else filter(None, [own])
            for entry in entries:
                # an organisation is named by the record, never inferred: it is not a concept
                concept = "" if facet == "organization" else label
                yield Reason(facet, entry.label, concept, inferred)
                # of the other names, people use the shortest
                for name in sorted(entry.names, key=len):
                    yield Reason(facet, name, concept, inferred, entry.names[name])


def _first(places: Iterable[Reason], phrase: Phrase) -> Reason | None:
    return next((each for each in places if phrase.is_among(_spelt(each.name))), None)


def _likely_authors(work: Work, values: Values) -> Iterator[str]:
    """The names of persons who are likely the same as authors of a work."""
    persons = values.with_above("author", work.author_values)
    return (entry.label for value, entry in persons.items() if value not in work.author_values)


def _each(place: str, names: Iterable[str]) -> Iterator[Reason]:
    return (Reason(place, name) for name in names)
