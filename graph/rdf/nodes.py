"""Nodes: group statements by node and property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

#: The values of one node, by property IRI.
Properties = dict[str, list[ox.NamedNode | ox.Literal]]


def nodes(path: Path) -> dict[str, Properties]:
    """The nodes in a Turtle file; empty if the file does not exist."""
    return by_node(ox.parse(path=path, format=ox.RdfFormat.TURTLE)) if path.exists() else {}


def by_node(statements: Iterable[ox.Triple | ox.Quad]) -> dict[str, Properties]:
    """The properties of each node in statements, by the node's IRI, in their order."""
    properties: dict[str, Properties] = {}
    for each in statements:
        node, value = each.subject, each.object
        if isinstance(node, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            values = properties.setdefault(node.value, {})
            values.setdefault(each.predicate.value, []).append(value)
    return properties


def first(said: Properties, property: str) -> str:
    """The first value of a property; "" if there is none."""
    values = said.get(property)
    return values[0].value if values else ""


def own_values(said: Properties, name: str) -> Iterator[str]:
    """The values of a property of our ontology or shapes, whatever the base IRI."""
    for property, values in said.items():
        if property.endswith(f"/{name}"):
            yield from (value.value for value in values)
