"""How answers are written: the engine's formats by our short names, and graphs in any of them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from typing import IO

import pyoxigraph as ox

from ...ontology import BASE_IRI, PREFIXES, context
from ..jsonld import Context
from ..jsonld import write as write_jsonld

__all__ = ["RESULT_FORMATS", "SORTED_TRIPLES", "graph_context", "write_graph", "write_graph_to"]

#: The engine's names of the formats of ``formats.RESULTS``, by short name.
RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
#: A graph of no more triples than this is written sorted. A larger one would take more memory
#: than a query may use, and is written as its triples come.
SORTED_TRIPLES = 250_000


def write_graph(triples: Iterable[ox.Triple], format: str, base_iri: str) -> bytes:
    """A graph in one of the formats of ``formats.RDF``, by its short name, as bytes."""
    file = io.BytesIO()
    write_graph_to(file, triples, format, base_iri)
    return file.getvalue()


def write_graph_to(
    file: IO[bytes], triples: Iterable[ox.Triple], format: str, base_iri: str
) -> None:
    """Write a graph in one of the formats of ``formats.RDF``, by its short name.

    In JSON-LD a subject is one node object as long as its triples come together.
    """
    if format == "jsonld":
        for text in write_jsonld(triples, graph_context(base_iri)):
            file.write(text.encode())
        return
    prefixes = {name: iri.replace(BASE_IRI, base_iri) for name, iri in PREFIXES.items()}
    ox.serialize(triples, file, _RDF[format], prefixes=prefixes)


@cache
def graph_context(base_iri: str) -> Context:
    """The JSON-LD context that graphs are written with; read from a file the first time."""
    return Context.of(context(base_iri))
