"""The documents about a thing: its page, RDF, citations for reference managers, its links."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Response, abort, render_template

from ...graph.formats import CITATIONS, HTML, LINKSET, RDF, Format
from ...graph.readers.graph_record import record_of
from ...graph.store.serialization import write_graph
from ...graph.writers import WRITERS
from ...ontology import LICENCE, PREFIXES
from ..web.classes import CLASSES
from ..web.negotiation import FORMATS
from ..web.site import Site, text
from . import signposts
from .citation import tags
from .description import describe
from .inbound import Inbound, inbound
from .schema_org import described, embedded
from .signposts import Address, Link

__all__ = [
    "document",
    "formats_of",
]


#: Short name of a format -> the writer of it.
_WRITERS = {
    "bib": WRITERS["bibtex"].write,
    "ris": WRITERS["ris"].write,
    "csl.json": WRITERS["csl"].write,
}
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
#: Link relation -> the property Hydra has for it (https://www.hydra-cg.com/spec/latest/core/).
_HYDRA = {
    name: ox.NamedNode(PREFIXES["hydra"] + local)
    for name, local in {
        "first": "first",
        "prev": "previous",
        "next": "next",
        "last": "last",
    }.items()
}


def formats_of(kind: str) -> dict[str, Format]:
    """What a thing of a class can be had in, by ending; the default first."""
    return {
        **FORMATS,
        **(CITATIONS if kind == "publication" else {}),
        LINKSET.name: LINKSET,
    }


def document(site: Site, kind: str, this: ox.NamedNode, format: Format, page: int) -> Response:
    """A document about a thing that is there; 404 where it has no such page."""
    address = Address(site, this.value, tuple(formats_of(kind).values()))
    if format is HTML:
        return _page(address, kind, this, page)
    if format.name in RDF:
        return _rdf(address, kind, this, format, page)
    if page > 1:
        abort(404)
    links = signposts.of_document(address)
    if format is LINKSET:
        body, media_type = _linkset(address, kind, this), LINKSET.media_type
    else:
        body, media_type = _cited(site, this, format), f"{format.media_type}; charset=utf-8"
    return _with_links(Response(body, content_type=media_type), links)


def _pointing(site: Site, kind: str, this: ox.NamedNode, page: int) -> Inbound:
    """A page of what points at a thing; at a set of links, the links."""
    found = inbound(site, this, page, of_parts=kind == "linkset")
    if page > found.pages:
        abort(404)
    return found


def _page(address: Address, kind: str, this: ox.NamedNode, page: int) -> Response:
    site = address.site
    description = describe(site, this)
    pointing = _pointing(site, kind, this, page)
    neighbours = _neighbours(address, pointing, HTML)
    links = signposts.fitting([*neighbours, *signposts.of_page(address, kind, description)])
    is_work = kind == "publication"
    body = render_template(
        "publication.html" if is_work else "thing.html",
        kind=CLASSES.get(kind),
        this=description,
        inbound=pointing,
        everything=site.query("inbound-all", this=str(this)),
        formats=[each for each in address.formats if each not in (HTML, LINKSET)],
        path=site.href(this.value),
        links=links,
        tags=tags(description, address.document(HTML)) if is_work else [],
        data=embedded(described(kind, description, site.release.base_iri)),
    )
    return _with_links(Response(body, content_type=HTML.content_type), links)


def _rdf(address: Address, kind: str, this: ox.NamedNode, format: Format, page: int) -> Response:
    site = address.site
    query = site.query("graph" if kind == "graph" else "describe", this=str(this))
    triples = set(_constructed(site, query))
    pointing = _pointing(site, kind, this, page)
    links = _neighbours(address, pointing, format)
    if kind == "linkset" and pointing.rows:
        listed = " ".join(str(row["thing"]) for row in pointing.rows)
        triples.update(_constructed(site, site.query("links", links=listed)))
    triples.update(_inbound_triples(this, pointing))
    triples.update(_document_triples(address, this, format, page, links))
    body = write_graph(sorted(triples, key=str), format.name, site.release.base_iri)
    response = Response(body, content_type=format.content_type)
    return _with_links(response, [*links, *signposts.of_document(address)])


def _constructed(site: Site, query: str) -> Iterator[ox.Triple]:
    answer = site.store.query(query, RDF["nt"].media_type)
    return (quad.triple for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES))


def _inbound_triples(this: ox.NamedNode, pointing: Inbound) -> Iterator[ox.Triple]:
    for row in pointing.rows:
        thing = ox.NamedNode(text(row, "thing"))
        yield ox.Triple(thing, ox.NamedNode(text(row, "property")), this)
        if "naming" in row:
            yield ox.Triple(thing, ox.NamedNode(text(row, "naming")), row["label"])


def _document_triples(
    address: Address, this: ox.NamedNode, format: Format, page: int, links: list[Link]
) -> Iterator[ox.Triple]:
    """What the document says of itself: its subject, its licence, its dataset, its neighbours."""
    itself = ox.NamedNode(address.document(format, page))
    dataset = ox.NamedNode(address.site.dataset)
    yield ox.Triple(itself, _TYPE, _node("foaf:Document"))
    yield ox.Triple(itself, _node("foaf:primaryTopic"), this)
    yield ox.Triple(itself, _node("dcterms:license"), ox.NamedNode(LICENCE))
    yield ox.Triple(itself, _node("void:inDataset"), dataset)
    if links:
        yield ox.Triple(itself, _TYPE, _node("hydra:PartialCollectionView"))
    for link in links:
        yield ox.Triple(itself, _HYDRA[link.rel], ox.NamedNode(link.href))


def _neighbours(address: Address, pointing: Inbound, format: Format) -> list[Link]:
    """The other pages of a document."""
    return [
        Link(relation, address.document(format, number), format.media_type)
        for relation, number in pointing.relations.items()
    ]


def _cited(site: Site, this: ox.NamedNode, format: Format) -> str:
    triples = _constructed(site, site.query("record", this=str(this)))
    record = record_of(triples, this.value, site.release.base_iri)
    return "".join(_WRITERS[format.name]([record]))


def _linkset(address: Address, kind: str, this: ox.NamedNode) -> str:
    """All links of the thing, of its page, and of the documents for programs."""
    others = [each for each in address.formats if each not in (HTML, LINKSET)]
    links = signposts.of_document(address)
    return signposts.linkset(
        {
            address.site.absolute(address.path): signposts.of_thing(address),
            address.document(HTML): signposts.of_page(address, kind, describe(address.site, this)),
            **{address.document(each): links for each in others},
        }
    )


def _with_links(response: Response, links: list[Link]) -> Response:
    response.headers["Link"] = signposts.header(links)
    return response


def _node(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
