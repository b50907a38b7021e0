"""Exports: the works of a choice in every format that a list can be downloaded in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from flask import Response
from slugify import slugify

from ...graph.formats import CITATIONS, RDF, Format
from ...graph.index.orders import CHANGED
from ...graph.index.works import Answer, Choice, Works
from ...graph.index.works_index import NOT_STATED
from ...graph.rdf.jsonld import CLOSING, opening
from ...graph.rdf.writing import graph_context
from ...graph.release.table_rows import heading
from ...graph.store.answers import Answer as Export
from ...ontology import prefixes
from ..web.atom import ATOM, child, new_feed, written
from ..web.choices import addresses, label_of, refuse, value_label, words_for, years_in_words
from ..web.large_answers import LargeAnswers
from ..web.parameters import BY_FACET
from ..web.responses import deliver
from ..web.site import Site
from .recency import day_of, latest_first
from .selection import EXPORTED, query_of_works

#: The most characters of a file name.
_NAME = 60
#: The most works in a feed.
_IN_FEED = 50
#: Writes the works that a choice finds.
_Write = Callable[[Site, Choice, Answer], Export]


@dataclass(frozen=True, slots=True)
class Form:
    """A format that a list can be exported in."""

    #: Its label.
    title: str
    write: _Write


def exported(
    site: Site, choice: Choice, answer: Answer, form: str, outgoing: LargeAnswers
) -> Response:
    """The works that a choice finds as a file; 413 if there are too many."""
    if len(answer) > EXPORTED and form != "atom":
        refuse(
            f"The list has {len(answer):,} works, but a .{form} export can have at most "
            f"{EXPORTED:,}. Narrow the list, or download a dump.",
            413,
        )
    response = deliver(FORMS[form].write(site, choice, answer), outgoing)
    name = _file_name(site.works, choice, form)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file_name(works: Works, choice: Choice, form: str) -> str:
    """The words and filters of a list as an ASCII file name."""
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
    format: Format,
    arranged: Callable[[Site, Iterator[bytes]], Iterator[bytes]] = lambda site, texts: texts,
    between: str = "",
) -> Form:
    """An export in a format for which the release stores the text of each work."""
    form = format.name.partition(".")[0]
    of_citations = f"{format.media_type}; charset=utf-8"
    content_type = format.content_type if format.name in RDF else of_citations

    def write(site: Site, choice: Choice, answer: Answer) -> Export:
        numbers = site.works.order(answer, choice, EXPORTED)
        return Export(content_type, arranged(site, site.records.texts(form, numbers, between)))

    return Form(format.title, write)


def _citations(site: Site, items: Iterator[bytes]) -> Iterator[bytes]:
    """Items of CSL-JSON as an array, as ``graph/writers/csl_json.py`` writes it."""
    return _array("[", items, "]\n")


def _nodes(site: Site, nodes: Iterator[bytes]) -> Iterator[bytes]:
    """Node objects as a JSON-LD document."""
    return _array(opening(graph_context(site.iris.base)), nodes, CLOSING)


def _array(before: str, items: Iterator[bytes], after: str) -> Iterator[bytes]:
    """JSON items separated by commas, between ``before`` and ``after``."""
    comma = f"{before}\n".encode()
    is_empty = True
    for several in items:
        yield comma + several
        comma, is_empty = b",\n", False
    yield f"{before}{after}".encode() if is_empty else f"\n{after}".encode()


def _table(site: Site, lines: Iterator[bytes]) -> Iterator[bytes]:
    """The rows of ``/dumps/works.csv`` for the works of the list."""
    return chain((heading().encode(),), lines)


def _statements(site: Site, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of Turtle, preceded by the prefixes."""
    declared = (f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(site.iris.base).items())
    return chain(("".join(declared).encode(),), blocks)


def _query(site: Site, choice: Choice, answer: Answer) -> Export:
    """A SPARQL query for the same list."""
    text = query_of_works(site, "selected", choice, answer)
    return Export("application/sparql-query; charset=utf-8", (text.encode(),))


def _feed(site: Site, choice: Choice, answer: Answer) -> Export:
    """The works of the list that are new or have changed last, as a feed (RFC 4287)."""
    numbers = site.works.order(latest_first(site, answer), replace(choice, sort=CHANGED), _IN_FEED)
    ids = site.works.ids(numbers)
    days = {number: day_of(site, id) for number, id in zip(numbers, ids, strict=True)}
    latest = sorted(numbers, key=days.__getitem__, reverse=True)
    updated = _midnight(max(days.values(), default=site.release.date))
    address = addresses(site.absolute(""))
    itself, page = address({}, "atom"), address({})
    chosen = words_for(site.works, choice)
    about = site.release.dataset
    title = f"{about.name}: works" + (f" · {chosen}" if chosen else f" on {about.subject}")
    feed = new_feed(itself, title, updated, itself, page, about)
    for number, work in zip(latest, site.works.numbered(latest), strict=True):
        entry = child(feed, "entry")
        child(entry, "id", site.iris.thing("publication", work.id))
        child(entry, "title", work.title)
        child(entry, "updated", _midnight(days[number]))
        child(entry, "link", href=site.absolute(f"publication/{work.id}"))
        child(entry, "summary", " · ".join(filter(None, (work.venue, str(work.year or "")))))
        for name in work.authors:
            child(child(entry, "author"), "name", name)
    return Export(ATOM.media_type, (written(feed),))


def _midnight(day: str) -> str:
    """The start of a day as a timestamp."""
    return f"{day}T00:00:00Z"


#: By the extension of the address.
FORMS = {
    "csv": _kept(CITATIONS["csv"], _table),
    "ris": _kept(CITATIONS["ris"]),
    "bib": _kept(CITATIONS["bib"]),
    "csl.json": _kept(CITATIONS["csl.json"], _citations, ",\n"),
    "ttl": _kept(RDF["ttl"], _statements),
    "jsonld": _kept(RDF["jsonld"], _nodes, ",\n"),
    "rq": Form("SPARQL query", _query),
    "atom": Form("Atom feed", _feed),
}
