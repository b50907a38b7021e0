"""Filters to suggest when the words of a search find no works, or few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations

from pyroaring import BitMap

from ...graph.index.inflection import other_number
from ...graph.index.meaning import Concept, Meaning, meaning_of, years_in
from ...graph.index.search_query import WORD, SearchQuery, parse
from ...graph.index.text import IDLE
from ...graph.index.values import PROPER
from ...graph.index.works import Answer, Choice
from ...graph.index.works_index import NOT_STATED
from ...graph.iris import fold
from ..web.choices import address_of, years_in_words
from ..web.parameters import BY_FACET
from ..web.site import Site
from .cities import FACET, cities_in
from .naming import in_other_forms
from .workless import find

#: In a query with more words, none is left out.
_LEFT_OUT = 8
#: The most filters to combine.
_JOINED = 6
#: The most combinations to show.
LISTS = 4


@dataclass(frozen=True, slots=True)
class Filter:
    """One or more filters in place of words: their address and the works they find."""

    #: Its label; for all filters together, the words that remain.
    label: str
    address: str
    works: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that the words name, one by one and combined."""

    each: tuple[Filter, ...]
    #: The words in the years that are among them, if that is another list and works have them.
    dated: Filter | None
    #: All filters combined, with the words that remain and without, as far as they find works.
    together: tuple[Filter, ...]
    #: If no work has all of several countries or platforms: works with any of them, and with the
    #: rest of the search.
    either: Filter | None
    #: If no work has all filters: the largest combinations, of two or more, that works have.
    most: tuple[Filter, ...]
    #: Words that name nothing and that no work has.
    unknown: tuple[str, ...]
    #: Searches without the words in the label: those that no work has, or each word in turn; if
    #: none of these has works, without one word more.
    without: tuple[Filter, ...]

    def wider(self, works: int) -> Filters | None:
        """The filters that find more than ``works`` works; None if none do."""
        each = tuple(one for one in self.each if one.works > works)
        together = tuple(one for one in self.together if one.works > works)
        return replace(self, each=each, together=together) if each else None

    @property
    def closest(self) -> Filter | None:
        """The list that is closest to the whole search, if one has works."""
        return next(filter(None, (*self.together, self.dated, self.either)), None)

    @property
    def is_too_much(self) -> bool:
        """Whether there are several filters and no work has them all."""
        return len(self.each) > 1 and not self.together


def filters_for(
    site: Site, root: str, choice: Choice, answer: Answer, of_names: Set[str]
) -> Filters:
    """The filters that the words of a choice name, added to those it already has.

    Words in ``of_names`` name things that no work has, so they are not read as anything else.
    """
    meant = {fold(word): other for word, other in answer.interpretation.corrected.items()}
    query = parse(choice.words)
    kept = [word for word in WORD.findall(query.wanted) if fold(word) in of_names]
    words = WORD.sub(
        lambda word: "" if word[0] in kept else meant.get(fold(word[0]), word[0]), query.wanted
    )
    words, cities = _with_countries(site, words)
    words = _with_labels(site, words)
    meaning = meaning_of(words, site.works.values, site.works.completions)
    meaning = _with_kinds(site, meaning)
    unknown = tuple(word for word in answer.interpretation.unknown if fold(word) in meaning.rest)
    bare = replace(choice, words="")
    singles = [
        (part, one)
        for label, part in _singles(meaning, cities)
        if (one := filter_of(site, root, label, _together(bare, part))).works
    ]
    each = tuple(one for _, one in singles)
    together = _together(choice, meaning)
    # words that name no filter still narrow the list, if any work has them
    rest = [word for word in meaning.rest if word not in set(map(fold, unknown))]
    rest += map(fold, kept)
    wordings = (" ".join(rest), "") if rest else ("",)
    lists = (
        filter_of(site, root, words, replace(together, words=words)) for words in wordings if each
    )
    found = [one for one in lists if one.works]
    # without the words only if that finds more
    every = tuple(one for one in found if one is found[0] or one.works > found[0].works)
    either = None if every else _either(site, root, choice, meaning)
    most = () if every else _most(site, root, bare, [part for part, _ in singles][:_JOINED])
    without = tuple(_without(site, root, choice, query, unknown))
    dated = None if rest and every else _dated(site, root, choice, query.wanted)
    return Filters(each, dated, every, either, tuple(most), unknown, without)


def filter_of(site: Site, root: str, label: str, choice: Choice) -> Filter:
    """A choice as a filter with this label; ``root`` is where the site is."""
    return Filter(label, address_of(root, choice), len(find(site, choice)[0]), choice)


def _without(
    site: Site, root: str, choice: Choice, query: SearchQuery, unknown: Sequence[str]
) -> list[Filter]:
    """The search without words that no work has, or without each; if need be, without one more."""
    if not query.is_plain or not 1 < len(query.all_of) <= _LEFT_OUT:
        return []
    words = [phrase.text for (phrase,) in query.all_of]
    telling = [word for word in words if fold(word) not in IDLE and word not in unknown]
    least = 0 if unknown else 1
    for size in range(least, min(least + 2, len(telling))):
        found = []
        for chosen in combinations(telling, size):
            left_out = [*unknown, *chosen]
            others = " ".join(word for word in words if word not in left_out)
            label = "” and “".join(left_out)
            found.append(filter_of(site, root, label, replace(choice, words=others)))
        if some := [one for one in found if one.works]:
            return some if size == least else sorted(some, key=lambda one: -one.works)[:LISTS]
    return []


