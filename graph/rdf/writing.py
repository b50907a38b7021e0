"""Writing a graph in any RDF format, with our prefixes and our JSON-LD context."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import IO

import pyoxigraph as ox

from ...ontology import context, prefixes
from ..formats import RDF
from .jsonld import Context, write


def write_graph(
    file: IO[bytes],
    statements: Iterable[ox.Triple] | Iterable[ox.Quad],
    format: str,
    base_iri: str,
) -> None:
    """Write statements in a format given by its short name in ``formats.RDF``.

    In JSON-LD, a subject is a single node object if its statements are consecutive. Raises an
    OSError without a number if RDF/XML cannot represent a property.
    """
    if format == "jsonld":
        for text in write(statements, graph_context(base_iri)):
            file.write(text.encode())
    else:
        ox.serialize(statements, file, RDF[format].rdf, prefixes=prefixes(base_iri))


@cache
def graph_context(base_iri: str) -> Context:
    """The JSON-LD context for writing graphs, read from a file the first time."""
    return Context.of(context(base_iri))
