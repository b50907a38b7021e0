"""Gathers the statements of one named graph, its properties given as CURIEs."""

from __future__ import annotations

import pyoxigraph as ox

from ...ontology import PREFIXES, prefixes
from ..iris import IRIs

__all__ = [
    "GraphBuilder",
    "typed",
]


_XSD = PREFIXES["xsd"]


class GraphBuilder:
    """Collects statements for one named graph."""

    def __init__(self, iris: IRIs, graph: str) -> None:
        self._prefixes = prefixes(iris.base)
        self._graph = ox.NamedNode(iris.graph(graph))
        self.quads: list[ox.Quad] = []

    def node(self, curie: str) -> ox.NamedNode:
        """The IRI of a CURIE with one of our prefixes."""
        return ox.NamedNode(self._prefixes.expand(curie))

    def __call__(
        self, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal
    ) -> None:
        self.add(subject, self.node(predicate), value)

    def add(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal
    ) -> None:
        """The same for a property that is an IRI already."""
        self.quads.append(ox.Quad(subject, predicate, value, self._graph))

    def reify(
        self,
        node: ox.NamedNode,
        kind: str,
        subject: ox.NamedNode,
        predicate: ox.NamedNode,
        value: ox.NamedNode,
    ) -> None:
        """``node``, of the class ``kind``, as the evidence of a statement made elsewhere."""
        self(node, "rdf:type", self.node(kind))
        self(node, "rdf:subject", subject)
        self(node, "rdf:predicate", predicate)
        self(node, "rdf:object", value)


def typed(value: int | str, datatype: str) -> ox.Literal:
    """A literal of a datatype of XML Schema, by its local name."""
    return ox.Literal(str(value), datatype=ox.NamedNode(_XSD + datatype))