def _with_labels(site: Site, text: str) -> str:
    """A text with other forms of concepts ("Indian") replaced by their labels."""
    words = text.split()
    for places, thing in sorted(in_other_forms(site, words), key=lambda found: -found[0].start):
        words[places.start : places.stop] = [thing.label]
    return " ".join(words)


def _with_countries(site: Site, text: str) -> tuple[str, dict[str, str]]:
    """A text with cities replaced by their countries, and the city by country value."""
    words, cities = text.split(), {}
    for city in reversed(list(cities_in(words))):
        for value in city.countries:
            if country := site.works.values.label(FACET, value):
                words[city.start : city.end] = [country]
                cities[value] = city.name
                break
    return " ".join(words), cities


def _with_kinds(site: Site, meaning: Meaning) -> Meaning:
    """A meaning with the kinds of publications named by the remaining words."""
    works, concepts, rest = site.works, list(meaning.concepts), list(meaning.rest)
    kinds = works.members.counts(works.everything.numbers, "kind")
    for kind in (each for each in kinds if each.value != NOT_STATED):
        *before, last = fold(kind.label).split()
        for name in ([*before, last], [*before, other_number(last)]):
            if set(name) <= set(rest):
                concepts.append(Concept("kind", kind.value, kind.label))
                rest = [word for word in rest if word not in name]
    return replace(meaning, concepts=tuple(concepts), rest=tuple(rest))


def _singles(meaning: Meaning, cities: Mapping[str, str]) -> Iterator[tuple[str, Meaning]]:
    """Each filter that is meant, with its label."""
    nothing = Meaning((), None, None, ())
    for concept in meaning.concepts:
        label = f"{BY_FACET[concept.facet].singular}: {concept.label}"
        if concept.facet == FACET and concept.value in cities:
            label += f" ({cities[concept.value]})"
        yield label, replace(nothing, concepts=(concept,))
    if years := years_in_words(meaning.first_year, meaning.last_year):
        yield years, replace(meaning, concepts=(), rest=())


def _most(site: Site, root: str, choice: Choice, parts: Sequence[Meaning]) -> list[Filter]:
    """The works with most of some filters: the largest combinations that any work has."""
    having = [site.works.find(_together(choice, part)).numbers for part in parts]
    for size in range(len(parts) - 1, 1, -1):
        sets = (
            places
            for places in combinations(range(len(parts)), size)
            if BitMap.intersection(*(having[place] for place in places))
        )
        if found := [_of_parts(site, root, choice, [parts[at] for at in each]) for each in sets]:
            return sorted(found, key=lambda one: -one.works)[:LISTS]
    return []


def _of_parts(site: Site, root: str, choice: Choice, parts: Sequence[Meaning]) -> Filter:
    """The works that match several filters, labelled with all of them."""
    labels = []
    for part in parts:
        choice = _together(choice, part)
        labels += [concept.label for concept in part.concepts]
        labels += filter(None, [years_in_words(part.first_year, part.last_year)])
    return filter_of(site, root, ", ".join(labels), choice)


def _together(choice: Choice, meaning: Meaning) -> Choice:
    for concept in meaning.concepts:
        choice = _with(choice, concept.facet, concept.value)
    return _in_years(choice, meaning)


def _dated(site: Site, root: str, choice: Choice, text: str) -> Filter | None:
    """The works that have the words of a text and are from its years."""
    first, last, rest = years_in(text)
    words, years = " ".join(WORD.findall(rest)), years_in_words(first, last)
    if not (words and years):
        return None
    asked = replace(choice, words=words, first_year=first, last_year=last)
    dated = filter_of(site, root, f"“{words}”, {years}", asked)
    return dated if dated.works else None


def _either(site: Site, root: str, choice: Choice, meaning: Meaning) -> Filter | None:
    """The works with any of several countries or platforms in the search."""
    facets = [concept.facet for concept in meaning.concepts if concept.facet in PROPER]
    facet = next((each for each in facets if facets.count(each) > 1), "")
    labels = [concept.label for concept in meaning.concepts if concept.facet == facet]
    others = tuple(concept for concept in meaning.concepts if concept.facet != facet)
    words = " OR ".join(f'"{label}"' for label in labels)
    asked = replace(
        _together(choice, replace(meaning, concepts=others)),
        words=" ".join((words, *meaning.rest)),
    )
    years = years_in_words(meaning.first_year, meaning.last_year)
    beside = [*(concept.label for concept in others), *filter(None, [years]), *meaning.rest]
    label = " or ".join(labels) + (f", with {', '.join(beside)}" if beside else "")
    either = filter_of(site, root, label, asked) if labels else None
    return either if either and either.works else None


def _with(choice: Choice, facet: str, value: str) -> Choice:
    values = dict.fromkeys((*choice.facets.get(facet, ()), value))
    return replace(choice, facets={**choice.facets, facet: tuple(values)})


def _in_years(choice: Choice, meaning: Meaning) -> Choice:
    if meaning.first_year is None and meaning.last_year is None:
        return choice
    return replace(choice, first_year=meaning.first_year, last_year=meaning.last_year)
