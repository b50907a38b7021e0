"""The documents about a thing: its page, RDF, citations and linkset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Response, abort, current_app, redirect, render_template

from ...graph.formats import CITATIONS, HTML, LINKSET, RDF, Format
from ...graph.index.profile import profile_of
from ...graph.index.related import related
from ...graph.index.works import Choice
from ...graph.iris import GRAPHS, expand
from ...graph.model import Record
from ...graph.release.changes import modified_on
from ...graph.store.problems import ProblemDetails, QueryError
from ...graph.store.serialization import write_graph
from ...graph.writers import WRITERS
from ..web import openurl
from ..web.bars import bars_of
from ..web.classes import CLASSES
from ..web.hits import hits
from ..web.links import Link, fitting, header
from ..web.negotiation import FORMATS
from ..web.parameters import BY_FACET, Parameter, parameter_of
from ..web.site import Site, text
from ..web.triples import triple
from . import signposts
from .citation import UNTYPED, tags
from .description import Description, describe
from .downloads import Downloads
from .full_text import search_address
from .inbound import Inbound, Pointing
from .profile import (
    LEVELS,
    NESTED,
    WITHIN,
    facts,
    instruments,
    known_of,
    links_out,
    namesakes,
    only_inferred,
    other_names,
    same_persons,
)
from .reference import references
from .report_address import report_address
from .schema_org import described, embedded
from .set_of_links import first_links, links_of
from .signposts import Address

#: Works shown on the page of what they are about; the list of works has them all.
_WORKS = 10
#: Related works shown on the page of a work.
_RELATED = 5
#: Media type -> the writer of records.
_WRITERS = {writer.media_type: writer.write for writer in WRITERS.values()}
#: Link relation -> the local name of Hydra's property for it (https://www.hydra-cg.com/spec/latest/core/).
_HYDRA = {"first": "first", "prev": "previous", "next": "next", "last": "last"}


def formats_of(kind: str) -> dict[str, Format]:
    """The formats of a thing of a class, by extension; the default first."""
    return {
        **FORMATS,
        **(CITATIONS if kind == "publication" else {}),
        LINKSET.name: LINKSET,
    }


def cite(record: Record, format: Format) -> Response:
    """A record in a citation format, as ``oograph export`` writes it."""
    body = "".join(_WRITERS[format.media_type]([record]))
    return Response(body, content_type=f"{format.media_type}; charset=utf-8")


def existing(
    site: Site, kind: str, ways: list[ox.NamedNode], format: Format | None
) -> ox.NamedNode:
    """The first of these IRIs that exists; 404 if none does.

    A merged work redirects (301) to its survivor, in the same format; a withdrawn work is 410.
    """
    name = "graph-exists" if kind == "graph" else "exists"
    rows = site.select(name, these=" ".join(map(str, ways)))
    for iri in ways:
        for row in rows:
            if row["this"] == iri:
                if kind == "publication" and "gone" in row:
                    _moved(site, text(row, "survivor"), text(row, "reason"), format)
                return iri
    abort(404)


def _moved(site: Site, survivor: str, reason: str, format: Format | None) -> NoReturn:
    if not survivor:
        raise QueryError(ProblemDetails(410, "Gone", f"This work was withdrawn. {reason}".strip()))
    path = Address(site, survivor, ()).path + (f".{format.name}" if format else "")
    abort(redirect(site.absolute(path), 301))


def document(site: Site, kind: str, this: ox.NamedNode, format: Format, page: int) -> Response:
    """A document about a thing; 404 if the thing or page does not exist, 301 or 410 if it is gone.

    Citations come from the records of the release, everything else from one query to the store.
    """
    address = Address(site, this.value, tuple(formats_of(kind).values()))
    if page > 1 and (format is LINKSET or format.name in CITATIONS):
        abort(404)
    links = signposts.of_document(address, format)
    if format.name in CITATIONS:
        record = _record(site, kind, this)
        if record is None:
            existing(site, kind, [this], format)
            abort(404)
        response = cite(record, format)
        file_name = f"{record.id}.{format.name}"
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return _with_links(response, links)
    parameter = parameter_of(kind) if format is HTML and page == 1 else None
    of_parts = kind == "linkset"
    # a profile takes its works from the index
    pointing = None if parameter else Pointing.at(site, this, page, of_parts)
    description = describe(site, this, pointing)
    node = description.this
    if not node.properties and kind != "graph":
        abort(404)
    if kind == "publication" and node.is_a("oo:Tombstone"):
        survivor = next(iter(node.iris("dcterms:isReplacedBy")), "")
        _moved(site, survivor, node.first("oo:reason"), format)
    if page > description.inbound.pages:
        abort(404)
    if parameter:
        with site.turns.turn():
            return _profile(address, kind, description, parameter)
    if format is HTML:
        return _page(address, kind, description)
    if format is LINKSET:
        body = _linkset(address, kind, description)
        return _with_links(Response(body, content_type=format.media_type), links)
    return _rdf(address, kind, description, format)


def _record(site: Site, kind: str, this: ox.NamedNode) -> Record | None:
    """The record of a work; None for anything else and for a work that is gone."""
    id = site.iris.path(this.value).removeprefix("publication/")
    return site.records.of(id) if kind == "publication" else None


def _page(address: Address, kind: str, description: Description) -> Response:
    site, this, inbound = address.site, description.this.iri, description.inbound
    record = _record(site, kind, ox.NamedNode(this))
    neighbours = _neighbours(address, inbound, HTML)
    links = fitting([*neighbours, *signposts.of_page(address, kind, description)])
    of_record: dict[str, object] = {}
    if record:
        language = site.works.language(record.id)
        of_record = {
            "references": list(references(record, language)),
            "related": related(site.works, record.id, _RELATED),
            "language": language,
            "original_language": description.this.first("schema:inLanguage"),
            "coins": openurl.of_record(record, this),
            "search": search_address(record),
            "report": report_address(current_app.config["CONTACT"], record, this),
        }
    set_links = links_of(site, inbound.rows) if kind == "linkset" else []
    without_iris = kind == "linkset" and not set_links
    body = render_template(
        "publication.html" if kind == "publication" else "thing.html",
        inbound=inbound,
        set_links=set_links,
        first_links=first_links(site, this) if without_iris else [],
        **of_record,
        downloads=Downloads.of(site, kind, description),
        statements=site.works.graph_sizes.get(this),
        holds=_holds(this) if kind == "graph" else "",
        everything=_whole_graph(ox.NamedNode(this))
        if kind == "graph"
        else site.query("inbound-all", this=f"<{this}>"),
        tags=tags(record, this, address.document(HTML)) if record else [],
        unapi=record is not None and record.type not in UNTYPED,
        **_shown(address, kind, description, links),
    )
    return _with_links(Response(body, content_type=HTML.content_type), links)


def _profile(
    address: Address, kind: str, description: Description, parameter: Parameter
) -> Response:
    """The profile of a thing that works are about, by or in."""
    site, this = address.site, description.this
    value = parameter.value(site.iris.path(this.iri))
    profile = profile_of(site.works, parameter.facet, value)
    links = fitting(signposts.of_page(address, kind, description))
    entries = hits(site.works, profile.answer, Choice(), 0, _WORKS) if profile else []
    listed = (each.work for each in entries)
    body = render_template(
        "profile.html",
        instruments=instruments(site.works, profile) if profile else {},
        same=same_persons(site, this, profile),
        profile=profile,
        size=site.works.size,
        known=known_of(site.works, parameter.facet),
        parameter=parameter,
        by_facet=BY_FACET,
        value=value,
        years=bars_of(profile.years, site.years) if profile else None,
        entries=entries,
        inferred=only_inferred(site.works, profile, listed) if profile else {},
        names=other_names(this, profile.entry.names if profile else ()),
        facts=facts(this),
        links_out=links_out(this),
        grouped=LEVELS,
        nested=NESTED,
        within=WITHIN,
        namesakes=namesakes(site.works, profile.companions if profile else ()),
        **_shown(address, kind, description, links),
    )
    return _with_links(Response(body, content_type=HTML.content_type), links)


def _shown(
    address: Address, kind: str, description: Description, links: list[Link]
) -> dict[str, object]:
    """What every page of a thing shows."""
    site = address.site
    return {
        "kind": CLASSES.get(kind),
        "this": description,
        "formats": [format for format in address.formats if format not in (HTML, LINKSET)],
        "path": site.href(description.this.iri),
        "links": links,
        "modified": modified_on(site.release, description.this.iri),
        "data": embedded(described(kind, description, site.release.dataset.licence)),
    }


def _rdf(address: Address, kind: str, description: Description, format: Format) -> Response:
    site, inbound = address.site, description.inbound
    this = ox.NamedNode(description.this.iri)
    if kind == "graph":
        triples = set(_graph_triples(site, this))
    else:
        triples = set(description.triples)
    links = _neighbours(address, inbound, format)
    linking = expand("oo:linkset", site.iris.base)
    rows = (row for row in inbound.rows if text(row, "property") == linking)
    if kind == "linkset" and (listed := " ".join(str(row["thing"]) for row in rows)):
        triples.update(_constructed(site, site.query("links", links=listed)))
    triples.update(_inbound_triples(this, inbound))
    triples.update(_document_triples(address, this, inbound))
    body = write_graph(sorted(triples, key=str), format.name, site.iris.base)
    response = Response(body, content_type=format.content_type)
    return _with_links(response, [*links, *signposts.of_document(address, format)])


def _whole_graph(this: ox.NamedNode) -> str:
    """A query for all statements of a named graph."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {this} {{ ?s ?p ?o }} }}"


