"""A Turtle file of the release: its nodes, and the same triples in another format."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ...graph.formats import RDF, Format
from ...graph.store.serialization import write_graph

#: Property IRI -> its values, of one node.
Properties = dict[str, list[ox.NamedNode | ox.Literal]]


def nodes(path: Path) -> dict[str, Properties]:
    """What the file says of each node, by the node's IRI; nothing where there is no file."""
    by_node: dict[str, Properties] = {}
    if not path.exists():
        return by_node
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                values = by_node.setdefault(quad.subject.value, {})
                values.setdefault(quad.predicate.value, []).append(quad.object)
    return by_node


def rewritten(path: Path, format: Format, base_iri: str) -> bytes:
    """The file in a format."""
    body = path.read_bytes()
    if format is not RDF["ttl"]:
        quads = ox.parse(body, ox.RdfFormat.TURTLE)
        body = write_graph(sorted((q.triple for q in quads), key=str), format.name, base_iri)
    return body
