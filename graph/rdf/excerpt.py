"""Excerpts: files that describe one thing of a larger graph, as the site serves them.

Such a file points to things that are described elsewhere, which is not an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from ...ontology import prefixes
from ..iris import RDF_TYPE, named_node
from ..model import Problem

_TOPIC = named_node("foaf:primaryTopic")
_DATASET = named_node("void:inDataset")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The contents of a file that may be an excerpt."""

    #: The things that it declares as its topics; empty for a whole graph.
    topics: frozenset[str]
    #: The nodes that have a class in the file.
    described: frozenset[str]
    base_iri: str

    @classmethod
    def of(cls, store: Store, base_iri: str) -> Excerpt:
        """Read the topics from a file's documents (foaf:primaryTopic)."""
        documents = {quad.subject for quad in store.quads_for_pattern(None, _DATASET, None)}
        topics = {
            quad.object.value
            for quad in store.quads_for_pattern(None, _TOPIC, None)
            if quad.subject in documents and isinstance(quad.object, NamedNode)
        }
        typed = (quad.subject for quad in store.quads_for_pattern(None, RDF_TYPE, None))
        described = frozenset(node.value for node in typed if isinstance(node, NamedNode))
        return cls(frozenset(topics), described, base_iri)

    def checked(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems of things described here; for an excerpt, add a note that it is one."""
        if not self.topics:
            yield from problems
            return
        yield from filter(self._is_here, problems)
        yield Problem(
            "info",
            "This file describes one thing of a larger graph; what it points to was not checked.",
            "To check everything, validate a dump of the whole graph.",
        )

    def _is_here(self, problem: Problem) -> bool:
        """Whether the file describes everything that the problem is about."""
        is_ours = problem.value.startswith(self.base_iri)
        is_term = problem.value.startswith(prefixes(self.base_iri)["oo"])
        is_elsewhere = is_ours and not is_term and problem.value not in self.described
        return problem.record.partition("#")[0] in self.topics and not is_elsewhere
