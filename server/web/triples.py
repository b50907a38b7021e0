"""Triples: what a page says of itself and of the service, its properties as prefixed names."""

from __future__ import annotations

import pyoxigraph as ox

from ...graph.iris import named_node


def triple(subject: str, name: str, value: str | int | ox.Literal) -> ox.Triple:
    """A statement; a text is the IRI of its value, a number a literal.

    >>> str(triple("urn:x:a", "void:triples", 3).predicate)
    '<http://rdfs.org/ns/void#triples>'
    """
    if isinstance(value, int):
        value = ox.Literal(value)
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Triple(ox.NamedNode(subject), named_node(name), term)
