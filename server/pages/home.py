"""The home page: a search box, works per year, and how much is known about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.index.coverage import Coverage, coverage
from ...graph.index.members import Value
from ...graph.index.works import Answer, Choice, Works
from ...graph.index.works_index import NOT_STATED
from ..dataset.facts import schema_org, signposts
from ..web.bars import Bars, bars_of_works
from ..web.facets import SHOWN
from ..web.hits import Hit, hits
from ..web.links import Link, header
from ..web.negotiation import FORMATS, cached, choose, see_other
from ..web.parameters import BY_FACET, PARAMETERS
from ..web.site import Lazy, Site
from .browse import kinds_of_platforms, persons, used
from .tops import LISTED, Top, most_frequent, tops

#: The classes whose most frequent members are listed.
_TOPS = LISTED[:4]
#: The classes whose sizes are shown.
_MAIN = ("publication", *_TOPS, "person", "organization", "venue")
#: The facets in the short coverage table; ``/about`` has the full one.
_KNOWN = ("year", *(field.name for field in SHOWN if field.inferable))
_NEWEST = 6
#: The example searches: two facets and a number of recent years (0 for all). Each combines the most
#: frequent value of the first facet with the most frequent value of the second among its works.
_EXAMPLES = (("method", "country", 10), ("platform", "topic", 0), ("country", "topic", 5))


@dataclass(frozen=True, slots=True)
class Example:
    """An example search that finds works."""

    words: str
    query: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the home page shows of a release."""

    #: Path of a class -> how many of its members at least one work has.
    counts: dict[str, int]
    #: How many of the platforms are kinds of platforms.
    kinds: int
    #: The approximate number of people behind the names.
    persons: int
    examples: tuple[Example, ...]
    years: Bars
    known: Coverage
    tops: list[Top]
    newest: list[Hit]
    #: How the works relate to the subject.
    scopes: list[Value]


def blueprint(site: Site) -> Blueprint:
    """The home page of a site; its numbers are counted on the first visit."""
    surface = Blueprint("home", __name__)
    overview = Lazy(lambda: _overview(site))

    @surface.get("/")
    def home() -> BaseResponse:
        if choose("The home page", tuple(FORMATS.values()), HTML) is not HTML:
            # As data, the home page is the description of the dataset.
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
            by_facet=BY_FACET,
            data=data,
            links=links,
        )

    return surface


def _overview(site: Site) -> Overview:
    works = site.works
    everything = works.everything
    years = bars_of_works(works, everything)
    return Overview(
        counts=used(site),
        kinds=kinds_of_platforms(site),
        persons=persons(site),
        examples=tuple(_examples(works, everything, years)),
        years=years,
        known=coverage(works, _KNOWN),
        tops=tops(works, _TOPS),
        newest=hits(works, everything, Choice(), 0, _NEWEST),
        scopes=[
            each
            for each in works.members.counts(everything.numbers, "scope")
            if each.value != NOT_STATED
        ],
    )


def _examples(works: Works, everything: Answer, years: Bars) -> Iterator[Example]:
    """Example searches; each finds works in this release."""
    for one, other, since in _EXAMPLES:
        first = next(iter(most_frequent(works, everything, PARAMETERS[one].facet)), None)
        if first is None or not years.bars:
            continue
        start = years.bars[-1].year - since if since else None
        choice = Choice(facets={PARAMETERS[one].facet: (first.value,)}, first_year=start)
        answer = works.find(choice)
        second = next(iter(most_frequent(works, answer, PARAMETERS[other].facet)), None)
        if second:
            words = ", ".join(filter(None, (first.label, second.label)))
            query = {one: first.value, other: second.value}
            if start:
                words, query = f"{words}, since {start}", {**query, "from": str(start)}
            yield Example(words, query, second.count)