def _holds(graph: str) -> str:
    """What a named graph holds."""
    return GRAPHS[graph.rpartition("/")[2]]


def _graph_triples(site: Site, this: ox.NamedNode) -> Iterator[ox.Triple]:
    """Describe a named graph: its type, its content, and where to get its statements."""
    if statements := site.works.graph_sizes.get(this.value):
        yield triple(this.value, "rdf:type", expand("sd:Graph"))
        yield triple(
            this.value, "dcterms:description", ox.Literal(_holds(this.value), language="en")
        )
        yield triple(this.value, "void:triples", statements)
        asked = site.absolute(f"sparql?{urlencode({'query': _whole_graph(this)})}")
        yield triple(this.value, "void:dataDump", asked)


def _constructed(site: Site, query: str) -> Iterator[ox.Triple]:
    answer = site.ask(query, RDF["nt"].media_type)
    return (quad.triple for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES))


def _inbound_triples(this: ox.NamedNode, inbound: Inbound) -> Iterator[ox.Triple]:
    for row in inbound.rows:
        thing = ox.NamedNode(text(row, "thing"))
        yield ox.Triple(thing, ox.NamedNode(text(row, "property")), this)
        if "naming" in row:
            yield ox.Triple(thing, ox.NamedNode(text(row, "naming")), row["label"])


