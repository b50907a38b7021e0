"""Excerpts: files that describe one thing of a larger graph, as the site serves them.

What such a file points to is described elsewhere; that it is not in the file is no fault of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from ..iris import RDF_TYPE, named_node
from ..model import Problem

_TOPIC = named_node("foaf:primaryTopic")
_DATASET = named_node("void:inDataset")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a file describes."""

    #: The things that it says it is about; empty for a whole graph.
    topics: frozenset[str]
    #: The nodes that have a class in it.
    described: frozenset[str]
    base_iri: str

    @classmethod
    def of(cls, store: Store, base_iri: str) -> Excerpt:
        """What is described in a file: its documents say what they are about."""
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
        """The problems of what is described here; of an excerpt, a last one says that it is one."""
        if not self.topics:
            yield from problems
            return
        yield from filter(self._is_here, problems)
        yield Problem(
            "info",
            "This describes one thing of a larger graph; what it only points to was not checked.",
            "Check the dump of the whole graph, where that matters.",
        )

    def _is_here(self, problem: Problem) -> bool:
        """Whether all that the problem is about stands in the file."""
        is_elsewhere = (
            problem.value.startswith(self.base_iri) and problem.value not in self.described
        )
        return problem.record.partition("#")[0] in self.topics and not is_elsewhere
