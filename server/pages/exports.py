"""Exports: the works of a choice in every format that a list can be taken along in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from flask import Response

from ...graph.formats import RDF
from ...graph.model import FACETS
from ...graph.release.works import Answer, Choice, Works
from ...graph.release.works_index import NOT_STATED
from ...graph.store.answers import Answer as Export
from ...graph.writers import WRITERS
from ..web.atom import ATOM, child, new_feed, written
from ..web.choices import addresses, refuse
from ..web.large_answers import LargeAnswers
from ..web.responses import deliver
from ..web.site import Site

__all__ = ["EXPORTED", "FORMS", "exported", "is_named", "selection"]

#: The most works of one exported list, and of one whose graph is asked of the store.
EXPORTED, _GRAPHED = 10_000, 500
#: The facets of what is named and no concept -> the property, and how the values' IRIs begin.
_NAMED = {
    # a series has the works of its editions, a person those of the likely same
    "venue": ("dcterms:isPartOf/dcterms:isPartOf?", "venue/"),
    "author": ("dcterms:creator/oo:probablySameAs?", ""),
    "organization": ("oo:organization|dcterms:publisher|dcterms:creator", "organization/"),
}


def exported(site: Site, choice: Choice, form: str, outgoing: LargeAnswers) -> Response:
    """The list as a file; 413 where it is too long for one."""
    answer = site.works.find(choice)
    most = _GRAPHED if form in ("ttl", "jsonld") else EXPORTED
    if len(answer) > most and form != "atom":
        refuse(
            f"The list has {len(answer):,} works; as .{form} it may have {most:,}. "
            "Choose fewer, or take a dump.",
            413,
        )
    response = deliver(FORMS[form](site, site.works, choice, answer), outgoing)
    response.headers["Content-Disposition"] = f'attachment; filename="works.{form}"'
    return response


def _written(name: str) -> Callable[..., Export]:
    """The list as one of the formats that records are written in."""

    def write(site: Site, works: Works, choice: Choice, answer: Answer) -> Export:
        writer = WRITERS[name]
        texts = writer.write(site.records.each(works.ids(answer, choice, EXPORTED)))
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
        "PREFIX bibo: <http://purl.org/ontology/bibo/>",
        "PREFIX dcterms: <http://purl.org/dc/terms/>",
        "PREFIX schema: <https://schema.org/>",
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
        "SELECT DISTINCT ?work ?title ?year WHERE {",
        "  ?work a oo:Publication ; dcterms:title ?title .",
        "  OPTIONAL { ?work oo:year ?year }",
        *selection(site, works, choice, answer),
        "}",
        "ORDER BY DESC(?year) ?title",
        "",
    ]
    text = "\n".join(lines).encode()
    return Export("application/sparql-query; charset=utf-8", (text,))


def selection(site: Site, works: Works, choice: Choice, answer: Answer) -> list[str]:
    """The lines of a SPARQL query that choose among works; years are those in its ?year."""
    if is_named(choice):
        ids = works.ids(answer, choice, EXPORTED)
        iris = "\n    ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        return [f"  VALUES ?work {{\n    {iris}\n  }}"]
    return list(_patterns(site, choice))


def is_named(choice: Choice) -> bool:
    """Whether a query names the works one by one: what they are chosen by has no short form."""
    return bool(
        choice.words
        or choice.evidence
        or "kind" in choice.facets
        or any(NOT_STATED in values for values in choice.facets.values())
    )


def _patterns(site: Site, choice: Choice) -> Iterator[str]:
    predicates = {field.name: (field.predicate, field.scheme) for field in FACETS}
    base = site.release.base_iri
    for facet, values in choice.facets.items():
        for value in values:
            if facet == "doi":
                yield "  ?work bibo:doi ?doi ."
            elif facet == "language":
                yield f'  ?work schema:inLanguage "{value}" .'
            elif facet in _NAMED:
                predicate, kind = _NAMED[facet]
                # a value that is not ours stands whole in the address
                start = base + kind
                yield f"  ?work {predicate} <{value if ':' in value else start + value}> ."
            else:
                predicate, scheme = predicates[facet]
                kind = scheme.kind if scheme else ""
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
    address = addresses(site.absolute(""))
    itself, page = address({}, "atom"), address({})
    feed = new_feed(
        itself, "Works" + (f" on {choice.words}" if choice.words else ""), updated, itself, page
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
FORMS: dict[str, Callable[..., Export]] = {
    "csv": _written("csv"),
    "ris": _written("ris"),
    "bib": _written("bibtex"),
    "csl.json": _written("csl"),
    "ttl": _graph("ttl"),
    "jsonld": _graph("jsonld"),
    "rq": _query,
    "atom": _feed,
}
