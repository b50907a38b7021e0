"""Lineage: versions of works, and tombstones of works that were removed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

import pyoxigraph as ox

from ..iris import IRIs
from ..model import Lineage, Problem, Tombstone
from ..resolution.survivor import survivor
from .graph_builder import GraphBuilder, typed


def lineage_quads(
    works: Iterable[Lineage], alive: Container[str], tombstones: Iterable[Tombstone], iris: IRIs
) -> Iterator[ox.Quad]:
    """Versions (graph stated, in both directions) and tombstones (graph provenance).

    ``works`` includes at least the versions of other works; ``alive`` is the ids of all works.
    A version or replacement that is not among these is left out.
    """
    graves = _graves(alive, tombstones)
    stated, provenance = GraphBuilder(iris, "stated"), GraphBuilder(iris, "provenance")

    def node(work: str) -> ox.NamedNode:
        return ox.NamedNode(iris.thing("publication", work))

    for work in works:
        survivors = {survivor(other, graves) for other in work.version_of} - {work.id}
        for later in (each for each in survivors if each in alive):
            stated(node(work.id), "dcterms:isVersionOf", node(later))
            stated(node(later), "dcterms:hasVersion", node(work.id))
    for grave in graves.values():
        provenance(node(grave.id), "rdf:type", provenance.node("oo:Tombstone"))
        provenance(node(grave.id), "owl:deprecated", typed("true", "boolean"))
        if (heir := survivor(grave.id, graves)) in alive:
            provenance(node(grave.id), "dcterms:isReplacedBy", node(heir))
        if grave.reason:
            provenance(node(grave.id), "oo:reason", ox.Literal(grave.reason))
        if grave.date:
            provenance(node(grave.id), "dcterms:date", typed(grave.date[:10], "date"))
    yield from stated.quads
    yield from provenance.quads


def lineage_problems(
    works: Iterable[Lineage], alive: Container[str], tombstones: Iterable[Tombstone]
) -> tuple[Problem, ...]:
    """Problems of works that are versions of missing works (see lineage_quads)."""
    graves = _graves(alive, tombstones)
    return tuple(
        Problem(
            "warning",
            f'The work is given as a version of "{other}", which does not exist.',
            "Correct the id in version_of, or remove it.",
            record=work.id,
            property="version_of",
            value=other,
        )
        for work in works
        for other in work.version_of
        if survivor(other, graves) not in alive
    )


def _graves(alive: Container[str], tombstones: Iterable[Tombstone]) -> Mapping[str, Tombstone]:
    return {grave.id: grave for grave in tombstones if grave.id not in alive}
