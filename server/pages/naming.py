"""Naming: which platform, country, topic, person, venue … a full or partial name means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ...graph.index.names import Match
from ...graph.index.values import Entry
from ...graph.iris import fold
from ..web.classes import CLASSES, ThingClass
from ..web.facets import SHOWN
from ..web.parameters import BY_FACET, PARAMETERS, parameter_of
from ..web.site import Site
from .cities import FACET, cities_in

#: The similarity, out of 100, from which a name counts as misspelt.
_ALIKE = 80
#: The classes with a controlled vocabulary.
CONCEPTS = [field.scheme.kind for field in SHOWN if field.scheme and field.kind != "bodies"]
#: The most words in a form of a name, and the most forms to look up.
_FORM_WORDS, _FORMS = 3, 20
#: Facet -> the class of its values.
_CLASSES = {
    parameter.facet: CLASSES[path]
    for parameter in PARAMETERS.values()
    if (path := "person" if parameter.name == "author" else parameter.name) in CLASSES
}


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing that a text names, with its number of works."""

    kind: ThingClass
    iri: str
    label: str
    #: Another name, if that is the one meant, and its BCP 47 tag, if known.
    also: str
    also_language: str
    #: How many works have it.
    works: int


def named(site: Site, text: str, most: int, of_a_kind: int) -> list[NamedThing]:
    """The things that a full or partial name may mean, the likeliest first."""
    things: list[NamedThing] = []
    kinds: Counter[str] = Counter()
    same: set[str] = set()
    for each in site.works.completions.values(text, list(_CLASSES)):
        entry, kind = each.entry, _CLASSES[each.facet]
        if ":" in entry.value or kinds[kind.path] == of_a_kind or _is_body(each.facet, entry):
            continue
        if kind.path == "person":
            # the works of a person include those of likely duplicates
            cluster = {entry.value, *entry.parents}
            if cluster & same:
                continue
            same |= cluster
        things.append(_thing(site, each.facet, entry, each.name))
        kinds[kind.path] += 1
        if len(things) == most:
            break
    return things


def misspelt(site: Site, text: str, most: int) -> list[NamedThing]:
    """The things with a name spelt similarly to a text."""
    things = []
    for match in site.names.find(text, [kind.path for kind in _CLASSES.values()], most):
        other = match.matched if match.kind in ("alternative", "notation") else ""
        if match.score >= _ALIKE and (thing := _of_match(site, match, other)):
            things.append(thing)
    return things


def is_called(thing: NamedThing, text: str) -> bool:
    """Whether a text fits a thing's name; in its other name, only whole words count."""
    words = fold(text).split()
    of_label, of_other = fold(thing.label).split(), fold(thing.also).split()
    return all(word in of_other or any(own.startswith(word) for own in of_label) for word in words)


def in_other_number(site: Site, text: str) -> NamedThing | None:
    """The concept that a text names in the other number ("freelancers"), if works have it."""
    found = site.works.values.called(text)
    return _thing(site, *found, "") if found and found[0] in _CLASSES else None


def countries_of(site: Site, text: str, besides: Sequence[NamedThing] = ()) -> Iterator[NamedThing]:
    """The countries of the cities in a text, if works are about them.

    With ``besides``, things that already have its words in their names, the whole text must be the
    name of a city.
    """
    words = text.split()
    for city in cities_in(words):
        is_named = not besides or city.end - city.start == len(words)
        for value in city.countries if is_named else ():
            if entry := site.works.values.entry(FACET, value):
                yield _thing(site, FACET, entry, f"({city.name})")


def in_other_forms(site: Site, words: Sequence[str]) -> Iterator[tuple[range, NamedThing]]:
    """The concepts that works have and of which consecutive words are a form ("Indian").

    Yields the positions of the words and the concept.
    """
    places = (
        range(start, start + size)
        for size in range(_FORM_WORDS, 0, -1)
        for start in range(len(words) - size + 1)
    )
    taken: set[int] = set()
    for place in islice(places, _FORMS):
        text = " ".join(words[at] for at in place)
        for match in site.names.called(text, CONCEPTS, 1) if taken.isdisjoint(place) else ():
            taken.update(place)  # "Korea" does not count within "South Korea"
            if match.kind == "hidden" and (thing := _of_match(site, match, match.matched)):
                yield place, thing


def _is_body(facet: str, entry: Entry) -> bool:
    """Whether an author is an organisation; organisations have their own facet."""
    return facet == "author" and not entry.value.startswith("person/")


def _of_match(site: Site, match: Match, also: str) -> NamedThing | None:
    """The thing of a match by name; None if no work has it."""
    parameter = parameter_of(match.kind_of_thing)
    if parameter is None:
        return None
    entry = site.works.values.entry(parameter.facet, parameter.value(site.iris.path(match.iri)))
    return _thing(site, parameter.facet, entry, also) if entry else None


def _thing(site: Site, facet: str, entry: Entry, also: str) -> NamedThing:
    iri = BY_FACET[facet].iri(site.iris, entry.value)
    return NamedThing(
        _CLASSES[facet], iri, entry.label, also, entry.names.get(also, ""), entry.works
    )
