"""Workless: known things that a search names but that no work has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ...graph.index.search_query import parse
from ...graph.index.works import Answer, Choice
from ...graph.iris import fold
from ..web.classes import CLASSES
from ..web.parameters import BY_FACET, parameter_of
from ..web.site import Site
from .naming import CONCEPTS, NamedThing

#: The most words in a name, and the most names to look up.
_LONGEST, _MOST = 3, 12


def find(site: Site, choice: Choice) -> tuple[Answer, list[NamedThing], frozenset[str]]:
    """The works of a choice, the things it names that no work has, and the folded words for them.

    The name of such a thing is not corrected to another word: a search for Iceland does not mean
    Ireland.
    """
    answer = site.works.find(choice)
    filters = [_of_filter(site, *each) for each in choice.workless.items()]
    words = parse(choice.words).words
    named = dict(_workless(site, words, answer)) if not filters else {}
    if not named:
        return answer, filters, frozenset()
    of_names = frozenset(words[at] for places in named for at in places)
    taken = answer.interpretation
    if taken.corrected or taken.in_other_number:
        answer = site.works.find(choice, of_names)
    unknown = [word for word in answer.interpretation.unknown if fold(word) not in of_names]
    interpretation = replace(answer.interpretation, unknown=unknown)
    return replace(answer, interpretation=interpretation), list(named.values()), of_names


def _of_filter(site: Site, of: tuple[str, str], label: str) -> NamedThing:
    """A thing that a filter names but that no work has."""
    facet, value = of
    parameter = BY_FACET[facet]
    iri = parameter.iri(site.iris, value)
    return NamedThing(CLASSES[parameter.name], iri, label, "", "", 0)


def _workless(
    site: Site, words: list[str], answer: Answer
) -> Iterator[tuple[tuple[int, ...], NamedThing]]:
    """The positions of each name in the words, and its thing; the longest name wins."""
    taken: set[int] = set()
    for places in islice(_places(words, answer), _MOST):
        text = " ".join(words[at] for at in places)
        # only concepts are known without works
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
    """The positions of consecutive words that may be such a name.

    One of the words is in no work; or each is in some work, but no work has them all.
    """
    taken = answer.interpretation
    odd = {fold(word) for word in (*taken.corrected, *taken.unknown, *taken.in_other_number)}
    if not odd and answer:
        return
    for size in range(min(_LONGEST, len(words)), 0 if odd else 1, -1):
        for start in range(len(words) - size + 1):
            places = tuple(range(start, start + size))
            if not odd or not odd.isdisjoint(words[at] for at in places):
                yield places
