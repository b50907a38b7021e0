"""Partitions: how often the release uses a property, as it says of itself (VoID)."""

from __future__ import annotations

import pyoxigraph as ox

from ...graph.iris import expand
from ..web.site import Site


def uses(site: Site, name: str) -> int:
    """How many statements of the release have a property, by its prefixed name."""
    property = expand(name, site.release.base_iri)
    of_dataset: set[str] = set()
    of_property: set[str] = set()
    triples: dict[str, int] = {}
    for quad in ox.parse(path=site.release.folder / "void.ttl", format=ox.RdfFormat.TURTLE):
        if not isinstance(quad.subject, ox.NamedNode) or isinstance(quad.object, ox.Triple):
            continue
        part, value = quad.subject.value, quad.object.value
        if quad.predicate.value == expand("void:propertyPartition") and part == site.dataset:
            of_dataset.add(value)
        elif quad.predicate.value == expand("void:property") and value == property:
            of_property.add(part)
        elif quad.predicate.value == expand("void:triples"):
            triples[part] = int(value)
    return sum(triples.get(part, 0) for part in of_dataset & of_property)
