"""Lists of things of one class, by letter or as a tree, each with its number of works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.index.names import ORDERED, Match
from ...graph.index.values import MANY, Entry
from ...graph.iris import expand, fold
from ...graph.rdf.nodes import nodes
from ..web.classes import CLASSES
from ..web.instrument import each_as_instrument
from ..web.namesakes import Distinction, distinctions
from ..web.negotiation import cached, key_of
from ..web.paging import asked_page, page_and_count, page_count
from ..web.parameters import Parameter, parameter_of
from ..web.site import Lazy, Site, integer, text
from ..web.trees import tree
from .letters import by_letter, heading_of
from .tops import LISTED, tops

#: Entries on a page.
_PAGE = 100
#: Entries on a page of a search by name.
_NEAREST = 50
#: Classes whose things have members instead of works: the pattern that counts them, their name.
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
    """A thing in a list; ``note`` tells it from namesakes, or is its other name."""

    iri: str
    name: str
    count: int
    note: str = ""
    #: The person it is likely the same as: IRI, name and number of works.
    same: tuple[str, str, int] | None = None
    narrower: tuple[Listed, ...] = ()
    #: How many of its works use platform work as an instrument.
    as_instrument: int = 0


def blueprint(site: Site) -> Blueprint:
    """``/browse``, and ``/search``, which redirects to the lists."""
    surface = Blueprint("lists", __name__)
    of_persons = Lazy(lambda: persons(site))

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
                return render_template(
                    "classes.html",
                    counts=used(site),
                    tops=tops(site.works, LISTED),
                    kinds=kinds_of_platforms(site),
                    persons=of_persons(),
                )
            return _named(site, path, asked) if asked else _class(site, path, of_persons)

        return cached(key_of("browse"), HTML, site, build)

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
    """The number of things of each class that at least one work has, by the class's path."""
    counts = {"publication": site.works.size}
    for path in CLASSES:
        if parameter := parameter_of(path):
            counts[path] = site.works.values.count(parameter.facet, _start(path))
    return counts


def kinds_of_platforms(site: Site) -> int:
    """How many of the platforms are kinds: a kind is broader than some platform."""
    return len(site.works.values.parents("platforms"))


def persons(site: Site) -> int:
    """The approximate number of authors; persons who are likely the same count once."""
    return max(site.works.values.count("author", "person/") - _uses(site, "oo:probablySameAs"), 0)


def _uses(site: Site, name: str) -> int:
    """The number of statements with a property, from the VoID description of the release."""
    property = expand(name, site.iris.base)
    said = nodes(site.release.folder / "void.ttl")

    def values(node: str, of: str) -> list[str]:
        return [value.value for value in said.get(node, {}).get(expand(f"void:{of}"), ())]

    parts = (
        part
        for part in values(site.iris.dataset(), "propertyPartition")
        if property in values(part, "property")
    )
    return sum(int(number) for part in parts for number in values(part, "triples"))


def _start(path: str) -> str:
    """The prefix of a class's values, if its facet also holds values of other classes."""
    return f"{path}/" if path == "person" else ""


def _no_class(path: str) -> str:
    return f"There is no class {path[:40]!r}. The classes are {', '.join(CLASSES)}."


def _class(site: Site, path: str, of_persons: Callable[[], int]) -> str:
    parameter = parameter_of(path)
    letters: Mapping[str, int] = {}
    if parameter and parameter.facet in MANY:
        values, start = site.works.values, _start(path)
        total = values.count(parameter.facet, start)
        page, pages = page_and_count(total, _PAGE)
        offset = (page - 1) * _PAGE
        listed = values.listing(parameter.facet, start, offset, _PAGE)
        entries = _told_apart(site, parameter, start, listed)
        by_heading: Mapping[str, Sequence[Listed]] = by_letter(
            (each.listed, entry) for each, entry in zip(listed, entries, strict=True)
        )
        letters = _letters(values.letters(parameter.facet, start))
    else:
        entries = _tree(site, parameter) if parameter else _members(site, path)
        page, pages = page_and_count(len(entries), len(entries) or 1)
        offset, by_heading = 0, {"": entries}
        total = site.works.values.count(parameter.facet) if parameter else len(entries)
    return _page(
        path,
        entries,
        offset,
        asked="",
        by_heading=by_heading,
        total=total,
        # a list of persons has one line per name
        persons=of_persons() if path == "person" else 0,
        letters=letters,
        page=page,
        pages=pages,
    )


