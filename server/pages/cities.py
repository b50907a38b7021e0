"""Cities: the countries of the places that the words of a search name, and the groups of countries
that have had one name ("European Union") in turn.
"""

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
    """A place that some words name, and the value of its country, or of each group called so."""

    name: str
    countries: tuple[str, ...]
    #: The words, from the first to before the last.
    start: int
    end: int


def cities_in(words: list[str]) -> Iterator[City]:
    """The places that words in a row name, the longest names first.

    >>> [(city.name, city.countries) for city in cities_in("buenos aires and the eu".split())]
    [('Buenos Aires', ('AR',)), ('EU', ('EU27', 'EU28'))]
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
def _places() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The name of a place, and the values it stands for, by the name folded."""
    places: dict[str, tuple[str, tuple[str, ...]]] = {}
    for table in ("cities.tsv", "country-groups.tsv"):
        for row in shipped_table(table, ("country", "places")).rows:
            for place in row.get("places").split("|"):
                _, countries = places.get(fold(place), ("", ()))
                places[fold(place)] = place, (*countries, row.get("country"))
    return places
