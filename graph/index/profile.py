"""Profiles: the works that have one value of a facet, by year and by their other values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from .members import Value
from .persons import each_person_once
from .values import Entry, is_country
from .works import Answer, Choice, Works
from .works_index import NOT_STATED

#: The facets that describe the works of a value, and how many values of each are listed.
_COMPANIONS = ("keywords", "methods", "countries", "platforms", "author", "venue")
_MOST = 8
#: So many are counted, since some of them are left out: broader ones, the same person again.
_COUNTED = 100
#: The facets whose broad values (regions, kinds of platforms) have a list of their own.
_GROUPED = ("countries", "platforms")


@dataclass(frozen=True, slots=True)
class Companions:
    """The values of a facet that are most frequent among the works of a profile."""

    facet: str
    values: tuple[Value, ...]
    #: Regions beside countries, kinds of platforms beside platforms.
    groups: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A value as the index of works describes it."""

    facet: str
    entry: Entry
    #: Its works.
    answer: Answer
    #: How many of its works have it by inference only, and how many have a narrower value.
    inferred: int
    within: int
    #: Year -> how many works have it stated, and how many by inference only.
    years: dict[int, tuple[int, int]]
    broader: tuple[Entry, ...]
    narrower: tuple[Entry, ...]
    companions: tuple[Companions, ...]


def profile_of(works: Works, facet: str, value: str) -> Profile | None:
    """The profile of a value; None if no work has it."""
    entry = works.values.entry(facet, value)
    if entry is None:
        return None
    answer = works.find(Choice(facets={facet: (value,)}))
    inferred = works.members.having(facet, value, "inferred")
    read = works.members.years(answer.numbers & inferred)
    years = {
        year: (count - read.get(year, 0), read.get(year, 0))
        for year, count in works.members.years(answer.numbers).items()
    }
    broader = tuple(works.values.above(facet, value))
    narrower = tuple(works.values.below(facet, value))
    within = BitMap.union(BitMap(), *(works.members.having(facet, each.value) for each in narrower))
    companions = []
    for other in _COMPANIONS:
        values = works.members.counts(answer.numbers, other, most=_COUNTED)
        counted = (each for each in values if each.value != NOT_STATED)
        if other == facet:
            # what is broader or narrower follows from having the value
            follows = {value, *(wider.value for wider in broader)}
            if value in works.values.groups:  # so do the parts of the world that it cuts across
                within_it = (each.value for each in narrower)
                follows |= {w.value for v in within_it for w in works.values.above(facet, v)}
            counted = (v for v in counted if v.value not in follows)
            counted = (
                v
                for v in counted
                if value not in (wider.value for wider in works.values.above(facet, v.value))
            )
        of_facet = _companions(works, other, counted)
        if of_facet.values or of_facet.groups:
            companions.append(of_facet)
    return Profile(
        facet,
        entry,
        answer,
        len(inferred),
        within.intersection_cardinality(answer.numbers),
        years,
        broader,
        narrower,
        tuple(companions),
    )


def _companions(works: Works, facet: str, values: Iterator[Value]) -> Companions:
    if facet == "author":
        values = each_person_once(list(values))
    if facet not in _GROUPED:
        return Companions(facet, tuple(islice(values, _MOST)))
    parents, counted = works.values.parents(facet), list(values)
    groups = [each for each in counted if _is_group(facet, each.value, parents)]
    single = [each for each in counted if not _is_group(facet, each.value, parents)]
    return Companions(facet, tuple(single[:_MOST]), tuple(groups[:_MOST]))


def _is_group(facet: str, value: str, parents: Collection[str]) -> bool:
    """Whether a value is a region, or a kind of platform."""
    return not is_country(value) if facet == "countries" else value in parents