def _page(path: str, entries: Sequence[Listed], offset: int, **shown: object) -> str:
    """A page of a list of a class, beginning after ``offset`` entries."""
    return render_template(
        "browse.html",
        chosen=CLASSES[path],
        unit=_MEMBERS[path][1] if path in _MEMBERS else "works",
        first=offset + 1,
        last=offset + len(entries),
        has_narrower=any(each.narrower for each in entries),
        is_instrument=any(each.as_instrument for each in entries),
        **shown,
    )


def _letters(firsts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The page on which each letter begins, given the number of entries before it."""
    pages: dict[str, int] = {}
    for letter, before in firsts:
        pages.setdefault(heading_of(letter), before // _PAGE + 1)
    return pages


def _members(site: Site, path: str) -> list[Listed]:
    numbers, _ = _MEMBERS[path]
    classes = CLASSES[path].iris(site.release.base_iri)
    rows = site.select("members", classes=classes, numbers=numbers)
    listed = (Listed(text(row, "thing"), text(row, "label"), integer(row, "count")) for row in rows)
    # stores sort differently
    return sorted(listed, key=lambda each: (fold(each.name), each.iri))


def _told_apart(
    site: Site, parameter: Parameter, start: str, entries: Sequence[Entry]
) -> list[Listed]:
    apart = distinctions(site.works, parameter.facet, entries, start)
    iris = (parameter.iri(site.iris, each.value) for each in entries)
    return [
        _with(site, parameter, Listed(iri, each.listed, each.works), apart.get(each.value))
        for iri, each in zip(iris, entries, strict=True)
    ]


def _with(
    site: Site, parameter: Parameter, listed: Listed, distinction: Distinction | None
) -> Listed:
    """A thing with the note that tells it from its namesakes."""
    if distinction is None:
        return listed
    same = distinction.same
    return replace(
        listed,
        note=distinction.note or listed.note,
        same=(parameter.iri(site.iris, same.value), same.label, same.works) if same else None,
    )


def _tree(site: Site, parameter: Parameter) -> list[Listed]:
    values, iris = site.works.values, site.iris
    count = values.count(parameter.facet)
    entries = values.listing(parameter.facet, "", 0, count)
    instruments = _instruments(site, parameter.facet, entries)

    def listed(entry: Entry, narrower: tuple[Listed, ...]) -> Listed:
        most_works_first = sorted(narrower, key=lambda each: -each.count)
        iri = parameter.iri(iris, entry.value)
        return Listed(
            iri,
            entry.label,
            entry.works,
            narrower=tuple(most_works_first),
            as_instrument=instruments.get(entry.value, 0),
        )

    return tree(entries, listed, values.groups)


def _instruments(site: Site, facet: str, entries: Iterable[Entry]) -> dict[str, int]:
    values = (each.value for each in entries)
    return each_as_instrument(site.works, site.works.everything, facet, values)


def _named(site: Site, path: str, asked: str) -> str:
    page = asked_page()
    offset = (page - 1) * _NEAREST
    matches, total = site.names.search(asked, (path,), _NEAREST, offset)
    pages = page_count(min(total, ORDERED), _NEAREST, page)
    entries = _matched(site, path, matches)
    by_heading = {"": entries}
    return _page(
        path,
        entries,
        offset,
        asked=asked,
        by_heading=by_heading,
        total=total,
        page=page,
        pages=pages,
    )


def _matched(site: Site, path: str, matches: Sequence[Match]) -> list[Listed]:
    """Matches by name, with the counts of the full list; 0 for those not in it."""
    other = {m.iri: m.matched for m in matches if m.kind in ("alternative", "notation")}
    parameter = parameter_of(path)
    if parameter is None:
        counts = {each.iri: each.count for each in _members(site, path)}
        return [Listed(m.iri, m.label, counts.get(m.iri, 0), other.get(m.iri, "")) for m in matches]
    facet, values = parameter.facet, site.works.values
    entries = {m.iri: values.entry(facet, parameter.value(site.iris.path(m.iri))) for m in matches}
    used = [entry for entry in entries.values() if entry]
    apart = distinctions(site.works, facet, used, _start(path)) if facet in MANY else {}
    instruments = _instruments(site, facet, used)
    listed = []
    for match in matches:
        entry = entries[match.iri]
        value, works = (entry.value, entry.works) if entry else ("", 0)
        one = Listed(
            match.iri,
            match.label,
            works,
            other.get(match.iri, ""),
            as_instrument=instruments.get(value, 0),
        )
        listed.append(_with(site, parameter, one, apart.get(value)))
    return listed
