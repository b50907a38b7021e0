"""Cities in the words of a search, with their countries.

Also names of country groups that have changed over time ("European Union").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ...graph.iris import fold
from ...graph.vocabulary.places import CITIES, GROUPS, load_places

#: The facet of the countries in the index.
FACET = "countries"


@dataclass(frozen=True, slots=True)
class City:
    """A place named in a search, with its country or the groups of that name."""

    name: str
    countries: tuple[str, ...]
    #: The words of the name: from ``start`` to before ``end``.
    start: int
    end: int


def cities_in(words: list[str]) -> Iterator[City]:
    """The places named by consecutive words; the longest name wins.

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
    """The name of each place and the values it stands for, by folded name."""
    places: dict[str, tuple[str, tuple[str, ...]]] = {}
    for place, country in (*load_places(CITIES), *load_places(GROUPS)):
        _, countries = places.get(fold(place), ("", ()))
        places[fold(place)] = place, (*countries, country)
    return places