def _document_triples(
    address: Address, this: ox.NamedNode, inbound: Inbound
) -> Iterator[ox.Triple]:
    """Metadata of the page and of each format: subject, licence, dataset, neighbouring pages.

    Every document describes all of them, so that all formats hold the same triples.
    """
    for format in address.formats:
        if format is not HTML and format.name not in RDF:
            continue
        document = address.document(format, inbound.page)
        yield triple(document, "rdf:type", expand("foaf:Document"))
        yield triple(document, "foaf:primaryTopic", this.value)
        yield triple(document, "dcterms:license", address.site.release.dataset.licence.iri)
        yield triple(document, "void:inDataset", address.site.iris.dataset())
        for link in _neighbours(address, inbound, format):
            yield triple(document, "rdf:type", expand("hydra:PartialCollectionView"))
            yield triple(document, f"hydra:{_HYDRA[link.rel]}", link.href)


def _neighbours(address: Address, inbound: Inbound, format: Format) -> list[Link]:
    """Links to the other pages of a document."""
    return [
        Link(relation, address.document(format, number), format.media_type)
        for relation, number in inbound.relations.items()
    ]


def _linkset(address: Address, kind: str, description: Description) -> str:
    """All links of the thing, of its page and of its machine-readable documents."""
    others = [format for format in address.formats if format not in (HTML, LINKSET)]
    return signposts.linkset(
        {
            address.site.absolute(address.path): signposts.of_redirect(address),
            address.document(HTML): signposts.of_page(address, kind, description),
            **{
                address.document(format): signposts.of_document(address, format)
                for format in others
            },
        }
    )


def _with_links(response: Response, links: list[Link]) -> Response:
    response.headers["Link"] = header(links)
    return response
