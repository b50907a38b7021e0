"""Make triples, with properties given as prefixed names."""

from __future__ import annotations

import pyoxigraph as ox

from ...graph.iris import named_node


def triple(subject: str, name: str, value: str | int | ox.Literal) -> ox.Triple:
    """A triple; a string value is taken as an IRI, an integer as a literal.

    >>> str(triple("urn:x:a", "void:triples", 3).predicate)
    '<http://rdfs.org/ns/void#triples>'
    """
    if isinstance(value, int):
        value = ox.Literal(value)
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Triple(ox.NamedNode(subject), named_node(name), term)
