"""Axes: what works are counted by, each a facet of the index or one level of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ...graph.index.members import Value
from ...graph.index.values import is_country
from ..web.choices import PARAMETERS

#: The facets that are no axes: one of two values, and what works have in several parts.
_NO_AXES = ("doi", "organization")
#: What people call several values, where the list of works has another heading.
_PLURALS = {
    "kind": "Kinds of publications",
    "language": "Languages",
    "venue": "Journals, books and conferences",
}


def _every(value: Value, parents: frozenset[str]) -> bool:
    return True


def _narrowest(value: Value, parents: frozenset[str]) -> bool:
    return value.value not in parents


def _broader(value: Value, parents: frozenset[str]) -> bool:
    return value.value in parents


def _country(value: Value, parents: frozenset[str]) -> bool:
    return is_country(value.value)


def _region(value: Value, parents: frozenset[str]) -> bool:
    return not _country(value, parents)


@dataclass(frozen=True, slots=True)
class Axis:
    """What works are counted by."""

    #: As ``x=`` and ``y=`` name it.
    name: str
    #: The parameter of ``/works``; "" for years, which have two.
    parameter: str
    #: The facet in the index.
    facet: str
    #: What people call a value of the facet, one that is counted, and those that are.
    noun: str
    singular: str
    heading: str
    #: Whether a value is counted, given those that have narrower ones.
    counts: Callable[[Value, frozenset[str]], bool] = _every

    @property
    def is_level(self) -> bool:
        """Whether its values are only some of those of the facet."""
        return self.counts is not _every

    def where(self, value: str) -> Mapping[str, tuple[str, ...]]:
        """The parameters of ``/works`` by which it lists the works with a value."""
        if self.parameter:
            return {self.parameter: (value,)}
        return {"from": (value,), "to": (value,)}


#: Facets that hold two levels: the parameter -> (the axis's name, singular, heading, values).
_LEVELS = {
    "platform": (
        ("platform", "platform", "Platforms", _narrowest),
        ("platform-group", "kind of platform", "Kinds of platforms", _broader),
    ),
    "country": (
        ("country", "country", "Countries", _country),
        ("region", "region", "Regions", _region),
    ),
}


def _axes() -> Iterable[Axis]:
    for parameter, each in PARAMETERS.items():
        facet, heading = each.facet, each.heading
        if facet in _NO_AXES:
            continue
        noun = each.noun
        whole = (parameter, noun, _PLURALS.get(facet, heading), _every)
        for name, singular, plural, counts in _LEVELS.get(parameter, (whole,)):
            yield Axis(name, parameter, facet, noun, singular, plural, counts)
    yield Axis("year", "", "year", "year", "year", "Years")


#: Every axis by its name.
AXES: Mapping[str, Axis] = {axis.name: axis for axis in _axes()}


def with_article(noun: str) -> str:
    """A noun with "a" or "an".

    >>> with_article("author"), with_article("method")
    ('an author', 'a method')
    """
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"
