"""Finding works by words and facets: counted, sorted and exported.

The address holds the whole choice: ``/works?q=…&country=PK&method=survey&from=2015``. The same
list is at ``/works.csv``, ``.ris``, ``.bib``, ``.csl.json``, ``.ttl``, ``.jsonld``, ``.rq`` and
``.atom``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.index.meaning import years_in
from ...graph.index.members import Value
from ...graph.index.orders import CHANGED
from ...graph.index.persons import each_person_once
from ...graph.index.search_query import CHARACTERS, SearchQuery, parse
from ...graph.index.works import Answer, Choice, Works
from ...graph.index.works_index import NOT_STATED
from ..web.bars import bars_of_works
from ..web.choices import (
    EVIDENCE,
    addresses,
    asked_choice,
    label_of,
    refuse,
    refuse_unread,
    toggle,
    unread,
    usual_order,
    value_label,
    words_for,
    years_in_words,
)
from ..web.hits import Hit, hits
from ..web.instrument import FACET, as_instrument
from ..web.large_answers import LargeAnswers
from ..web.negotiation import computed, key_of
from ..web.paging import page_and_count
from ..web.parameters import PARAMETERS, Parameter
from ..web.site import Site
from ..web.trees import tree
from .exports import FORMS, exported
from .filters import Filter, Filters, filters_for
from .identifiers import answer_of, identified
from .naming import (
    NamedThing,
    countries_of,
    in_other_forms,
    in_other_number,
    is_called,
    misspelt,
    named,
)
from .operators import operators, reading
from .recency import day_of, in_order
from .ways_out import WaysOut, ways_out
from .workless import find

#: Works on a page.
_PAGE = 25
#: Values of a facet shown at once, and the place of the last that can be unfolded.
_SHOWN, _UNFOLDED = 7, 25
#: The most values in the tree of a facet; those with most works are kept.
_PLACED = 60
#: At most this many works count as few: the page then suggests filters that find more.
_FEW = 3
#: Works shown of another list, if this one has none.
_INSTEAD = 10
#: The most things, in total and of one class, shown above the works because the words name them.
_NAMED, _OF_A_CLASS = 4, 2
_HEADINGS = {
    "newest": "Newest first",
    "title": "Title",
    "author": "First author",
    CHANGED: "Recently added or changed",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A value of a facet with its narrower values."""

    value: Value
    narrower: tuple[Branch, ...] = ()
    #: Whether this value is chosen, and whether a narrower one is.
    is_chosen: bool = False
    has_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One facet as the page shows it."""

    parameter: Parameter
    chosen: tuple[Value, ...]
    branches: tuple[Branch, ...]
    rest: tuple[Branch, ...]


def blueprint(site: Site) -> Blueprint:
    """``/works``, and the same list in every format."""
    surface = Blueprint("works", __name__)
    outgoing = LargeAnswers(site.store.limits)

    @surface.get("/works")
    def listing() -> Response | BaseResponse:
        if here := identified(site, request.args.get("q", "")):
            return redirect(site.absolute(here.path), 303)
        choice = asked_choice(site)
        return computed(key_of("works"), HTML, site, lambda: _html(site, choice))

    @surface.get("/works.<form>")
    def export(form: str) -> Response:
        if form not in FORMS:
            refuse(f"Works cannot be exported as .{form[:20]}; use .{', .'.join(FORMS)}.")
        choice = asked_choice(site)
        refuse_unread()
        answer = in_order(site, choice, answer_of(site, choice))
        return exported(site, choice, answer, form, outgoing)

    return surface


def _html(site: Site, choice: Choice) -> str:
    works = site.works
    answer, workless, of_names = find(site, choice)
    page, pages = page_and_count(len(answer), _PAGE)
    answer = in_order(site, choice, answer)
    entries = hits(works, answer, choice, (page - 1) * _PAGE, _PAGE)
    dated = [each.work.id for each in entries] if choice.sort == CHANGED else []
    address = addresses(f"{request.script_root}/")
    query = parse(choice.words)
    filters = wider = None
    if choice.words and len(answer) <= _FEW:
        found = filters_for(site, f"{request.script_root}/", choice, answer, of_names)
        filters = None if answer else found
        wider = found.wider(len(answer)) if answer else None
    ways = None if answer else ways_out(site, f"{request.script_root}/", choice)
    instead = _instead(query, filters, ways)
    return render_template(
        "works.html",
        ways_out=ways,
        instead=instead,
        instead_entries=_first_of(site, instead),
        asked=choice.words,
        choice=choice,
        answer=answer,
        total=len(answer),
        size=works.size,
        entries=entries,
        days={work: day_of(site, work) for work in dated},
        named=_named(site, query, answer) if page == 1 and not filters else [],
        filters=filters,
        wider=wider,
        nearly=_nearly(works, choice) if filters else [],
        workless=workless,
        query=query,
        reading=reading(query),
        operators=operators(choice.words),
        # "2018-2022" is no phrase: its years are offered as a filter
        apart=[text for text in answer.interpretation.apart if years_in(text)[2]],
        unquoted=_unquoted(site, choice, query, answer),
        most_characters=CHARACTERS,
        unread=unread(),
        filter_names=list(PARAMETERS),
        is_cut=len(request.args.get("q", "")) > CHARACTERS,
        instruments=as_instrument(works, answer) if _is_on_platforms(choice) else 0,
        groups=_groups(works, choice, answer),
        years=bars_of_works(works, answer, site.years),
        sorts=_HEADINGS | ({"relevance": "Best match"} if choice.words else {}),
        usual_order=usual_order(choice.words),
        evidence=EVIDENCE,
        page=page,
        pages=pages,
        first=(page - 1) * _PAGE + 1,
        address=address,
        toggle=partial(toggle, address),
        figures=addresses(f"{request.script_root}/", "figures")({}),
        chosen=words_for(works, choice),
        period=years_in_words(choice.first_year, choice.last_year),
        here=addresses(site.absolute(""))({}),
        forms=FORMS,
    )


def _nearly(works: Works, choice: Choice) -> list[Hit]:
    """The few works that have most of many words."""
    answer = works.nearly(choice)
    return hits(works, answer, choice, 0, _FEW) if len(answer) <= _FEW else []


def _instead(query: SearchQuery, filters: Filters | None, ways: WaysOut | None) -> Filter | None:
    """The list to show a beginning of, where no work has all words or filters."""
    closest = filters.closest if filters and query.is_plain else None
    return closest or (ways.either if ways else None)


def _first_of(site: Site, instead: Filter | None) -> list[Hit]:
    if instead is None:
        return []
    choice = replace(instead.choice, sort=usual_order(instead.choice.words))
    return hits(site.works, find(site, choice)[0], choice, 0, _INSTEAD)


def _is_on_platforms(choice: Choice) -> bool:
    """Whether works are chosen by platform, but not by scope."""
    return FACET in choice.facets and "scope" not in choice.facets


def _named(site: Site, query: SearchQuery, answer: Answer) -> list[NamedThing]:
    """The things that the words may name; misspelt names only if no work has the words."""
    things: dict[str, NamedThing] = {}
    for name in query.names:
        begun = named(site, name, _NAMED, _OF_A_CLASS)
        called = [each for each in begun if is_called(each, name)]
        called = [*countries_of(site, name, called), *called]
        noun = None if called else in_other_number(site, name)
        for each in [noun] if noun else called:
            things.setdefault(each.iri, each)
    for _, thing in in_other_forms(site, query.words):
        things.setdefault(thing.iri, thing)
    if things or (answer.numbers and not answer.interpretation.corrected):
        return list(things.values())[:_NAMED]
    return misspelt(site, query.wanted, _NAMED)


def _unquoted(
    site: Site, choice: Choice, query: SearchQuery, answer: Answer
) -> tuple[str, int] | None:
    """The words without their quotation marks, and how many works that finds, if any."""
    has_operators = query.none_of or len(query.phrases) > len(query.all_of)
    if answer or not answer.interpretation.apart or has_operators:
        return None
    words = " ".join(query.words)
    works = len(site.works.find(replace(choice, words=words)))
    return (words, works) if works else None


def _groups(works: Works, choice: Choice, answer: Answer) -> list[Group]:
    groups = []
    for parameter in PARAMETERS.values():
        chosen = choice.facets.get(parameter.facet, ())
        if not chosen and len(works.members.having(parameter.facet, NOT_STATED)) == works.size:
            continue  # no work of the release has it
        counted = works.members.counts(answer.numbers, parameter.facet, choice.evidence, _PLACED)
        if parameter.name == "author":
            # likely duplicates refer to each other, which is not a tree
            counted = [replace(each, parents=()) for each in each_person_once(counted, chosen)]
        # a chosen value can be removed even if it has no works left
        counted += [
            Value(value, value_label(works, choice, parameter.facet, value), 0, 0)
            for value in chosen
            if all(value != each.value for each in counted)
        ]
        if not counted:
            continue
        labelled = [_labelled(parameter.facet, value) for value in counted]
        branches = tree(labelled, partial(_branch, chosen), works.values.groups)
        groups.append(
            Group(
                parameter,
                tuple(value for value in labelled if value.value in chosen),
                tuple(branches[:_SHOWN]),
                tuple(branches[_SHOWN:_UNFOLDED]),
            )
        )
    return groups


def _labelled(facet: str, value: Value) -> Value:
    label = label_of(facet, value.value, value.label)
    return value if label == value.label else replace(value, label=label)


def _branch(chosen: Sequence[str], value: Value, narrower: tuple[Branch, ...]) -> Branch:
    has_chosen = any(child.is_chosen or child.has_chosen for child in narrower)
    return Branch(value, narrower, value.value in chosen, has_chosen)
