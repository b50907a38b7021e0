"""Exports: the works of a choice in every format that a list can be taken along in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from flask import Response
from slugify import slugify

from ...graph.formats import CITATIONS, RDF
from ...graph.release.table_rows import heading
from ...graph.release.works import Answer, Choice, Works
from ...graph.release.works_index import NOT_STATED
from ...graph.store.answers import Answer as Export
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


def _kept(
    format: str,
    arranged: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
    between: str = "",
) -> _Write:
    """The list in a format of ``CITATIONS``, of texts that the release has of each work."""
    form = format.partition(".")[0]

    def write(site: Site, choice: Choice, answer: Answer) -> Export:
        numbers = site.works.order(answer, choice, EXPORTED)
        texts = arranged(site.records.texts(form, numbers, between))
        return Export(f"{CITATIONS[format].media_type}; charset=utf-8", texts)

    return write


def _array(items: Iterator[bytes]) -> Iterator[bytes]:
    """Items of CSL-JSON as ``graph/writers/csl_json.py`` writes several."""
    before = b"[\n"
    for several in items:
        yield before + several
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _table(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The rows that ``/dumps/works.csv`` has for the works of the list."""
    return chain((heading().encode(),), lines)


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
    "csv": Form(CITATIONS["csv"].title, _kept("csv", _table)),
    "ris": Form(CITATIONS["ris"].title, _kept("ris")),
    "bib": Form(CITATIONS["bib"].title, _kept("bib")),
    "csl.json": Form(CITATIONS["csl.json"].title, _kept("csl.json", _array, ",\n")),
    "ttl": Form(RDF["ttl"].title, _graph("ttl")),
    "jsonld": Form(RDF["jsonld"].title, _graph("jsonld")),
    "rq": Form("SPARQL query", _query),
    "atom": Form("Atom feed", _feed),
}
