"""The home page: find works, how many there are by year, how much of them is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.release.coverage import Coverage, coverage
from ...graph.release.members import Value
from ...graph.release.works import Answer, Choice, Works
from ...graph.release.works_index import NOT_STATED
from ..dataset.facts import schema_org, signposts
from ..web.bars import Bars, bars_of_works
from ..web.choices import BY_FACET, PARAMETERS
from ..web.facets import SHOWN
from ..web.hits import Hit, hits
from ..web.instrument import FACET, each_as_instrument
from ..web.links import Link, header
from ..web.negotiation import FORMATS, cached, choose, see_other
from ..web.site import Lazy, Site
from .browse import kinds_of_platforms, persons, used

#: The classes whose most frequent members are listed, and how many of each.
_LISTED, _MOST = tuple(f.scheme.kind for f in SHOWN if f.scheme and f.inferable), 6
#: The classes whose size says how large the graph is.
_MAIN = ("publication", *_LISTED, "person", "venue")
_NEWEST = 6
#: Pairs of facets that an example of a search combines, each the most frequent value of the
#: first and of those works the most frequent one of the second; since so many years.
_EXAMPLES = (("method", "country", 10), ("platform", "topic", 0), ("country", "topic", 5))


@dataclass(frozen=True, slots=True)
class Example:
    """A search that finds something."""

    words: str
    query: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the home page shows of a release."""

    #: Path of a class -> how many of its members any work has.
    counts: dict[str, int]
    #: How many of the platforms are kinds of them.
    kinds: int
    #: About how many persons the names of that class are.
    persons: int
    examples: tuple[Example, ...]
    years: Bars
    known: Coverage
    #: Path of a class -> its most frequent members.
    tops: dict[str, list[Value]]
    #: A platform -> how many of its works use platform work as an instrument.
    instruments: dict[str, int]
    newest: list[Hit]
    #: What the works have to do with the subject.
    scopes: list[Value]


def blueprint(site: Site) -> Blueprint:
    """The home page of a site; its numbers are counted once, on the first visit."""
    surface = Blueprint("home", __name__)
    overview = Lazy(lambda: _overview(site))

    @surface.get("/")
    def home() -> BaseResponse:
        if choose("The home page", tuple(FORMATS.values()), HTML) is not HTML:
            # What is here as data is the description of the dataset.
            return see_other(site, "catalog")
        links = signposts(site)
        response = cached("home", HTML, site, lambda: page(links))
        response.headers["Link"] = header(links)
        return response

    def page(links: list[Link]) -> str:
        data = schema_org(site)
        return render_template(
            "home.html",
            overview=overview(),
            main=_MAIN,
            named=PARAMETERS,
            by_facet=BY_FACET,
            data=data,
            links=links,
        )

    return surface


def _overview(site: Site) -> Overview:
    works = site.works
    everything = works.find(Choice())
    tops = {path: _top(works, everything, path) for path in _LISTED}
    shown = {path: values[:_MOST] for path, values in tops.items()}
    years = bars_of_works(works, everything)
    return Overview(
        counts=used(site),
        kinds=kinds_of_platforms(site),
        persons=persons(site),
        examples=tuple(_examples(works, tops, years)),
        years=years,
        known=coverage(works, ("year", *BY_FACET)),
        tops=shown,
        instruments=each_as_instrument(
            works, everything, FACET, (each.value for each in shown["platform"])
        ),
        newest=hits(works, everything, Choice(), 0, _NEWEST),
        scopes=[
            each
            for each in works.members.counts(everything.numbers, "scope")
            if each.value != NOT_STATED
        ],
    )


def _top(works: Works, answer: Answer, path: str) -> list[Value]:
    """The most frequent members of a class: not a broader one whose works mostly name narrower
    ones, which are listed themselves.
    """
    facet = PARAMETERS[path].facet
    broader = works.values.parents(facet)

    def is_named(value: Value) -> bool:
        by_itself = works.members.having(facet, value.value) & answer.numbers
        for narrower in works.values.below(facet, value.value):
            by_itself -= works.members.having(facet, narrower.value)
        return 2 * len(by_itself) > value.count

    return [
        value
        for value in works.members.counts(answer.numbers, facet)
        if value.value != NOT_STATED and (value.value not in broader or is_named(value))
    ]


def _examples(works: Works, tops: Mapping[str, list[Value]], years: Bars) -> Iterator[Example]:
    """Searches of which each finds works in this release."""
    for one, other, since in _EXAMPLES:
        first = next(iter(tops[one]), None)
        if first is None or not years.bars:
            continue
        start = years.bars[-1].year - since if since else None
        choice = Choice(facets={PARAMETERS[one].facet: (first.value,)}, first_year=start)
        answer = works.find(choice)
        second = next(iter(_top(works, answer, other)), None)
        if second:
            words = ", ".join(filter(None, (first.label, second.label)))
            query = {one: first.value, other: second.value}
            if start:
                words, query = f"{words}, since {start}", {**query, "from": str(start)}
            yield Example(words, query, second.count)
