"""Cities: the countries of the places that the words of a search name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ...graph.iris import fold
from ...graph.vocabulary.tables import shipped_table

#: The facet of the countries in the index.
FACET = "countries"


@dataclass(frozen=True, slots=True)
class City:
    """A place that some words name, and the value of its country."""

    name: str
    country: str
    #: The words, from the first to before the last.
    start: int
    end: int


def cities_in(words: list[str]) -> Iterator[City]:
    """The places that words in a row name, the longest names first.

    >>> [(city.name, city.country) for city in cities_in("drivers in buenos aires".split())]
    [('Buenos Aires', 'AR')]
    """
    places, longest = _places(), max(len(name.split()) for name in _places())
    folded, start = list(map(fold, words)), 0
    while start < len(words):
        ends = range(min(start + longest, len(words)), start, -1)
        end = next((end for end in ends if " ".join(folded[start:end]) in places), 0)
        if end:
            yield City(*places[" ".join(folded[start:end])], start, end)
        start = end or start + 1


@cache
def _places() -> Mapping[str, tuple[str, str]]:
    """The name of a place, and of its country the value, by the name folded."""
    rows = shipped_table("cities.tsv", ("country", "places")).rows
    return {
        fold(place): (place, row.get("country"))
        for row in rows
        for place in row.get("places").split("|")
    }
