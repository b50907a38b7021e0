"""A builder for the statements of one named graph, with properties given as CURIEs."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from ...ontology import BASE_IRI, prefixes
from ..iris import IRIs


class GraphBuilder:
    """Collects statements for one named graph."""

    def __init__(self, iris: IRIs, graph: str) -> None:
        self._base = iris.base
        self._graph = ox.NamedNode(iris.graph(graph))
        self.quads: list[ox.Quad] = []

    def node(self, curie: str) -> ox.NamedNode:
        """The IRI of a CURIE with one of our prefixes."""
        return _node(curie, self._base)

    def __call__(
        self, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal
    ) -> None:
        self.quads.append(ox.Quad(subject, _node(predicate, self._base), value, self._graph))

    def add(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal
    ) -> None:
        """Add a statement whose property is already an IRI."""
        self.quads.append(ox.Quad(subject, predicate, value, self._graph))

    def reify(
        self,
        node: ox.NamedNode,
        kind: str,
        subject: ox.NamedNode,
        predicate: ox.NamedNode,
        value: ox.NamedNode | ox.Literal,
    ) -> None:
        """Make ``node``, of the class ``kind``, refer to a statement (rdf:subject and so on)."""
        self(node, "rdf:type", self.node(kind))
        self(node, "rdf:subject", subject)
        self(node, "rdf:predicate", predicate)
        self(node, "rdf:object", value)


@lru_cache(1024)
def _node(curie: str, base: str) -> ox.NamedNode:
    return ox.NamedNode(prefixes(base).expand(curie))


def typed(value: int | str, datatype: str) -> ox.Literal:
    """A literal of an XML Schema datatype, given by its local name."""
    return ox.Literal(str(value), datatype=_node(f"xsd:{datatype}", BASE_IRI))
