"""Suggestions while typing: things with that name, and works with that title."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from ...graph.index.search_query import parse
from ...graph.numbers import counted
from ..web.classes import CLASSES
from ..web.negotiation import conditional
from ..web.site import Site
from .naming import NamedThing, countries_of, in_other_number, misspelt, named

#: The most things in total, things of one class, and works.
_THINGS, _OF_A_CLASS, _WORKS = 8, 4, 3
#: The shortest text to check for misspelt names.
_MISSPELT = 4
#: How long a browser may cache suggestions, in seconds.
_FRESH = 300


def blueprint(site: Site) -> Blueprint:
    """``/suggest?q=``: JSON, grouped by class, the likeliest first."""
    surface = Blueprint("suggestions", __name__)

    @surface.get("/suggest")
    def suggest() -> Response:
        # with alternatives (OR), the last one is being typed
        text = parse(request.args.get("q", "")).names[-1]

        def build() -> Response:
            answer = json.dumps({"groups": _groups(site, text)}, ensure_ascii=False)
            return Response(answer, mimetype="application/json")

        response = conditional(f"suggest {request.script_root} {text}", site, build)
        response.cache_control.no_cache = None
        response.cache_control.max_age = _FRESH
        return response

    return surface


def _groups(site: Site, text: str) -> list[dict[str, object]]:
    groups: dict[str, list[dict[str, str]]] = {}
    noun = in_other_number(site, text)
    things = named(site, text, _THINGS, _OF_A_CLASS) or ([noun] if noun else [])
    countries = {thing.iri: thing for thing in countries_of(site, text, things)}
    things = [*countries.values(), *(thing for thing in things if thing.iri not in countries)]
    for thing in things:
        groups.setdefault(thing.kind.plural, []).append(_option(site, thing))
    platforms, bodies = CLASSES["platform"].plural, CLASSES["organization"].plural
    if platforms in groups and bodies in groups:
        # the platform is more likely meant than the company of the same name
        headings = [heading for heading in groups if heading != bodies]
        headings.insert(headings.index(platforms) + 1, bodies)
        groups = {heading: groups[heading] for heading in headings}
    if titles := site.works.completions.titles(text, _WORKS):
        groups["Works"] = _works(site, titles)
    if not groups and len(text) >= _MISSPELT:
        for thing in misspelt(site, text, _OF_A_CLASS):
            groups.setdefault("Did you mean", []).append(_option(site, thing))
    return [{"heading": heading, "options": options} for heading, options in groups.items()]


def _option(site: Site, thing: NamedThing) -> dict[str, str]:
    works = counted(thing.works, "work")
    option = {"label": thing.label, "href": site.href(thing.iri), "note": works}
    also = {"also": thing.also, "also_lang": thing.also_language}
    return option | {name: text for name, text in also.items() if text}


def _works(site: Site, numbers: list[int]) -> list[dict[str, str]]:
    options = []
    for work in site.works.numbered(numbers):
        first = work.authors[0].partition(",")[0] if work.authors else ""
        by = f"{first} et al." if len(work.authors) > 1 else first
        option = {
            "label": work.title,
            "href": site.href(site.iris.thing("publication", work.id)),
            "note": " ".join(filter(None, (by, str(work.year or "")))),
        }
        options.append(option | ({"lang": work.language} if work.language else {}))
    return options
