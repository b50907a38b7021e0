"""VoID (https://www.w3.org/TR/void/): the dataset's description, with its addresses here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from ...graph.formats import HTML, RDF, Format
from ...graph.iris import expand, named_node
from ...graph.rdf.nodes import Properties, by_node, first
from ...graph.store.serialization import write_graph
from ..web.links import header
from ..web.negotiation import cached, choose
from ..web.site import Site
from ..web.words import curie
from .facts import signposts_back

#: The properties whose values are addresses: below the base IRI in the graph, of this site here.
_ADDRESSES = frozenset(
    map(expand, ("foaf:homepage", "schema:target", "void:dataDump", "void:sparqlEndpoint"))
)

#: The properties that link a dataset, or a partition, to its partitions.
_PARTITIONS = frozenset(
    named_node(name)
    for name in ("void:classPartition", "void:propertyPartition", "void-ext:datatypePartition")
)

#: What the page calls a node by: the first of these properties that it has.
_NAMES = tuple(
    map(expand, ("dcterms:title", "rdfs:comment", "void:class", "void:property", "sh:prefix"))
)


def blueprint(site: Site) -> Blueprint:
    """``/.well-known/void``."""
    surface = Blueprint("void", __name__)
    path = site.release.folder / "void.ttl"

    @surface.get("/.well-known/void")
    def void() -> Response:
        chosen = choose("This document", (*RDF.values(), HTML))
        response = cached("void", chosen, site, lambda: _write(path, chosen, site))
        if chosen is not HTML:
            response.headers["Link"] = header(signposts_back(site))
        return response

    return surface


def _write(path: Path, format: Format, site: Site) -> str | bytes:
    triples = list(_here(path, site))
    if format is HTML:
        nodes = by_node(_of_the_whole(triples))
        names = {node: _name(properties) for node, properties in nodes.items()}
        return render_template("void.html", nodes=nodes, names=names)
    if format is not RDF["ttl"]:
        triples.sort(key=str)
    return write_graph(triples, format.name, site.release.base_iri)


def _name(properties: Properties) -> str:
    return next((curie(name) for each in _NAMES if (name := first(properties, each))), "")


def _here(path: Path, site: Site) -> Iterator[ox.Triple]:
    base = site.release.base_iri
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        value = quad.object
        if quad.predicate.value in _ADDRESSES and value.value.startswith(base):
            value = ox.NamedNode(site.url(value.value))
        yield ox.Triple(quad.subject, quad.predicate, value)


def _of_the_whole(triples: Sequence[ox.Triple]) -> Iterator[ox.Triple]:
    """Leave out the partitions of partitions: a release has a thousand, meant for programs."""
    links = [triple for triple in triples if triple.predicate in _PARTITIONS]
    parts = {triple.object for triple in links}
    inner = {triple.object for triple in links if triple.subject in parts}
    return (t for t in triples if t.subject not in inner and t.object not in inner)
