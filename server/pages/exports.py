"""Exports: the works of a choice in every format that a list can be taken along in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from flask import Response
from slugify import slugify

from ...graph.formats import CITATIONS, RDF
from ...graph.release.table_rows import lines
from ...graph.release.works import Answer, Choice, Works
from ...graph.release.works_index import NOT_STATED
from ...graph.store.answers import Answer as Export
from ...graph.writers import WRITERS
from ...graph.writers.csl_json import write_items
from ..web.atom import ATOM, child, new_feed, written
from ..web.choices import (
    BY_FACET,
    addresses,
    label_of,
    refuse,
    value_label,
    words_for,
    years_in_words,
)
from ..web.large_answers import LargeAnswers
from ..web.negotiation import made_at
from ..web.responses import deliver
from ..web.site import Site
from .selection import EXPORTED, query_of_works

#: The most characters of a file's name.
_NAME = 60
#: The most works of a list whose graph is asked of the store.
_GRAPHED = 500
#: The texts of so many works go out together.
_TOGETHER = 100
#: Writes the works of a site that a choice finds.
_Write = Callable[[Site, Choice, Answer], Export]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a list can be exported in."""

    #: What people call it.
    title: str
    write: _Write


def exported(
    site: Site, choice: Choice, answer: Answer, form: str, outgoing: LargeAnswers
) -> Response:
    """The list that a choice finds as a file; 413 where it is too long for one."""
    most = _GRAPHED if form in ("ttl", "jsonld") else EXPORTED
    if len(answer) > most and form != "atom":
        refuse(
            f"The list has {len(answer):,} works; as .{form} it may have {most:,}. "
            "Choose fewer, or take a dump.",
            413,
        )
    response = deliver(FORMS[form].write(site, choice, answer), outgoing)
    name = _file_name(site.works, choice, form)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file_name(works: Works, choice: Choice, form: str) -> str:
    """The words and filters of a list as the name of a file, in ASCII."""
    parts = ["works", choice.words]
    for facet, values in choice.facets.items():
        for value in values:
            label = label_of(facet, value, value_label(works, choice, facet, value))
            is_bare = value == NOT_STATED and facet != "doi"
            parts.append(f"{BY_FACET[facet].noun} {label}" if is_bare else label)
    parts.append(years_in_words(choice.first_year, choice.last_year))
    parts.append(f"{choice.evidence} only" if choice.evidence else "")
    longest = _NAME - len(form) - 1
    return f"{slugify(' '.join(parts), max_length=longest, word_boundary=True)}.{form}"


def _written(name: str) -> _Write:
    """The list as one of the formats that records are written in."""

    def write(site: Site, choice: Choice, answer: Answer) -> Export:
        writer = WRITERS[name]
        texts = writer.write(site.records.cited(site.works.ids(answer, choice, EXPORTED)))
        return Export(f"{writer.media_type}; charset=utf-8", _encoded(texts))

    return write


def _items(site: Site, choice: Choice, answer: Answer) -> Export:
    """The items that the release keeps."""
    texts = write_items(site.records.items(site.works.ids(answer, choice, EXPORTED)))
    return Export(f"{WRITERS['csl'].media_type}; charset=utf-8", _encoded(texts))


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    """The texts as bytes, many at a time, for each piece is written by itself."""
    pieces = iter(lambda: "".join(islice(texts, _TOGETHER)), "")
    return (piece.encode("utf-8", "replace") for piece in pieces)


def _table(site: Site, choice: Choice, answer: Answer) -> Export:
    """The rows that ``/dumps/works.csv`` has for the works of the list."""
    works = site.works
    ids = works.ids(answer, choice, EXPORTED)
    each = zip(site.records.cited(ids), works.facets_of_each(ids), strict=True)
    rows = lines(each, works.values, site.iris)
    return Export(f"{CITATIONS['csv'].media_type}; charset=utf-8", _encoded(rows))


def _graph(format: str) -> _Write:
    """What is said of the works, as RDF."""

    def write(site: Site, choice: Choice, answer: Answer) -> Export:
        ids = site.works.ids(answer, choice, _GRAPHED)
        iris = " ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        text = site.query("works", works=iris)
        graph = site.ask(text, RDF[format].media_type)
        return replace(graph, media_type=RDF[format].content_type)

    return write


def _query(site: Site, choice: Choice, answer: Answer) -> Export:
    """A SPARQL query for the same list."""
    text = query_of_works(site, "selected", choice, answer)
    return Export("application/sparql-query; charset=utf-8", (text.encode(),))


def _feed(site: Site, choice: Choice, answer: Answer) -> Export:
    """The first works of the list as a feed (RFC 4287)."""
    updated = made_at(site).strftime("%Y-%m-%dT%H:%M:%SZ")
    address = addresses(site.absolute(""))
    itself, page = address({}, "atom"), address({})
    chosen = words_for(site.works, choice)
    title = f"Works: {chosen}" if chosen else "Works"
    feed = new_feed(itself, title, updated, itself, page)
    for work in site.works.page(answer, choice, 0, 50):
        entry = child(feed, "entry")
        child(entry, "id", site.iris.thing("publication", work.id))
        child(entry, "title", work.title)
        child(entry, "updated", updated)
        child(entry, "link", href=site.absolute(f"publication/{work.id}"))
        for name in work.authors:
            child(child(entry, "author"), "name", name)
    return Export(ATOM.media_type, (written(feed),))


#: By the ending of its address.
FORMS = {
    "csv": Form(CITATIONS["csv"].title, _table),
    "ris": Form(CITATIONS["ris"].title, _written("ris")),
    "bib": Form(CITATIONS["bib"].title, _written("bibtex")),
    "csl.json": Form(CITATIONS["csl.json"].title, _items),
    "ttl": Form(RDF["ttl"].title, _graph("ttl")),
    "jsonld": Form(RDF["jsonld"].title, _graph("jsonld")),
    "rq": Form("SPARQL query", _query),
    "atom": Form("Atom feed", _feed),
}
