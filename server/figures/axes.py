"""Axes: what works are counted by, either a facet of the index or one level of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ...graph.index.members import Value
from ...graph.index.values import is_country
from ..web.parameters import PARAMETERS

#: The facets that are not axes: one has two values only, the other mixes several roles.
_NO_AXES = ("doi", "organization")
#: Plural names for axes, if they differ from the heading in the list of works.
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

    #: The value of ``x=`` and ``y=``.
    name: str
    #: The parameter of ``/works``; "" for years, which use two.
    parameter: str
    #: The facet in the index.
    facet: str
    #: The names of a value of the facet, of one value counted, and of several.
    noun: str
    singular: str
    heading: str
    #: Whether to count a value, given the values that have narrower ones.
    counts: Callable[[Value, frozenset[str]], bool] = _every

    @property
    def is_level(self) -> bool:
        """Whether it counts only some values of the facet."""
        return self.counts is not _every

    def where(self, value: str) -> Mapping[str, tuple[str, ...]]:
        """The parameters of ``/works`` for the works with a value."""
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
