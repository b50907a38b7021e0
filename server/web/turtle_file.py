"""The Turtle files of a release in another format."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ...graph.formats import RDF, Format
from ...graph.store.serialization import write_graph


def rewritten(path: Path, format: Format, base_iri: str) -> bytes:
    """The file in a format."""
    body = path.read_bytes()
    if format is not RDF["ttl"]:
        quads = ox.parse(body, ox.RdfFormat.TURTLE)
        body = write_graph(sorted((q.triple for q in quads), key=str), format.name, base_iri)
    return body
