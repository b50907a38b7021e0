"""The home page: what this is, how large it is, where to go."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.iris import expand
from ...graph.model import FACETS
from ..dataset.facts import schema_org, signposts
from ..web.classes import CLASSES
from ..web.links import Link, header
from ..web.negotiation import FORMATS, cached, preferred, see_other
from ..web.site import Lazy, Row, Site, integer, text

__all__ = [
    "blueprint",
]


#: What the top-ten lists are of: the class's path -> the property publications have.
_FACETS = {
    field.scheme.kind: field.predicate for field in FACETS if field.scheme and field.inferable
}
#: The classes whose size says how large the graph is.
_MAIN = ("publication", "platform", "country", "topic", "method", "person", "venue")


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers on the home page."""

    #: Path of a class -> how many things there are.
    counts: dict[str, int]
    #: Path of a class -> its ten most frequent members.
    facets: dict[str, list[Row]]
    newest: list[Row]


def blueprint(site: Site) -> Blueprint:
    """The home page of a site; its numbers are counted once, on the first visit."""
    surface = Blueprint("home", __name__)
    overview = Lazy(lambda: _overview(site))

    @surface.get("/")
    def home() -> BaseResponse:
        if preferred("The home page", tuple(FORMATS.values()), HTML) is not HTML:
            # What is here as data is the description of the dataset.
            return see_other(site, "catalog")
        links = signposts(site)
        response = cached("home", HTML, site, lambda: page(links))
        response.headers["Link"] = header(links)
        return response

    def page(links: list[Link]) -> tuple[str, str]:
        data = schema_org(site)
        text = render_template("home.html", overview=overview(), main=_MAIN, data=data, links=links)
        return HTML.content_type, text

    return surface


def _overview(site: Site) -> Overview:
    return Overview(
        counts=class_counts(site),
        facets={
            path: site.select("top", property=f"<{expand(name, site.iris.base)}>")
            for path, name in _FACETS.items()
        },
        newest=site.select("publications", limit="8", offset="0"),
    )


def class_counts(site: Site) -> dict[str, int]:
    """How many things each class has, by the class's path."""
    base = site.release.base_iri
    every = " ".join(each.iris(base) for each in CLASSES.values())
    numbers = {
        f"<{text(row, 'class')}>": integer(row, "count")
        for row in site.select("counts", classes=every)
    }
    return {
        each.path: sum(numbers.get(iri, 0) for iri in each.iris(base).split())
        for each in CLASSES.values()
    }
