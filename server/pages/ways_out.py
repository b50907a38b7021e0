"""Ways out of a list that finds nothing: searches with fewer filters, or with either of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from ...graph.index.values import PROPER
from ...graph.index.works import Choice, Works
from ..web.choices import EVIDENCE, label_of, value_label, years_in_words
from ..web.site import Site
from .filters import LISTS, Filter, filter_of

#: Of more filters, no two are left out.
_LEFT_OUT = 8


@dataclass(frozen=True, slots=True)
class WaysOut:
    """Ways out if no work has all filters: remove one, or search for either of several."""

    without: tuple[Filter, ...]
    either: Filter | None


def ways_out(site: Site, root: str, choice: Choice) -> WaysOut:
    """Ways out of a choice that finds nothing, as far as they find works."""
    return WaysOut(tuple(_with_fewer(site, root, choice)), _either_chosen(site, root, choice))


def _with_fewer(site: Site, root: str, choice: Choice) -> list[Filter]:
    """The works found without one filter; if there are none, without two of them."""
    each = list(_removals(choice, site.works))
    for size in (1, 2) if len(each) <= _LEFT_OUT else (1,):
        found = []
        for removed in combinations(each, size):
            fewer = choice
            for _, remove in removed:
                fewer = remove(fewer)
            label = "” and “".join(label for label, _ in removed)
            found.append(filter_of(site, root, label, fewer))
        if some := [one for one in found if 0 < one.works < site.works.size]:
            return some if size == 1 else sorted(some, key=lambda one: -one.works)[:LISTS]
    return []


def _removals(choice: Choice, works: Works) -> Iterator[tuple[str, Callable[[Choice], Choice]]]:
    """Each filter of a choice: its label, and the same choice without it."""
    for facet, values in choice.facets.items():
        for value in values:
            label = label_of(facet, value, value_label(works, choice, facet, value))
            yield label, partial(_without_value, facet, value)
    if years := years_in_words(choice.first_year, choice.last_year):
        yield years, partial(replace, first_year=None, last_year=None)
    if choice.evidence:
        yield EVIDENCE[choice.evidence], partial(replace, evidence="")


def _without_value(facet: str, value: str, choice: Choice) -> Choice:
    return _having(choice, facet, [each for each in choice.facets[facet] if each != value])


def _having(choice: Choice, facet: str, values: Sequence[str]) -> Choice:
    facets = {**choice.facets, facet: tuple(values)}
    return replace(choice, facets={facet: these for facet, these in facets.items() if these})


def _either_chosen(site: Site, root: str, choice: Choice) -> Filter | None:
    """The works with any of several platforms or countries chosen as filters."""
    facet = next((each for each in PROPER if len(choice.facets.get(each, ())) > 1), "")
    if not facet or choice.words:
        return None
    labels = [value_label(site.works, choice, facet, value) for value in choice.facets[facet]]
    words = " OR ".join(f'"{label}"' for label in labels)
    asked = replace(_having(choice, facet, ()), words=words)
    either = filter_of(site, root, " or ".join(labels), asked)
    return either if either.works else None
