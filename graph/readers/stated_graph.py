"""A graph in our terms seen from its nodes: what is stated of each, what is inferred left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from ...ontology import PREFIXES

__all__ = ["PUBLICATION", "StatedGraph"]

#: The end of the IRI of the class of publications, after the base.
PUBLICATION = "ontology#Publication"


class StatedGraph:
    """A store of one release's triples, with or without its named graphs."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self.base = base
        self._prefixes = {**PREFIXES, "oo": f"{base}ontology#"}
        self._inferred = ox.NamedNode(f"{base}graph/inferred")

    def node(self, curie: str) -> ox.NamedNode:
        prefix, _, local = curie.partition(":")
        return ox.NamedNode(self._prefixes[prefix] + local)

    def works(self) -> Iterator[ox.NamedNode]:
        """The publications, sorted by IRI."""
        query = f"SELECT DISTINCT ?w WHERE {{ ?w a <{self.base}{PUBLICATION}> }} ORDER BY STR(?w)"
        found = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            if isinstance(work := row["w"], ox.NamedNode):
                yield work

    def objects(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode | ox.Literal]:
        """The distinct values of a property that are not inferred, sorted."""
        quads = self._store.quads_for_pattern(subject, self.node(curie), None)
        found = {
            quad.object
            for quad in quads
            if quad.graph_name != self._inferred
            and isinstance(quad.object, ox.NamedNode | ox.Literal)
        }
        return sorted(found, key=str)

    def nodes(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        return [o for o in self.objects(subject, curie) if isinstance(o, ox.NamedNode)]

    def texts(self, subject: ox.NamedNode, curie: str) -> list[str]:
        return [o.value for o in self.objects(subject, curie) if isinstance(o, ox.Literal)]

    def text(self, subject: ox.NamedNode, curie: str) -> str:
        """The one value of a literal property; "" where there is none."""
        return next(iter(self.texts(subject, curie)), "")

    def number(self, subject: ox.NamedNode, curie: str) -> int:
        """The one whole number of a property; 0 where there is none."""
        text = self.text(subject, curie)
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else 0

    def in_order(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        """The nodes of a property by their oo:position."""
        parts = self.nodes(subject, curie)
        return sorted(parts, key=lambda part: (self.number(part, "oo:position"), part.value))

    def label(self, concept: ox.NamedNode) -> str:
        """The preferred label in English, or the one there is; without one, the IRI's end."""
        labels = [o for o in self.objects(concept, "skos:prefLabel") if isinstance(o, ox.Literal)]
        labels.sort(key=lambda label: label.language not in (None, "en"))
        return labels[0].value if labels else concept.value.rpartition("/")[2]

    def inferences(self, work: ox.NamedNode) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, self.node("rdf:subject"), work)
        return sorted({q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}, key=str)

    def statements(self, work: ox.NamedNode) -> str:
        """All that is said of a node, as N-Triples."""
        quads = self._store.quads_for_pattern(work, None, None)
        return "\n".join(sorted({f"{quad.triple} ." for quad in quads}))
