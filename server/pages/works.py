"""All finding: the works that have some words and some facets, counted, sorted, and to take along.

A choice stands whole in the address: ``/works?q=…&country=PK&method=survey&from=2015``. The same
list is at ``/works.csv``, ``.ris``, ``.bib``, ``.csl.json``, ``.ttl``, ``.jsonld``, ``.rq`` and
``.atom``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML, RDF
from ...graph.identifiers import normal_doi, normal_isbn, normal_orcid
from ...graph.model import FACETS
from ...graph.release.works import SORTS, Answer, Choice, Value, Works
from ...graph.release.works_index import NOT_STATED
from ...graph.store.answers import Answer as Export
from ...graph.store.problems import ProblemDetails, QueryError
from ...graph.writers import WRITERS
from ..web.atom import ATOM, child, new_feed, written
from ..web.deadline import seconds_left
from ..web.large_answers import LargeAnswers
from ..web.negotiation import any_of, cached
from ..web.paging import page_and_count
from ..web.responses import deliver
from ..web.site import Site

__all__ = ["blueprint"]

#: Works on a page.
_PAGE = 25
#: The most characters of the words that are read.
_CHARACTERS = 200
#: Values of a facet that are shown at once, and those that can be unfolded.
_SHOWN, _UNFOLDED = 7, 60
#: The most works of one exported list, and of one whose graph is asked of the store.
_EXPORTED, _GRAPHED = 10_000, 500
#: The parameter of each facet that is a concept -> its name in the index, and its heading.
_PARAMETERS = {
    **{
        field.scheme.kind: (field.name, field.plural)
        for field in FACETS
        if field.scheme and field.kind != "bodies"
    },
    "organization": ("organisations", "Organisations"),
    "kind": ("kind", "Kind of publication"),
    "language": ("language", "Language"),
    "venue": ("venue", "Published in"),
    "author": ("author", "Authors"),
}
#: The order the facets are shown in; those left out come after.
_ORDER = ("platform", "country", "topic", "method", "work-type", "sector", "kind", "record-type")
_HEADINGS = {"newest": "Newest first", "title": "Title", "author": "First author"}


@dataclass(frozen=True, slots=True)
class Group:
    """One facet as the page shows it."""

    parameter: str
    heading: str
    chosen: tuple[Value, ...]
    values: tuple[Value, ...]
    rest: tuple[Value, ...]


def blueprint(site: Site) -> Blueprint:
    """``/works``, and the same list in every format."""
    surface = Blueprint("works", __name__)
    works = Works(site.release.folder, seconds_left)
    outgoing = LargeAnswers(site.store.limits)

    @surface.get("/works")
    def listing() -> Response | BaseResponse:
        if elsewhere := _identified(request.args.get("q", "")):
            return redirect(site.absolute(elsewhere), 303)
        choice = _choice(request.args, works)

        def build() -> tuple[str, str]:
            return HTML.content_type, _html(works, choice)

        return cached(f"works?{request.query_string.decode('latin-1')}", HTML, site, build)

    @surface.get(f"/works.<any({any_of(_FORMS)}):form>")
    def export(form: str) -> Response:
        choice = _choice(request.args, works)
        answer = works.find(choice)
        most = _GRAPHED if form in ("ttl", "jsonld") else _EXPORTED
        if len(answer) > most and form != "atom":
            _refuse(
                f"The list has {len(answer):,} works; as .{form} it may have {most:,}. "
                "Choose fewer, or take a dump.",
                413,
            )
        response = deliver(_FORMS[form](site, works, choice, answer), outgoing)
        response.headers["Content-Disposition"] = f'attachment; filename="works.{form}"'
        return response

    return surface


def _choice(arguments: MultiDict[str, str], works: Works) -> Choice:
    """What an address asks for; 404 for a value that the release does not have."""
    facets: dict[str, tuple[str, ...]] = {}
    for parameter, (facet, _) in _PARAMETERS.items():
        values = tuple(dict.fromkeys(filter(None, arguments.getlist(parameter))))[:20]
        for value in values:
            if value != NOT_STATED and not works.label(facet, value):
                _refuse(f"No work of this release has the {parameter} {value[:80]!r}.")
        if values:
            facets[facet] = values
    text = arguments.get("q", "")[:_CHARACTERS]
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    sort = arguments.get("sort", "relevance" if words else "newest")
    if sort not in SORTS:
        _refuse(f"Works can be sorted by {', '.join(SORTS)}, not by {sort[:40]!r}.")
    evidence = "stated" if arguments.get("evidence") == "stated" else ""
    return Choice(words, facets, _year("from"), _year("to"), evidence, sort)


def _refuse(detail: str, status: int = 404) -> NoReturn:
    raise QueryError(ProblemDetails(status, "No such list", detail))


def _year(parameter: str) -> int | None:
    text = request.args.get(parameter, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        _refuse(f"The year {text[:20]!r} is not a number such as 2015.")
    return int(text)


def _identified(text: str) -> str:
    """The path that an identifier leads to; "" for words."""
    text = text.strip()
    if text.startswith(("10.", "doi:", "http://dx.doi.org/", "https://doi.org/")):
        return f"doi/{quote(normal_doi(text), safe='/:')}" if normal_doi(text) else ""
    if len(text) > 1 and text[0] in "Qq" and text[1:].isdecimal() and text.isascii():
        return f"wikidata/{text.upper()}"
    if normal_orcid(text):
        return f"lookup?iri=https://orcid.org/{normal_orcid(text)}"
    return f"lookup?iri=urn:isbn:{normal_isbn(text)}" if normal_isbn(text) else ""


def _html(works: Works, choice: Choice) -> str:
    answer = works.find(choice)
    page, pages = page_and_count(len(answer), _PAGE)
    return render_template(
        "works.html",
        asked=choice.words,
        choice=choice,
        answer=answer,
        total=len(answer),
        size=works.size,
        entries=works.page(answer, choice, (page - 1) * _PAGE, _PAGE),
        groups=_groups(works, choice, answer),
        years=_years(works, answer),
        sorts=_HEADINGS | ({"relevance": "Best match"} if choice.words else {}),
        page=page,
        pages=pages,
        first=(page - 1) * _PAGE + 1,
        address=_address,
        forms=tuple(_FORMS),
        parameters={facet: parameter for parameter, (facet, _) in _PARAMETERS.items()},
    )


def _groups(works: Works, choice: Choice, answer: Answer) -> list[Group]:
    groups = []
    for parameter in (*_ORDER, *(name for name in _PARAMETERS if name not in _ORDER)):
        facet, heading = _PARAMETERS[parameter]
        chosen = choice.facets.get(facet, ())
        counted = works.counts(answer, facet, 2_000)
        if not counted:
            continue
        labelled = [
            replace(v, label="not stated" if v.value == NOT_STATED else v.label) for v in counted
        ]
        others = [value for value in labelled if value.value not in chosen]
        groups.append(
            Group(
                parameter,
                heading,
                tuple(value for value in labelled if value.value in chosen),
                tuple(others[:_SHOWN]),
                tuple(others[_SHOWN:_UNFOLDED]),
            )
        )
    return groups


def _years(works: Works, answer: Answer) -> list[tuple[int, int, int]]:
    """Every year from the first to the last: the works of it, and how high its bar is, in 100."""
    counts = {
        int(value.value): value.count
        for value in works.counts(answer, "year")
        if value.value != NOT_STATED
    }
    if not counts:
        return []
    highest = max(counts.values())
    # a lone old work would leave the rest no room
    first = max(min(counts), max(counts) - 40)
    return [
        (year, counts.get(year, 0), round(100 * counts.get(year, 0) / highest))
        for year in range(first, max(counts) + 1)
    ]


def _address(change: Mapping[str, object], form: str = "") -> str:
    """The address of this list with some parameters changed: a list adds or takes out a value."""
    arguments = {name: request.args.getlist(name) for name in request.args}
    arguments.pop("page", None)
    for name, value in change.items():
        if isinstance(value, list):
            values, (toggled,) = arguments.get(name, []), value
            others = [value for value in values if value != toggled]
            arguments[name] = others if toggled in values else [*values, toggled]
        else:
            arguments[name] = [str(value)] if value not in (None, "") else []
    filled: dict[str, Any] = {name: values for name, values in arguments.items() if any(values)}
    if form:
        return url_for("works.export", form=form, **filled)
    return url_for("works.listing", **filled)


def _written(name: str) -> Callable[..., Export]:
    """The list as one of the formats that records are written in."""

    def write(site: Site, works: Works, choice: Choice, answer: Answer) -> Export:
        writer = WRITERS[name]
        texts = writer.write(site.records.each(works.ids(answer, choice, _EXPORTED)))
        chunks = (text.encode("utf-8", "replace") for text in texts)
        return Export(f"{writer.media_type}; charset=utf-8", chunks)

    return write


def _graph(format: str) -> Callable[..., Export]:
    """What is said of the works, as RDF."""

    def write(site: Site, works: Works, choice: Choice, answer: Answer) -> Export:
        ids = works.ids(answer, choice, _GRAPHED)
        iris = " ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        text = site.query("works", works=iris)
        graph = site.ask(text, RDF[format].media_type)
        return replace(graph, media_type=RDF[format].content_type)

    return write


def _query(site: Site, works: Works, choice: Choice, answer: Answer) -> Export:
    """A SPARQL query for the same list."""
    lines = [
        f"PREFIX oo: <{site.release.base_iri}ontology#>",
        "PREFIX dcterms: <http://purl.org/dc/terms/>",
        "PREFIX schema: <https://schema.org/>",
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
        "SELECT DISTINCT ?work ?title ?year WHERE {",
        "  ?work a oo:Publication ; dcterms:title ?title .",
        "  OPTIONAL { ?work oo:year ?year }",
    ]
    if (
        choice.words
        or choice.evidence
        or set(choice.facets) & {"kind"}
        or any(NOT_STATED in values for values in choice.facets.values())
    ):
        # what the index matches words by has no short form in SPARQL: the works themselves
        ids = works.ids(answer, choice, _EXPORTED)
        iris = "\n    ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        lines.append(f"  VALUES ?work {{\n    {iris}\n  }}")
    else:
        lines += _patterns(site, choice)
    lines += ["}", "ORDER BY DESC(?year) ?title", ""]
    text = "\n".join(lines).encode()
    return Export("application/sparql-query; charset=utf-8", (text,))


def _patterns(site: Site, choice: Choice) -> Iterator[str]:
    predicates = {field.name: (field.predicate, field.scheme) for field in FACETS}
    base = site.release.base_iri
    for facet, values in choice.facets.items():
        for value in values:
            if facet == "language":
                yield f'  ?work schema:inLanguage "{value}" .'
            elif facet in ("venue", "author"):
                predicate, start = {
                    "venue": ("dcterms:isPartOf", f"{base}venue/"),
                    "author": ("dcterms:creator", base),
                }[facet]
                # a value that is not ours stands whole in the address
                yield f"  ?work {predicate} <{value if ':' in value else start + value}> ."
            else:
                predicate, scheme = predicates[facet]
                kind = "organization" if facet == "organisations" else scheme.kind if scheme else ""
                yield (
                    f"  ?work {predicate}/(skos:broader|schema:containedInPlace)* "
                    f"<{base}{kind}/{value}> ."
                )
    if choice.first_year is not None:
        yield f"  FILTER(?year >= {choice.first_year})"
    if choice.last_year is not None:
        yield f"  FILTER(?year <= {choice.last_year})"


def _feed(site: Site, works: Works, choice: Choice, answer: Answer) -> Export:
    """The first works of the list as a feed (RFC 4287)."""
    made = datetime.fromtimestamp((site.release.folder / "release.json").stat().st_mtime, UTC)
    updated = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    address = site.absolute(request.full_path.lstrip("/").rstrip("?"))
    page = site.absolute(_address({}).lstrip("/"))
    feed = new_feed(
        address, "Works" + (f" on {choice.words}" if choice.words else ""), updated, address, page
    )
    for work in works.page(answer, choice, 0, 50):
        entry = child(feed, "entry")
        child(entry, "id", site.iris.thing("publication", work.id))
        child(entry, "title", work.title)
        child(entry, "updated", updated)
        child(entry, "link", href=site.absolute(f"publication/{work.id}"))
        for name in work.authors:
            child(child(entry, "author"), "name", name)
    return Export(ATOM.media_type, (written(feed),))


#: The ending of each form of a list -> what makes it.
_FORMS: dict[str, Callable[..., Export]] = {
    "csv": _written("csv"),
    "ris": _written("ris"),
    "bib": _written("bibtex"),
    "csl.json": _written("csl"),
    "ttl": _graph("ttl"),
    "jsonld": _graph("jsonld"),
    "rq": _query,
    "atom": _feed,
}
