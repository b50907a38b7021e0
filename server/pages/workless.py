"""Workless: what the words of a search name that is known here, and that no work has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ...graph.index.search_query import parse
from ...graph.index.works import Answer, Choice
from ...graph.iris import fold
from ..web.choices import BY_FACET, parameter_of
from ..web.classes import CLASSES
from ..web.site import Site
from .naming import CONCEPTS, NamedThing

#: The most words of a name, and names that are looked up.
_LONGEST, _MOST = 3, 12


def find(site: Site, choice: Choice) -> tuple[Answer, list[NamedThing], frozenset[str]]:
    """The works of a choice, the things that its filters or words name and no work has, and the
    words, folded, that name them.

    Where there is such a thing, no other word is taken for its name: who asks for Iceland does not
    mean Ireland.
    """
    answer = site.works.find(choice)
    filters = [_of_filter(site, *each) for each in choice.workless.items()]
    words = parse(choice.words).words
    named = dict(_workless(site, words, answer)) if not filters else {}
    if not named:
        return answer, filters, frozenset()
    of_names = frozenset(words[at] for places in named for at in places)
    if answer.corrected or answer.in_other_number:
        answer = site.works.find(choice, of_names)
    unknown = tuple(word for word in answer.unknown if fold(word) not in of_names)
    return replace(answer, unknown=unknown), list(named.values()), of_names


def _of_filter(site: Site, of: tuple[str, str], label: str) -> NamedThing:
    """A thing that a filter names and no work has."""
    facet, value = of
    parameter = BY_FACET[facet]
    iri = parameter.iri(site.iris, value)
    return NamedThing(CLASSES[parameter.name], iri, label, "", "", 0)


def _workless(
    site: Site, words: list[str], answer: Answer
) -> Iterator[tuple[tuple[int, ...], NamedThing]]:
    """Where the words have a name, and whose it is; a name within a longer one is none."""
    taken: set[int] = set()
    for places in islice(_places(words, answer), _MOST):
        text = " ".join(words[at] for at in places)
        # of anything but concepts only what works have is known
        for match in site.names.called(text, CONCEPTS, 1) if taken.isdisjoint(places) else ():
            parameter = parameter_of(match.kind_of_thing)
            if parameter is None or match.kind == "notation":
                continue
            value = parameter.value(site.iris.path(match.iri))
            if not site.works.values.entry(parameter.facet, value):
                taken.update(places)
                kind = CLASSES[match.kind_of_thing]
                yield places, NamedThing(kind, match.iri, match.label, "", "", 0)


def _places(words: list[str], answer: Answer) -> Iterator[tuple[int, ...]]:
    """The places of each few words in a row that may be such a name: one of them is in no work;
    or all are in some, and none has all of them.
    """
    odd = {fold(word) for word in (*answer.corrected, *answer.unknown, *answer.in_other_number)}
    if not odd and answer:
        return
    for size in range(min(_LONGEST, len(words)), 0 if odd else 1, -1):
        for start in range(len(words) - size + 1):
            places = tuple(range(start, start + size))
            if not odd or not odd.isdisjoint(words[at] for at in places):
                yield places
