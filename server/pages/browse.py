"""Lists of things: a class by letter or as a tree, each thing with the number of its works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.iris import fold
from ...graph.release.search import ORDERED
from ...graph.release.values import MANY, Entry
from ...graph.release.works import Choice, Work
from ..web.choices import Parameter, parameter_of
from ..web.classes import CLASSES
from ..web.negotiation import cached
from ..web.paging import asked_page, page_and_count, page_count
from ..web.site import Site, integer, text
from ..web.trees import tree

__all__ = ["blueprint", "used"]

#: Entries on a page.
_PAGE = 100
#: Those that a search by name shows on a page.
_NEAREST = 50
#: The newest works among which a person's own is looked for.
_LOOKED_AT = 200
#: What a thing of a class without works has: the pattern that finds how many, and their name.
_MEMBERS = {
    "scheme": ("?member skos:inScheme ?thing BIND(1 AS ?number)", "concepts"),
    "linkset": ("?thing void:triples ?number", "links"),
    "organization-kind": (
        "?member oo:organizationKind ?thing BIND(1 AS ?number)",
        "organisations",
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing in a list; ``note`` tells it from others of its name."""

    iri: str
    name: str
    count: int
    note: str = ""
    #: The language of the note, where it is known.
    language: str = ""
    narrower: tuple[Listed, ...] = ()


def blueprint(site: Site) -> Blueprint:
    """``/browse``, and ``/search``, which leads to the lists."""
    surface = Blueprint("lists", __name__)

    @surface.get("/browse")
    def browse() -> Response | BaseResponse:
        path = request.args.get("class", "")
        asked = " ".join(request.args.get("q", "").split())[:200]
        if path == "publication":
            return redirect(site.absolute("works"), 303)
        if path and path not in CLASSES:
            abort(404, _no_class(path))

        def build() -> str:
            if not path:
                return render_template("classes.html", counts=used(site))
            return _named(site, path, asked) if asked else _class(site, path)

        return cached(f"browse?{request.query_string.decode('latin-1')}", HTML, site, build)

    @surface.get("/search")
    def search() -> BaseResponse:
        path = request.args.get("class", "")
        if path and path not in CLASSES:
            abort(404, _no_class(path))
        query = request.query_string.decode("latin-1")
        listing = "works" if path in ("", "publication") else "browse"
        if listing == "works":
            query = "&".join(p for p in query.split("&") if not p.startswith("class="))
        return redirect(site.absolute(f"{listing}?{query}" if query else listing), 303)

    return surface


def used(site: Site) -> dict[str, int]:
    """How many things of each class any work has, by the class's path."""
    counts = {"publication": site.works.size}
    for path in CLASSES:
        if parameter := parameter_of(path):
            counts[path] = site.works.values.count(parameter.facet, _start(path))
    return counts


def _start(path: str) -> str:
    """How the values of a class begin, where the facet has those of others too."""
    return f"{path}/" if path == "person" else ""


def _no_class(path: str) -> str:
    return f"There is no class {path[:40]!r}; there are {', '.join(CLASSES)}."


def _class(site: Site, path: str) -> str:
    parameter = parameter_of(path)
    page = pages = 1
    first, letters, unit = 1, [], "works"
    if parameter is None:
        entries = _members(site, path)
        unit = _MEMBERS[path][1]
        page, pages = page_and_count(len(entries), len(entries) or 1)
        total = len(entries)
    elif parameter.facet in MANY:
        values, start = site.works.values, _start(path)
        total = values.count(parameter.facet, start)
        page, pages = page_and_count(total, _PAGE)
        first = (page - 1) * _PAGE + 1
        entries = _by_letter(site, parameter, start, first - 1)
        letters = [
            (letter.upper(), before // _PAGE + 1)
            for letter, before in values.letters(parameter.facet, start)
        ]
    else:
        entries = _tree(site, parameter)
        page, pages = page_and_count(len(entries), len(entries) or 1)
        total = site.works.values.count(parameter.facet)
    return render_template(
        "browse.html",
        chosen=CLASSES[path],
        asked="",
        entries=entries,
        total=total,
        unit=unit,
        letters=letters,
        page=page,
        pages=pages,
        first=first,
    )


def _members(site: Site, path: str) -> list[Listed]:
    numbers, _ = _MEMBERS[path]
    classes = CLASSES[path].iris(site.release.base_iri)
    rows = site.select("members", classes=classes, numbers=numbers)
    listed = (Listed(text(row, "thing"), text(row, "label"), integer(row, "count")) for row in rows)
    # stores differ in how they sort
    return sorted(listed, key=lambda each: (fold(each.name), each.iri))


def _by_letter(site: Site, parameter: Parameter, start: str, offset: int) -> list[Listed]:
    values = site.works.values
    entries = values.listing(parameter.facet, start, offset, _PAGE)
    shared = values.shared(parameter.facet, start, (entry.listed for entry in entries))
    base = site.iris.base
    listed = [Listed(parameter.iri(base, e.value), e.listed, e.works) for e in entries]
    return [
        replace(each, note=work.title, language=work.language)
        if entry.listed in shared and (work := _newest(site, parameter, entry))
        else each
        for each, entry in zip(listed, entries, strict=True)
    ]


def _newest(site: Site, parameter: Parameter, entry: Entry) -> Work | None:
    """The newest work of a thing, which tells it from another of its name.

    Of a person it is one of its own: a list of works has those of who is likely the same, too.
    """
    works, facet = site.works, parameter.facet
    choice = Choice(facets={facet: (entry.value,)})
    for id in works.ids(works.find(choice), choice, _LOOKED_AT):
        number, facets = works.facets_of(id)
        own = {value for name, value, _ in facets if name == facet}
        if facet != "author" or entry.value in own:
            return works.numbered([number])[0]
    return None


def _tree(site: Site, parameter: Parameter) -> list[Listed]:
    values, base = site.works.values, site.iris.base

    def listed(entry: Entry, narrower: tuple[Listed, ...]) -> Listed:
        most_works_first = sorted(narrower, key=lambda each: -each.count)
        iri = parameter.iri(base, entry.value)
        return Listed(iri, entry.label, entry.works, narrower=tuple(most_works_first))

    count = values.count(parameter.facet)
    return tree(values.listing(parameter.facet, "", 0, count), listed)


def _named(site: Site, path: str, asked: str) -> str:
    page = asked_page()
    matches, total = site.names.search(asked, (path,), _NEAREST, (page - 1) * _NEAREST)
    pages = page_count(min(total, ORDERED), _NEAREST, page)
    counts = _counts(site, path, [match.iri for match in matches])
    entries = [
        Listed(
            match.iri,
            match.label,
            counts.get(match.iri, 0),
            match.matched if match.kind in ("alternative", "notation") else "",
        )
        for match in matches
    ]
    return render_template(
        "browse.html",
        chosen=CLASSES[path],
        asked=asked,
        entries=entries,
        total=total,
        unit=_MEMBERS[path][1] if path in _MEMBERS else "works",
        letters=[],
        page=page,
        pages=pages,
        first=(page - 1) * _NEAREST + 1,
    )


def _counts(site: Site, path: str, iris: Sequence[str]) -> dict[str, int]:
    """What the whole list of a class counts of some things; what it leaves out has nothing."""
    parameter = parameter_of(path)
    if parameter is None:
        return {each.iri: each.count for each in _members(site, path)}
    values = {iri: parameter.value(site.iris.path(iri)) for iri in iris}
    entries = {iri: site.works.values.entry(parameter.facet, v) for iri, v in values.items()}
    return {iri: entry.works for iri, entry in entries.items() if entry}
